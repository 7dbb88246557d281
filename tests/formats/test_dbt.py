"""dbt's YAML: what it says becomes a model, and a model is written so that dbt and planroom read it back."""

from __future__ import annotations

import contextlib
import textwrap
import time
from dataclasses import replace

import jinja2
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planroom as pr
from planroom.ddl.naming import choose
from planroom.errors import SourceError, SyntaxProblem
from planroom.formats import FORMATS, Document
from planroom.formats._dbt.emitting import emitted
from planroom.formats._dbt.jinja import escaped, reference, unescaped
from planroom.formats._postgres.clauses import literal
from planroom.model import (
    Annotations,
    Check,
    Column,
    Enum,
    ForeignKey,
    Model,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    quote_identifier,
)
from planroom.sqltext import DataType, parse_expression
from tests.strategies import hostile_texts, models

unhurried = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
DBT = FORMATS["dbt"]


def read(*texts: str) -> Model:
    return DBT.read([Document(f"{n}.yml", textwrap.dedent(text)) for n, text in enumerate(texts)])


def reasons(model: Model) -> list[str]:
    return [each.reason for each in model.unread]


# -- there and back ----------------------------------------------------------------------------------------------------


def held(model: Model) -> Model:
    """The model without what `DbtFormat.loses` names."""
    enums = {(each.schema, each.name): each for each in model.enums}
    written = [*(each for each in model.tables if not each.partition_of), *model.views]
    names = {each.id for each in written}
    tables = tuple(sorted((_held(each, enums, names) for each in written), key=lambda each: each.id))
    return Model(schemas=tuple(Schema(name=each) for each in sorted({each.schema for each in tables})), tables=tables)


def _held(each, enums: dict[tuple[str, str], Enum], names: set[str]) -> Table:
    columns = tuple(
        Column(own.name, own.type, nullable=own.nullable, comment=own.comment, annotations=own.annotations)
        for own in each.columns
    )
    bare = Table(
        schema=each.schema, name=each.name, columns=columns, comment=each.comment, annotations=each.annotations
    )
    if not isinstance(each, Table):
        return bare
    keys = [key for key in each.foreign_keys if key.referenced_table in names]
    enforced = [ForeignKey(**_reference(key), name=key.name) for key in keys if key.enforced]
    checks = [Check(name=own.name, expression=own.expression) for own in each.checks if own.enforced]
    primary = each.primary_key and PrimaryKey(name=each.primary_key.name, columns=each.primary_key.columns)
    unique = tuple(Unique(name=key.name, columns=key.columns) for key in each.unique_constraints)
    taken = {own.name for own in (*enforced, *checks, *unique, *([primary] if primary else []))}
    for column in columns:
        labels = enums.get((column.type.schema, column.type.name))
        if labels and not column.type.array:
            checks.append(_labels_as_check(each.name, column, labels, taken))
        for key in keys:
            if not key.enforced and key.columns == (column.name,):
                name = choose(each.name, column.name, "fkey", taken.__contains__)
                taken.add(name)
                enforced.append(ForeignKey(**_reference(key), name=name, enforced=False, validated=False))
    return replace(
        bare,
        primary_key=primary,
        unique_constraints=unique,
        foreign_keys=tuple(sorted(enforced, key=lambda key: key.name)),
        checks=tuple(sorted(checks, key=lambda key: key.name)),
    )


def _reference(key: ForeignKey) -> dict[str, object]:
    return {
        "columns": key.columns,
        "referenced_table": key.referenced_table,
        "referenced_columns": key.referenced_columns,
    }


def _labels_as_check(table: str, column: Column, enum: Enum, taken: set[str]) -> Check:
    name = choose(table, column.name, "check", taken.__contains__)
    taken.add(name)
    listed = ", ".join("'" + each.replace("'", "''") + "'" for each in enum.labels)
    expression = parse_expression(f"{quote_identifier(column.name)} IN ({listed})")
    return Check(name=name, expression=expression, enforced=False, validated=False)


