"""Queries in files: their names, their values, their placeholders, and which are one."""

from __future__ import annotations

import pytest

from planroom.sqltext.driver_placeholders import bound_values, engine_placeholders
from planroom.sqltext.identity import query_fingerprint
from planroom.sqltext.query_files import named_queries
from planroom.sqltext.statements import parse_postgres


@pytest.mark.parametrize(
    ("comment", "name"),
    [
        ("-- name: by_id", "by_id"),
        ("--name:by_id", "by_id"),
        ("-- name: by_id^", "by_id"),
        ("-- name: add-user<!", "add-user"),
        ("-- name: GetAuthor :one", "GetAuthor"),
        ("-- name: get(x, y)", "get"),
        ("/* name: by_id */", "by_id"),
        ("-- about it\n-- name: by_id\n-- more", "by_id"),
        ("-- nothing said", "q.sql:{line}"),
    ],
)
def test_a_comment_names_the_statement_after_it(comment: str, name: str) -> None:
    text = f"SELECT 0;\n{comment}\nSELECT 1"

    _, found = named_queries(text, "q.sql")

    assert found.name == name.format(line=comment.count("\n") + 3)
    assert found.text.endswith("SELECT 1")


def test_values_of_parameters_belong_to_the_next_statement_alone() -> None:
    text = "-- param: id = 42\n-- param: name = 'a -- b'\nSELECT :id, :name; SELECT :id"

    first, second = named_queries(text)

    assert (first.values, second.values) == ({"id": "42", "name": "'a -- b'"}, {})


def test_what_an_engine_makes_no_plan_of_is_told_from_queries() -> None:
    text = "SET x = 1; CREATE TABLE a (i int); SELECT 1; WITH a AS (SELECT 1) SELECT 2; (SELECT 1); selec;"
    text += "\n\\d\nDELETE FROM a"

    kinds = [(each.text.split()[0], each.is_query) for each in named_queries(text)]

    assert kinds == [
        ("SET", False), ("CREATE", False), ("SELECT", True), ("WITH", True), ("(SELECT", True), ("selec", True),
        ("DELETE", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "numbered", "names"),
    [
        ("select $1, $2", "select $1, $2", ("1", "2")),
        ("where a = :x and b = :y or c = :x", "where a = $1 and b = $2 or c = $1", ("x", "y")),
        ("where a = %(x)s", "where a = $1   ", ("x",)),
        ("where a = %s and b in (%s, %s) limit %s", "where a = $1 and b in ($2, $3) limit $4", ("1", "2", "3", "4")),
        ("where a = ? limit ?", "where a = $1 limit $2", ("1", "2")),
        ("where a = @x", "where a = $1", ("x",)),
        ("where a = $1 and b = :x", "where a = $1 and b = $2", ("1", "x")),
        ("select a::int, b[1:n], '%s ? :x', \"?:x\" -- ? :x", None, ()),
        ("select a % s, data ? 'k', data ?| array['a'], data @> '{}', a @@ b", None, ()),
        ("select $$ :x ? $$ /* %s */", None, ()),
    ],
)
def test_placeholders_of_drivers_become_those_of_engines(
    sql: str, numbered: str | None, names: tuple[str, ...]
) -> None:
    assert engine_placeholders(sql) == (sql if numbered is None else numbered, names)


def test_what_comes_out_parses() -> None:
    sql, _ = engine_placeholders("select * from t where a = %(x)s and b between ? and :hi and c like %s limit ?")

    assert [each.kind for each in parse_postgres(sql)] == ["SelectStmt"]


def test_values_are_put_outside_of_quotes_alone() -> None:
    assert bound_values("select '$1', $1, $12", {1: "'it''s'"}) == "select '$1', 'it''s', $12"


def test_queries_are_one_that_differ_in_constants_and_formatting_alone() -> None:
    one = query_fingerprint("SELECT a FROM t WHERE b = 1")

    assert one == query_fingerprint("select a\n  from t -- x\n where b = $1")
    assert one != query_fingerprint("select a from t where c = 1")
    assert query_fingerprint("from t select a limit 5") == query_fingerprint("FROM t  SELECT a LIMIT 7;")
