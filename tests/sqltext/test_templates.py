"""Scripts that a tool completes are read with what it could put in, every character in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.sqltext import is_template, parse_postgres, parse_queries
from planroom.sqltext.templates import filled, fillings, names_put_in, names_to_fill, without_macros

READ = {
    "create table ${schema}.t (id int)": 'create table "schema" .t (id int)',
    'create table {{ index .Options "S" }}.t (id int)': """create table "index .Options 'S'" .t (id int)""",
    'create index on "{{ index .Options "S" }}".t (id)': """create index on "index .Options 'S'" .t (id)""",
    "create table :S.t (id int default :first)": "create table S .t (id int default $1 )",
    'alter table :"S".t add column x int': 'alter table "S" .t add column x int',
    "create table @S@.t (id int)": 'create table "S".t (id int)',
    "create table tbl_${suffix}_x (id int)": 'create table "tbl_suffix_x" (id int)',
    "insert into {table} values (%s, %(n)s)": 'insert into "table" values ($1, $1 )',
    "select * from {{ ref('t') }} x where x.id = {{ id }}": 'select * from "t" x where x.id = $1',
    "select * from {{ source('a', 'b') }}": 'select * from "a"."b"',
    "select * from t where a[1:2] = b and c = ? and d ? 'k'": "select * from t where a[1:2] = b and c = 1 and d ? 'k'",
    "select * from t order by %order% offset $5": "select * from t order by $1 offset $5",
    "{% if a %}\nselect :a::int {% endif %}": "select $1::int",
    "select * from %s": "select * from s",
}


@pytest.mark.parametrize("text", READ)
def test_a_template_is_read_with_what_could_stand_there(text: str) -> None:
    (statement,) = parse_postgres(text, templates=True)

    assert statement.problem == ""
    assert " ".join(statement.text.split()) == READ[text]
    assert len(next(fillings(text))) == len(text)
    assert is_template(text)


@pytest.mark.parametrize(
    "text",
    ["select '{{x}}', format('%s', x), $$ :a ${b} $$ from t", "select a[1:n], b::int, c ? 'k', d @> e, f %b% g from t",
     "select \"${a}\" from t -- {{ why }}\n/* :a */"],
)  # fmt: skip
def test_what_the_server_takes_stays_as_it_is(text: str) -> None:
    (statement,) = parse_postgres(text, templates=True)

    assert statement.text == text
    assert not is_template(text)


@pytest.mark.parametrize("text", ["selec {{ x }}", "create table ${s}.t (id int,,)", "with x as (%query%) select 1"])
def test_what_is_broken_with_it_too_is_broken_as_it_is_written(text: str) -> None:
    (statement,) = parse_postgres(text, templates=True)

    assert (statement.kind, statement.text) == ("broken", text)


@pytest.mark.parametrize("value", ["%s", "%(id)s", ":id", "?", "${id}", "{{ id }}", ":'id'", "#{id}", "{id}"])
def test_a_value_is_a_parameter_of_a_query_in_any_form(value: str) -> None:
    (statement,) = parse_queries(f"select n from t where id = {value} and n > 1")

    assert statement.query is not None
    where = statement.query.scopes[0].where
    assert where is not None
    assert [each.kind for each in where.args[0].args] == ["column", "parameter"]
    assert statement.written(where.args[1]) == "n > 1"


def test_macros_of_sqlc_are_what_they_stand_for() -> None:
    text = "select sqlc.embed(c), sqlc.narg(anything)::text from c where id = any(sqlc.slice('ids')) and n = @n"
    (statement,) = parse_queries(text)

    assert statement.query is not None
    scope = statement.query.scopes[0]
    assert [(each.node.kind, each.node.qualifier) for each in scope.projections] == [("star", ("c",)), ("cast", ())]
    assert without_macros("select sqlc.arg(\n  a\n)") == "select $1       \n   \n "


def test_who_may_run_what_is_read_gets_nothing_that_was_not_written() -> None:
    (statement,) = parse_postgres("drop table ${schema}.t")

    assert (statement.kind, statement.text) == ("broken", "drop table ${schema}.t")


def test_names_are_told_and_those_of_dbt_are_meant() -> None:
    text = "select * from {{ ref('orders') }}, ${schema}.t join {{ t }} on true where id = :id and n = %s"

    assert names_to_fill(text) == ("{{ ref('orders') }}", "${schema}", "{{ t }}")
    assert names_put_in(text) == {"schema", "t"}


@pytest.mark.parametrize("part", ["a", "{", "{{ a ", "x${", "{% ", "/* ", "$a$ ", ":a ", "%a ", "@", "? ", "'", '"a" '])
def test_a_million_characters_are_read_in_one_pass(part: str) -> None:
    text = part * (1_000_000 // len(part))

    assert len(filled(text)) == len(text)
    assert len(names_to_fill(text)) < 10


@given(
    st.lists(st.sampled_from(["{{", "}}", "${", "}", "'", '"', "$$", ":", "a", " ", "\n", "%s", "?", "--", ".", "@"]))
)
def test_every_line_and_place_stays(parts: list[str]) -> None:
    text = "".join(parts)

    for each in fillings(text):
        assert len(each) == len(text)