@unhurried
@given(models())
def test_a_model_comes_back_but_for_what_the_format_says_it_loses(model):
    text = DBT.write(model)
    if not held(model).tables:
        return
    again = DBT.read([Document("schema.yml", text)])

    assert again == held(model)
    assert [each for each in again.unread if each.kind in {"broken", "structure"}] == []


@unhurried
@given(models())
def test_what_was_read_is_written_and_read_alike(model):
    if not held(model).tables:
        return
    once = DBT.read([Document("schema.yml", DBT.write(model))])

    assert DBT.read([Document("schema.yml", DBT.write(once))]) == once


@unhurried
@given(models())
def test_every_yaml_parser_takes_the_text_for_what_was_meant(model):
    text = DBT.write(model)
    loaded = yaml.safe_load(text)["models"]
    columns = {tuple(unescaped(own["name"]) for own in each.get("columns", ())) for each in loaded}
    assert columns == {tuple(own.name for own in each.columns) for each in held(model).tables}


@given(st.recursive(hostile_texts(), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=4))
def test_any_text_comes_out_of_yaml_as_it_went_in(value):
    assert yaml.safe_load(emitted({"key": value})) == {"key": value}


TRAPS = (
    "no", "on", "true", "False", "y", "Yes", "null", "~", "1e3", "0o7", "1_000", "2026-01-01", "a: b", "a #b", "",
    "- x", "*x", "&x", "!x", "%x", "@x", "{a}", "[a]", "a\n b", " a", "a ", "a:", "\u2028",
)  # fmt: skip


@pytest.mark.parametrize("text", TRAPS)
def test_what_some_parser_could_take_for_something_else_is_quoted(text):
    line = emitted({"key": text}).rstrip("\n")

    assert line.startswith(('key: "', "key: |-\n"))
    assert yaml.safe_load(line) == {"key": text}


@given(hostile_texts() | st.text("{%#}-raw end", max_size=30))
def test_jinja_gives_a_text_back_as_it_was(text):
    template = jinja2.Environment(keep_trailing_newline=True, newline_sequence="\n").from_string(escaped(text))

    assert template.render().splitlines() == text.splitlines()
    assert unescaped(escaped(text)) == text


def test_the_shop_is_written_with_contracts_constraints_and_tests():
    shop = pr.read("schemas/shop.sql")
    found = yaml.safe_load(DBT.write(shop))["models"]
    orders = next(each for each in found if each["name"] == "orders")
    columns = {each["name"]: each for each in orders["columns"]}

    assert orders["config"]["schema"] == "ordering"
    assert orders["config"]["contract"] == {"enforced": True}
    assert orders["config"]["meta"]["owner"] == "team-checkout"
    assert all(each["data_type"] for each in orders["columns"])
    assert {"type": "foreign_key", "to": "ref('customers')", "to_columns": ["customer_id"]} in columns["customer_id"][
        "constraints"
    ]
    assert len(found) == sum(not table.partition_of for table in shop.tables) + len(shop.views)


def test_a_reference_that_would_close_a_cycle_is_written_as_sql():
    model = pr.read(
        "create table a (id int primary key, parent int references a, b int);"
        "create table b (id int primary key, a int references a);"
        "alter table a add foreign key (b) references b;"
    )
    text = DBT.write(model)

    assert text.count("to: ref(") == 1
    assert text.count("expression: public.") == 2
    assert DBT.read([Document("a.yml", text)]).relations == model.relations


def test_a_label_that_looks_like_jinja_or_a_call_is_only_a_label():
    labels = ("{{ x }}", "{% endraw %}", " ref('a')", "source('a', 'b')", "it's")
    listed = ", ".join(literal(each) for each in labels)
    model = pr.read(f"create type e as enum ({listed}); create table a (x e);")
    again = DBT.read([Document("a.yml", DBT.write(model))])

    assert [each.expression for each in again.table("a").checks] == [parse_expression(f"x in ({listed})")]
    assert again.unread == ()


