"""Canonical forms: what the server prints equals what the author wrote, and nothing else does."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from planroom.errors import PlanroomError, SyntaxProblem
from planroom.sqltext import DataType, Expression, output_columns, parse_expression, parse_query
from planroom.sqltext.libpg_query import parse_tree
from planroom.sqltext.names import parse_type
from tests.sqltext.different_meanings import EXPRESSIONS, QUERIES
from tests.sqltext.expression_server import KNOWN_DIFFERENCES, NAMES, Case, canonical

ITEMS = NAMES.relations["items"]
RECORDED = [Case(*row) for row in json.loads(Path(__file__).with_name("recorded_expressions.json").read_text("utf-8"))]


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: f"{case.kind}-{case.text[:60]}")
def test_what_the_server_prints_is_equal_to_what_was_written(case: Case) -> None:
    same = canonical(case, case.text) == canonical(case, case.server)

    assert same != (case.text in KNOWN_DIFFERENCES)


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: f"{case.kind}-{case.text[:60]}")
def test_the_canonical_form_of_a_canonical_form_is_itself(case: Case) -> None:
    once = canonical(case, case.text)

    assert canonical(case, once) == once


@pytest.mark.parametrize(("one", "other"), EXPRESSIONS)
def test_expressions_that_mean_different_things_stay_different(one: str, other: str) -> None:
    assert parse_expression(one, ITEMS, NAMES) != parse_expression(other, ITEMS, NAMES)


@pytest.mark.parametrize(("one", "other"), EXPRESSIONS)
def test_expressions_that_mean_different_things_stay_different_where_no_name_is_known(one: str, other: str) -> None:
    assert parse_expression(one) != parse_expression(other)


@pytest.mark.parametrize(("one", "other"), QUERIES)
def test_queries_that_mean_different_things_stay_different(one: str, other: str) -> None:
    assert parse_query(one, NAMES) != parse_query(other, NAMES)
    assert parse_query(one) != parse_query(other)


@pytest.mark.parametrize(
    ("type_", "one", "other"),
    [
        ("integer", "0", "1"),
        ("timestamptz", "now()", "CURRENT_TIMESTAMP"),
        ("date", "now()", "CURRENT_DATE"),
        ("text", "'0'", "''"),
        ("numeric", "0", "0.0"),
        ("varchar(20)", "'xyz'", "'xyz'::varchar(2)"),
        ("jsonb", "'{}'", "'[]'"),
        ("text[]", "'{}'", "'{\"\"}'"),
        ("uuid", "gen_random_uuid()", "uuidv7()"),
        ("timestamp", "now()", "now() AT TIME ZONE 'UTC'"),
    ],
)
def test_defaults_that_mean_different_things_stay_different(type_: str, one: str, other: str) -> None:
    target = parse_type(type_)

    assert parse_expression(one, target=target) != parse_expression(other, target=target)


def test_text_is_kept_as_written_and_does_not_count() -> None:
    one, other = parse_expression("a in (1, 2)"), parse_expression("a = any (array[1, 2])")

    assert one == other
    assert str(one) == "a IN (1, 2)"
    assert isinstance(one, Expression)


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("day >= CURRENT_DATE", "(day >= ('now'::text)::date)"),
        ("at > LOCALTIMESTAMP", "(at > ('now'::text)::timestamp without time zone)"),
        ("who = CURRENT_USER", '(who = "current_user"())'),
        ("trim(name) <> ''", "(btrim((name)::text) <> ''::text)"),
        ("substring(name from 1 for 2) = 'ab'", "(\"substring\"((name)::text, 1, 2) = 'ab'::text)"),
        ("position('@' in name) > 1", "(\"position\"((name)::text, '@'::text) > 1)"),
        ("made AT TIME ZONE 'UTC' > at", "(timezone('UTC'::text, made) > at)"),
        ("(day, day) OVERLAPS (day, day)", '"overlaps"(day, day, day, day)'),
        (
            "name IN ('a', 'b')",
            "((name)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
        ),
        (
            "name IN ('a', 'b')",
            "((name)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        ),
    ],
)
def test_what_older_servers_print_is_equal_too(text: str, older: str) -> None:
    assert parse_expression(text, ITEMS, NAMES) == parse_expression(older, ITEMS, NAMES)


@pytest.mark.parametrize("text", ["", "a +", "a; b", "a, b", "a AS b", "a) FROM t WHERE (b", "1 FROM t", "(a"])
def test_what_is_not_one_expression_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse_expression(text)


@pytest.mark.parametrize("text", ["", "DELETE FROM t", "SELECT 1; SELECT 2", "SELEC 1"])
def test_what_is_not_one_query_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse_query(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000 + "1" + ")" * 20_000,
        " + ".join(["a"] * 5_000),
        "NOT " * 3_000 + "a",
        "f(" * 2_000 + "1" + ")" * 2_000,
    ],
)
def test_deep_nesting_is_an_error_of_our_own_or_works(text: str) -> None:
    with contextlib.suppress(PlanroomError):
        parse_expression(text)


def test_output_columns_have_names_and_types() -> None:
    query = (
        "SELECT o.id, total * 2 AS double, count(*), note || 'x', 'a', shop.mystery(1) FROM shop.orders o GROUP BY 1"
    )
    tree = parse_tree(query.encode())[0]["stmt"]

    columns = output_columns(tree, NAMES)

    assert columns == (
        ("id", parse_type("bigint")),
        ("double", parse_type("numeric")),
        ("count", parse_type("bigint")),
        ("?column?", parse_type("text")),
        ("?column?", parse_type("text")),
        ("mystery", DataType.UNKNOWN),
    )


def test_output_columns_of_a_star_over_an_unknown_table_cannot_be_told() -> None:
    assert output_columns(parse_tree(b"SELECT * FROM nowhere")[0]["stmt"]) is None


def test_a_views_own_column_names_replace_those_of_its_query() -> None:
    assert parse_query("SELECT id, total FROM shop.orders", NAMES, columns=["a", "b"]) == parse_query(
        "SELECT id AS a, total AS b FROM shop.orders", NAMES
    )
