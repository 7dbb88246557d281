"""A foreign key to what nothing makes is left out by itself: its table is read."""

from __future__ import annotations

import pytest

from planroom.ddl import Catalog, apply, read_postgres
from planroom.model import Model
from planroom.sqltext import parse_postgres

OWNED = """CREATE TABLE profiles (
    id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    name text
);
CREATE TABLE posts (id int PRIMARY KEY, author uuid REFERENCES profiles);
CREATE INDEX ON posts (author);"""


def read(ddl: str) -> Model:
    return read_postgres([("s.sql", ddl)])


def followed(ddl: str) -> Catalog:
    """Fold a script as a linter does, each statement for good."""
    catalog = Catalog()
    for statement in parse_postgres(ddl, "s.sql"):
        apply(catalog, statement, last=True)
    return catalog


def test_the_table_is_read_and_its_foreign_key_is_not() -> None:
    model = read(OWNED)
    (unread,) = model.unread

    assert [table.name for table in model.tables] == ["posts", "profiles"]
    assert model.tables_by_id["public.posts"].foreign_keys[0].referenced_table == "public.profiles"
    assert model.tables_by_id["public.profiles"].foreign_keys == ()
    assert (unread.kind, unread.what) == ("broken", "FOREIGN KEY (id) of public.profiles")
    assert unread.reason == "there is no table auth.users, nor a schema auth"
    assert unread.text == "FOREIGN KEY (id) REFERENCES auth.users (id)"
    assert str(unread.location) == "s.sql:2:25"
    assert unread.subject == "public.profiles.id"


def test_a_linter_that_follows_the_statements_reads_as_much() -> None:
    catalog = followed(OWNED)

    assert catalog.model().tables == read(OWNED).tables
    assert catalog.unread == list(read(OWNED).unread)
    apply(catalog, parse_postgres("CREATE TABLE audits (id int REFERENCES auth.users)")[0], last=True)
    assert catalog.appeared == {("public", "audits")}


def test_other_actions_of_the_same_statement_are_folded() -> None:
    model = read("CREATE TABLE t (id int); ALTER TABLE t ADD COLUMN u uuid REFERENCES auth.users, ADD COLUMN v int;")

    assert [column.name for column in model.tables[0].columns] == ["id", "u", "v"]
    assert [each.what for each in model.unread] == ["FOREIGN KEY (u) of public.t"]


def test_what_is_made_later_is_no_gap() -> None:
    model = read(
        "CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b, u uuid REFERENCES auth.users);"
        "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);"
    )

    assert [(table.name, key.columns) for table in model.tables for key in table.foreign_keys] == [
        ("a", ("b",)), ("b", ("a",)),
    ]  # fmt: skip
    assert [each.subject for each in model.unread] == ["public.a.u"]


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        ("REFERENCES p (code)", "public.p has no column 'code'"),
        ("REFERENCES keyless", "public.keyless has no primary key that a foreign key could refer to"),
        ("REFERENCES keyless (id)", "no key of public.keyless is made of id"),
    ],
)
def test_a_key_that_is_missing_is_left_out_likewise(clause: str, reason: str) -> None:
    tables = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE keyless (id int);"
    model = read(f"{tables} CREATE TABLE t (a int {clause});")

    assert [table.name for table in model.tables] == ["keyless", "p", "t"]
    assert [(each.subject, each.reason) for each in model.unread] == [("public.t.a", reason)]


def test_a_foreign_key_of_several_columns_is_about_its_table() -> None:
    (unread,) = read("CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES auth.x (a, b));").unread

    assert (unread.subject, unread.text) == ("public.t", "FOREIGN KEY (a, b) REFERENCES auth.x (a, b)")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE t (a int, FOREIGN KEY (nothing) REFERENCES p)",
        "CREATE TABLE t (a int, a int, FOREIGN KEY (a) REFERENCES auth.users)",
        "CREATE TABLE t (LIKE nothing, a int REFERENCES auth.users)",
    ],
)
def test_what_is_wrong_besides_still_costs_the_statement(statement: str) -> None:
    model = read(f"CREATE TABLE p (id int PRIMARY KEY); {statement};")

    assert [table.name for table in model.tables] == ["p"]
    assert [(each.what, each.subject) for each in model.unread] == [("CREATE TABLE", "")]