def test_tables_of_one_name_in_two_schemas_get_names_that_differ_and_keep_their_own_as_alias():
    model = pr.read("create schema a; create schema b; create table a.t (id int); create table b.t (id int);")
    text = DBT.write(model)

    assert [line for line in text.splitlines() if "name: " in line][::2] == ["  - name: a__t", "  - name: b__t"]
    assert [table.id for table in DBT.read([Document("a.yml", text)]).tables] == ["a.t", "b.t"]


def test_what_has_no_form_in_dbt_is_told_for_this_very_model():
    model = pr.read("create table a (id int primary key, n int, m int, unique (n, m));"
                    "create table b (n int, m int, check (n > 0) not enforced,"
                    " foreign key (n, m) references a (n, m) not enforced);")  # fmt: skip

    assert [str(each).partition("left out: ")[2] for each in DBT.losses(model)] == [
        "it is not enforced, and a relationships test looks at one column",
        "it is not enforced, and lists no values that a data test could look for",
    ]


# -- what dbt says -----------------------------------------------------------------------------------------------------

SHOP = """
    version: 2
    groups:
      - {name: sales, owner: {name: Sales Team, email: sales@example.com}}
    models:
      - name: orders
        description: What was bought.
        config:
          contract: {enforced: true}
          schema: marts
          alias: fct_orders
          group: sales
          meta: {planroom: {context: ordering, rows: 2M}, ticket: A-1}
        constraints:
          - {type: primary_key, columns: [id]}
          - {type: check, name: positive, expression: "total > 0"}
        columns:
          - {name: id, data_type: bigint, constraints: [{type: not_null}]}
          - {name: total, data_type: "numeric(12, 2)", description: In cents.}
          - name: customer_id
            data_type: bigint
            constraints: [{type: foreign_key, to: ref('customers'), to_columns: [id]}]
          - name: status
            data_type: text
            data_tests:
              - accepted_values: {arguments: {values: [new, paid]}}
    seeds:
      - name: customers
        columns:
          - name: id
            tests: [unique, not_null]
"""


def test_a_contract_its_constraints_and_its_tests_become_a_table():
    orders = read(SHOP).table("marts.fct_orders")

    assert orders.primary_key == PrimaryKey(name="fct_orders_pkey", columns=("id",))
    assert orders.comment == "What was bought."
    assert orders.columns_by_name["total"] == Column("total", DataType("numeric", ("12", "2")), comment="In cents.")
    assert orders.annotations == Annotations(
        context="ordering", owner="Sales Team", rows=2_000_000, other=(("ticket", "A-1"),)
    )
    (reference,) = orders.foreign_keys
    assert (reference.enforced, reference.referenced_table) == (True, "public.customers")
    assert [(each.name, each.enforced) for each in orders.checks] == [
        ("fct_orders_status_check", False),
        ("positive", True),
    ]
    assert str(orders.origin) == "0.yml:6:5"


def test_a_column_that_is_tested_to_be_unique_and_not_null_is_the_primary_key_where_it_is_the_only_one():
    text = "models: [{name: a, columns: [{name: x, tests: [unique, not_null]}, {name: y, tests: [unique%s]}]}]"
    one, two = read(text % "").table("a"), read(text % ", not_null").table("a")

    assert one.primary_key == PrimaryKey(name="a_pkey", columns=("x",))
    assert [key.columns for key in one.unique_constraints] == [("y",)]
    assert two.primary_key is None
    assert [key.columns for key in two.unique_constraints] == [("x",), ("y",)]
    assert not any(column.nullable for column in two.columns)


