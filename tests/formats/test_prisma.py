"""Prisma schemas are read as the tables that Prisma's migrations make.

The scripts beside the schemas in ``prisma/`` are what Prisma's own schema engine (8.1) writes of them for an empty
PostgreSQL database: ``prisma migrate diff --from-empty --to-schema-datamodel``.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planroom as pr
from planroom.errors import SyntaxProblem
from planroom.formats import Document
from planroom.formats._prisma.naming import constraint_name
from planroom.formats._prisma.tokens import tokens
from planroom.formats.postgres import PostgresFormat
from planroom.formats.prisma import PrismaFormat
from planroom.model import Model

SCHEMAS = sorted((Path(__file__).parent / "prisma").glob("*.prisma"))
POSTGRES = 'datasource db {\n  provider = "postgresql"\n}\n'


def read(*texts: str) -> Model:
    return PrismaFormat().read([Document(f"{number}.prisma", text) for number, text in enumerate(texts, 1)])


def without_comments(model: Model) -> Model:
    """The model without the comments, which Prisma's migrations leave out."""
    tables = tuple(
        replace(table, comment="", columns=tuple(replace(column, comment="") for column in table.columns))
        for table in model.tables
    )
    return replace(model, tables=tables, enums=tuple(replace(enum, comment="") for enum in model.enums))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_is_the_database_that_prisma_makes_of_it(path):
    made = PostgresFormat().read([Document("made.sql", path.with_suffix(".sql").read_text())])

    model = read(path.read_text())

    assert without_comments(model) == made
    assert {each.kind for each in model.unread} <= {"session"}
    assert not made.unread


def test_comments_stand_above_or_beside_what_they_are_about():
    model = read(
        "/// People who\n/// buy\nmodel User {\n  /// the key\n  id Int @id\n  name String /// as they say\n"
        "  // not this\n  x Int?\n}\n/// Moods\nenum Mood {\n  /// fine\n  GOOD\n}"
    )

    (table,) = model.tables
    assert table.comment == "People who\nbuy"
    assert [column.comment for column in table.columns] == ["the key", "as they say", ""]
    assert model.enums[0].comment == "Moods"
    assert str(table.columns[1].origin) == "1.prisma:6:3"


@pytest.mark.parametrize(
    ("relation", "on_delete", "on_update"),
    [
        ("a A @relation(fields: [x], references: [id])", "restrict", "cascade"),
        ("a A? @relation(fields: [x], references: [id])", "set null", "cascade"),
        ("a A @relation(fields: [x], references: [id], onDelete: Cascade, onUpdate: NoAction)", "cascade", "no action"),
    ],
)
def test_a_relation_has_prismas_own_default_actions(relation, on_delete, on_update):
    model = read(
        f"{POSTGRES}model A {{\n  id Int @id\n  b B[]\n}}\nmodel B {{\n  id Int @id\n  x Int?\n  {relation}\n}}"
    )

    (key,) = model.table("B").foreign_keys
    assert (key.name, key.on_delete, key.on_update) == ("B_x_fkey", on_delete, on_update)


def test_where_prisma_emulates_foreign_keys_the_database_does_not_enforce_them():
    model = read(
        'datasource db {\n  provider = "mysql"\n  relationMode = "prisma"\n}\n'
        "model A {\n  id Int @id\n  b B[]\n}\nmodel B {\n  id Int @id @default(autoincrement())\n  aId Int\n"
        "  a A @relation(fields: [aId], references: [id])\n}"
    )

    assert model.dialect == "mysql"
    assert [(key.enforced, key.validated) for key in model.table("B").foreign_keys] == [(False, False)]
    assert model.table("B").columns[0].identity


def test_two_lists_make_a_table_with_a_key_in_postgresql_and_a_unique_index_elsewhere():
    blocks = "model B {\n  id String @id\n  a A[]\n}\nmodel A {\n  id Int @id\n  b B[]\n}"

    (postgres,) = [table for table in read(POSTGRES + blocks).tables if table.name == "_AToB"]
    (sqlite,) = [
        table for table in read('datasource db {\n provider = "sqlite"\n}\n' + blocks).tables if table.name == "_AToB"
    ]

    assert [str(column.type) for column in postgres.columns] == ["integer", "text"]
    assert postgres.primary_key
    assert postgres.primary_key.name == "_AToB_AB_pkey"
    assert [index.name for index in postgres.indexes] == ["_AToB_B_index"]
    assert [(index.name, index.unique) for index in sqlite.indexes] == [
        ("_AToB_AB_unique", True), ("_AToB_B_index", False),
    ]  # fmt: skip


def test_views_composite_types_and_generators_are_kept_apart():
    model = read(
        'datasource db {\n  provider = "mongodb"\n}\ngenerator client {\n  provider = "x"\n}\n'
        'type Photo {\n  url String\n}\nmodel A {\n  id String @id @map("_id") @db.ObjectId\n  photo Photo\n}\n'
        "view V {\n  id Int\n}"
    )

    assert [(each.kind, each.what, each.location.line) for each in model.unread] == [
        ("session", "generator", 4), ("structure", "type", 7), ("structure", "view", 14),
    ]  # fmt: skip
    assert [(column.name, str(column.type)) for column in model.tables[0].columns] == [("_id", "objectid")]