@pytest.mark.parametrize(
    "test",
    [
        "relationships: {to: ref('b'), field: id}",
        "relationships: {arguments: {to: ref('b'), field: id}}",
        "relationships: {arguments: {to: \"ref('package', 'b')\", field: id}}",
        "dbt.relationships: {to: \"{{ ref('b') }}\", field: id, name: my_test}",
        "{test_name: relationships, name: my_test, arguments: {to: ref('b'), field: id}}",
        "relationships: {to: \"ref('b', v=1)\", field: id}",
    ],
)
def test_a_relationships_test_is_a_foreign_key_that_is_not_enforced_however_it_is_written(test):
    model = read(f"models: [{{name: a, columns: [{{name: b_id, data_tests: [{test}]}}]}}, "
                 "{name: b, versions: [{v: 1, config: {alias: b}}]}]")  # fmt: skip
    (key,) = model.table("a").foreign_keys

    assert key == ForeignKey(
        name="a_b_id_fkey", columns=("b_id",), referenced_table="public.b", referenced_columns=("id",),
        enforced=False, validated=False,
    )  # fmt: skip
    assert [column.name for column in model.table("b").columns] == ["id"]


def test_a_source_is_known_by_its_names_and_lives_under_its_schema_and_identifier():
    model = read("""
        sources:
          - name: shop
            schema: raw
            description: As delivered.
            tables: [{name: orders, identifier: tbl_orders, columns: [{name: id, tests: [unique]}]}]
        models:
          - name: a
            columns: [{name: o, tests: [{relationships: {to: "source('shop', 'orders')", field: id}}]}]
    """)

    assert model.schemas == (Schema(name="public"), Schema(name="raw", comment="As delivered."))
    assert model.table("a").foreign_keys[0].referenced_table == "raw.tbl_orders"


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("relationships: {to: ref('custmers'), field: id}", "is called 'custmers'; did you mean 'customers'?"),
        ("relationships: {to: \"source('shop', 'x')\", field: id}", "no source table is called 'shop.x'"),
        ("relationships: {to: \"ref('other_package', 'x')\", field: id}", "is not part of what was read"),
        ("relationships: {to: customers, field: id}", "neither ref() nor source()"),
        ("relationships: {to: ref('customers')}", "names no field"),
        ("not_null: {config: {where: a > 1}}", "does not hold for every row"),
        ("not_null: {where: a > 1}", "does not hold for every row"),
        ("unique: {config: {severity: warn}}", "only warns"),
        ("unique: {config: {enabled: false}}", "switched off"),
        ("dbt_utils.not_constant", "known to its own SQL alone"),
        ("dbt_utils.expression_is_true: {expression: '>'}", "cannot be read as PostgreSQL"),
        ("dbt_utils.expression_is_true: {expression: \"= {{ var('x') }}\"}", "Jinja is not run"),
    ],
)  # fmt: skip
def test_a_test_that_claims_nothing_is_kept_with_its_reason_and_place(test, reason):
    model = read("models:\n  - name: customers\n  - name: a\n    columns:\n      - name: x\n        tests:\n"
                 f"          - {test}\n")  # fmt: skip
    (unread,) = model.unread
    table = model.table("a")

    assert reason in unread.reason
    assert (unread.location.line, unread.location.column) == (7, 13)
    assert unread.text in test
    assert (table.foreign_keys, table.checks, table.keys) == ((), (), ())
    assert table.columns_by_name["x"].nullable


@pytest.mark.parametrize(
    ("constraint", "kind", "reason"),
    [
        ("{type: forein_key}", "broken", "did you mean 'foreign_key'?"),
        ("{type: custom, expression: x}", "structure", "the database's own"),
        ("{type: unique}", "broken", "it names no column"),
        ("{type: foreign_key, columns: [x], to: ref('b'), to_columns: [y, z]}", "broken", "1 columns refer to 2"),
        ("{type: foreign_key, columns: [x], expression: 'nowhere (id)'}", "structure", "no table is called 'nowhere'"),
        ("{type: foreign_key, columns: [x], expression: 'a (id); DROP TABLE a'}", "structure", "is not schema.table"),
    ],
)
def test_a_constraint_that_cannot_be_is_kept_with_its_reason(constraint, kind, reason):
    (unread,) = read(f"models: [{{name: a, constraints: [{constraint}]}}, {{name: b}}]").unread

    assert unread.kind == kind
    assert reason in unread.reason
    assert unread.text == constraint