def test_an_unknown_provider_is_a_finding_with_the_nearest():
    (finding,) = read('datasource db {\n  provider = "postgre"\n}\nmodel A {\n  id Int @id\n}').findings

    assert finding.fix.text == "did you mean 'postgres'?"


def test_a_password_in_the_datasource_stays_there():
    model = read('datasource db {\n  provider = "postgresql"\n  url = "postgresql://me:hunter2@h/d"\n}\nmodel A {}\nx')

    assert "hunter2" not in repr((model, model.unread, model.findings))


def test_a_folder_of_schemas_is_read_as_one(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "schema.prisma").write_text(POSTGRES)
    (tmp_path / "models" / "a.prisma").write_text("model A {\n  id Int @id\n  b B[]\n}\n")
    (tmp_path / "models" / "b.prisma").write_text(
        "model B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n}\n"
    )

    model = pr.read(tmp_path)

    assert [relation.parent for relation in model.relations] == ['public."A"']
    assert model.name == tmp_path.name


def test_long_names_are_cut_before_their_suffix():
    assert constraint_name("postgresql", "é" * 40, ["column"], "fkey") == "é" * 29 + "_fkey"
    assert constraint_name("mysql", "t" * 70, [], "key") == "t" * 60 + "_key"


# -- what is broken ----------------------------------------------------------------------------------------------------

_BROKEN = {
    "modle A {\n  id Int @id\n}": "1:1: modle: a block begins with one of model, view, type, enum, datasource,",
    "model A {\n  id\n}": "2:3: model: the field 'id' has no type: write a type after its name",
    "model A {\n  id Int @id x\n}": "2:14: model: the field 'id' ends with its line, and 'x' follows: begin a new line",
    "model A {\n  id Int\n  id Int\n}": "3:3: model: A has a field 'id' already: remove one of them",
    "model A {\n  id Itn @id\n}": "2:3: field id: there is no type 'Itn': did you mean 'Int'?",
    "model A {\n  id Int @id\n  @@index([ids])\n}": "3:3: @index: A has no field 'ids' with a column: did you mean",
    "model A {\n  id Int @default(\n}": "3:1: model: a value is expected, not '}'",
    'model A {\n  id String @default("open)\n}': "2:22: model: '\"open)' begins and never ends: close it",
    "model A {\n  id Int @id": "4:1: model: the model A is not closed where 'model' begins: close it with } before",
    "enum E {\n}": "1:1: enum: an enum needs a value: write its values, one a line",
    "enum E {\n  a\n  a\n}": "3:3: enum: the value 'a' stands twice: remove one of them",
    "model Before {\n  id Int @id\n}": "1:1: Before: a block is called 'Before' already: rename one of them",
    "model A {\n  id Int @id\n  b After @relation(fields: [c], references: [id])\n}":
        "3:3: relation b: A has no field 'c' with a column",
    "model A {\n  id Int @id\n  b After @relation(fields: [id], references: [idd])\n}":
        "3:3: relation b: After has no field 'idd' with a column: did you mean 'id'?",
}  # fmt: skip


@pytest.mark.parametrize("text", _BROKEN)
def test_what_is_broken_costs_itself_alone_and_says_where_why_and_what_to_do(text):
    model = read(f"model Before {{\n  id Int @id\n}}\n{text}\n\nmodel After {{\n  id Int @id\n}}\n")

    line, column, expected = _BROKEN[text].split(":", 2)
    (found,) = [f"{each.location}: {each.what}: {each.reason}" for each in model.unread if each.kind == "broken"]
    assert found.startswith(f"1.prisma:{int(line) + 3}:{column}:{expected}")
    assert {"Before", "After"} <= {table.name for table in model.tables}


def test_a_text_of_which_nothing_can_be_read_is_refused():
    with pytest.raises(SyntaxProblem) as caught:
        read("CREATE TABLE t (id int);")

    assert caught.value.where == "1.prisma:1:1"


@pytest.mark.parametrize(
    "text",
    [
        "a " * 200_000,
        "model A {\n" + "".join(f"  f{number} Int @default(1)\n" for number in range(20_000)) + "}",
        "model A {\n id Int @default(" + "[" * 200_000,
        "model A {\n id Int @default(" + "f(" * 100_000,
        "{" * 200_000,
        '"' * 200_000,
        "/*" * 200_000,
        "///" * 100_000,
        "model A {\n" * 20_000,
        "".join(f"model M{number} {{\n id X{number}\n}}\n" for number in range(4_000)),
    ],
    ids=lambda text: text[:20].strip(),
)
def test_no_text_takes_more_than_linear_time(text):
    begin = time.process_time()

    with contextlib.suppress(SyntaxProblem):
        read(text)

    assert time.process_time() - begin < 20, "minutes, if it were quadratic"


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from('{}[]():,.@?"\\/ \n\tab1=') | st.characters(), max_size=60))
def test_no_text_is_too_strange_and_its_words_cover_it(text):
    for head in ("", "model A {\n", "model A {\n id Int @x(", "enum E {\n"):
        with contextlib.suppress(SyntaxProblem):
            read(head + text)
    place = 0
    for token in tokens(text):
        assert token.place >= place
        place = token.end
        if token.kind == "end":
            break
    assert place == len(text)