@pytest.mark.parametrize(
    "expression",
    ["public.b (id)", "b(id)", "{{ target.schema }}.b (id)", "{{ ref('b') }} (id)", "b (id) on delete cascade"],
)
def test_a_foreign_key_may_be_written_as_sql(expression):
    model = read(f"models: [{{name: a, constraints: [{{type: foreign_key, columns: [x], "
                 f'expression: "{expression}"}}]}}, {{name: b}}]')  # fmt: skip

    assert model.table("a").foreign_keys[0].referenced_table == "public.b"
    assert not model.table("a").foreign_keys[0].enforced, "without a contract nobody enforces it"


def test_the_versions_of_a_model_are_tables_with_the_columns_that_they_keep():
    model = read("""
        models:
          - name: dim
            latest_version: 2
            columns: [{name: a, data_type: int}, {name: b, data_type: int}]
            versions:
              - v: 1
              - v: 2
                columns: [{include: all, exclude: [b]}, {name: c, data_type: text}]
                config: {alias: dim}
          - name: fact
            columns:
              - {name: d, tests: [{relationships: {to: ref('dim'), field: a}}]}
              - {name: e, tests: [{relationships: {to: "ref('dim', v=1)", field: a}}]}
    """)

    assert [column.name for column in model.table("dim").columns] == ["a", "c"]
    assert [column.name for column in model.table("dim_v1").columns] == ["a", "b"]
    assert [key.referenced_table for key in model.table("fact").foreign_keys] == ["public.dim", "public.dim_v1"]


def test_what_the_model_has_no_place_for_is_noted_once_each_with_its_place():
    model = read("""
        models:
          - name: a
            access: public
            config: {tags: [x], materialized: table}
            columns: [{name: b, policy_tags: [p]}]
        exposures: [{name: e}]
    """)

    assert [(each.kind, each.what, each.location.line) for each in model.unread] == [
        ("session", "access of model a", 4),
        ("session", "tags of model a", 5),
        ("query", "exposures", 7),
        ("session", "policy_tags of column public.a.b", 6),
    ]


def test_what_is_described_twice_is_kept_and_the_first_counts():
    model = read(
        "models: [{name: a, columns: [{name: x, description: first}, {name: x}]}, {name: a}, {description: no}]"
    )

    assert model.table("a").columns[0].comment == "first"
    assert reasons(model) == ["something else is described by that name", "it has no name", "it is described twice"]


def test_types_of_other_databases_and_missing_ones_are_findings_and_kept_as_written():
    model = read("models: [{name: a, columns: [{name: x}, {name: y, data_type: 'array<string>'}]}]")

    assert [each.code for each in model.findings] == ["DBT001", "DBT002"]
    assert str(model.table("a").columns[1].type) == '"array<string>"'


def test_merge_keys_and_aliases_mean_what_yaml_says():
    model = read("""
        anchors: {defaults: &d {description: from the anchor, data_type: int}}
        models:
          - name: a
            columns: &columns
              - {<<: *d, name: x}
              - {<<: [{data_type: text}, *d], name: y, description: own}
          - {name: b, columns: *columns}
    """)

    for table in model.tables:
        assert [(str(each.type), each.comment) for each in table.columns] == [
            ("integer", "from the anchor"),
            ("text", "own"),
        ]


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("models:\n  - name: [", "a.yml:3:1"),
        ("models:\n\t- name: a", "a.yml:2:1"),
        ("models: []\n---\nmodels: []", "a.yml:3:1"),
        ("models: *nothing", "a.yml:1:9"),
        ("models: \x00", "a.yml:1:9"),
        ("models: " + "[" * 100_000, "a.yml:1:108"),
        ("- " * 100_000, "a.yml:1:201"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(text, place):
    with pytest.raises(SyntaxProblem) as caught:
        DBT.read([Document("a.yml", text)])

    assert caught.value.where == place
    assert caught.value.why


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "3", "models:\n", "name: ci\njobs: {}\n", "models: []"])
def test_a_file_that_describes_no_table_says_what_would(text):
    with pytest.raises(SourceError, match="describes no dbt model"):
        DBT.read([Document("a.yml", text)])


BOMBS = {
    "aliases of aliases": "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
    ) + "models: [{name: m, tags: *u}]",
    "columns of columns": "c: &c [" + "{name: x, tests: [unique]}, " * 3000 + "]\nmodels: ["
    + ", ".join(f"{{name: m{n}, columns: *c}}" for n in range(3000)) + "]",
    "merges of merges": "a: &a0 {" + ", ".join(f"k{n}: 1" for n in range(300)) + "}\n" + "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 300)}]}}\n" for n in range(1, 300)
    ) + "models: [{<<: *a299, name: m}]",
    "itself": "models: &m [{name: a, columns: *m}, *m]",
    "a mapping that merges itself": "models: [&m {name: a, <<: *m}]",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_aliases_cannot_explode(name):
    started = time.process_time()
    with contextlib.suppress(SourceError):
        DBT.read([Document("bomb.yml", BOMBS[name])])

    assert time.process_time() - started < 10


def test_a_line_of_ten_megabytes_is_read():
    text = "models: [{name: a, description: " + "x" * 10_000_000 + "}]"

    assert len(DBT.read([Document("a.yml", text)]).tables[0].comment) == 10_000_000


def test_a_broken_file_of_several_costs_itself_alone():
    model = read("models: [{name: a}]", "models: [")

    assert [table.name for table in model.tables] == ["a"]
    assert [(each.kind, str(each.location)) for each in model.unread] == [("broken", "1.yml:2:1")]


# -- folders -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for name, text in {
        "dbt_project.yml": "name: jaffle\nconfig-version: 2\nmodels: {jaffle: {+materialized: view}}\n",
        "packages.yml": "packages: [{package: dbt-labs/dbt_utils}]\n",
        "models/marts/schema.yml": "models: [{name: orders}]\n",
        "models/marts/orders.sql": "select * from {{ ref('raw') }}\n",
        "seeds/raw.yaml": "seeds: [{name: raw}]\n",
        "dbt_packages/other/models/x.yml": "models: [{name: foreign}]\n",
        "target/x.yml": "models: [{name: compiled}]\n",
        "jaffle.notes.yml": "orders: {owner: me}\n",
    }.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "shop"


def test_the_folder_of_a_project_is_read_whole_but_for_what_is_not_its_own(folder):
    model = pr.read(folder)

    assert model.name == "jaffle"
    assert [table.name for table in model.tables] == ["orders", "raw"]
    assert {each.what.rpartition("/")[2] for each in model.unread} == {"models in dbt_project.yml", "packages.yml"}


def test_a_folder_of_yaml_models_is_read_whole_and_one_with_sql_as_scripts(folder):
    assert [table.name for table in pr.read(folder / "seeds").tables] == ["raw"]

    (folder / "seeds" / "a.sql").write_text("CREATE TABLE a (id int);")
    assert [table.name for table in pr.read(folder / "seeds").tables] == ["a"]
    assert [table.name for table in pr.read(folder / "seeds", format="dbt").tables] == ["raw"]


def test_a_folder_of_several_formats_asks_which_to_read(folder):
    (folder / "seeds" / "a.dbml").write_text(pr.write("create table a (id int)", "dbml"))

    with pytest.raises(SourceError, match="holds files of several formats"):
        pr.read(folder / "seeds")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ref('a')", ("a",)),
        ('{{ ref("p", "a") }}', ("a",)),
        ("source('s','t')", ("s", "t")),
        ("ref( 'a' , v=2 )", ("a",)),
    ],
)
def test_references_are_read(text, names):
    assert reference(text).names == names


@pytest.mark.parametrize(
    "text", ["a", "ref()", "ref('a'", "source('a')", "ref('a', 'b', 'c')", "ref('a') or ref('b')", ""]
)
def test_what_is_no_reference_is_none(text):
    assert reference(text) is None
