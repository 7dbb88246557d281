"""The expressions around a query's columns, as PostgreSQL's own parser sees them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.sqltext import parse_queries
from planroom.sqltext.operands import operands


def told(sql: str) -> dict[str, str]:
    """Return what is around each column, by what the text has at its place."""
    return {sql[place:].split()[0].strip("(),"): each.text for place, each in operands(sql).items()}


@pytest.mark.parametrize(
    ("condition", "column", "operand"),
    [
        ("lower(t.name) = 'x'", "t.name", "lower(name)"),
        ("(t.doc -> 'a') ->> 'b' = 'c'", "t.doc", "doc -> 'a' ->> 'b'"),
        ("extract(year FROM t.at ) IN (2025, 2026)", "t.at", "EXTRACT(year FROM at)"),
        ("t.\"A_b\" ::date BETWEEN '2026-01-01' AND now()", 't."A_b"', '"A_b"::date'),
        ("5 < t.a + 1", "t.a", "a + 1"),
        ("t.a IS NOT NULL", "t.a", "a"),
        ("to_tsvector('english', t.body ) @@ to_tsquery('x')", "t.body", "to_tsvector('english', body)"),
        ("(t.a , t.b ) > (1, 2)", "t.b", "b"),
    ],
)
def test_an_operand_is_the_whole_side_without_the_names_of_tables(condition: str, column: str, operand: str) -> None:
    assert told(f"SELECT 1 FROM t WHERE {condition}")[column] == operand


def test_places_are_characters_whatever_stands_before() -> None:
    sql = "SELECT 'é→𝄞' FROM t WHERE upper(größe) = 'X'"

    assert [sql[place:].startswith("größe") for place in operands(sql)] == [True]


def test_a_query_inside_is_looked_into_and_what_does_not_parse_has_none() -> None:
    assert told("SELECT 1 FROM t WHERE a = (SELECT max(lower(b )) FROM u WHERE lower(c ) = 'x')")["c"] == "lower(c)"
    assert operands("SELEC 1") == {}


@given(st.text())
def test_any_text_has_operands_or_none(text: str) -> None:
    assert all(0 <= place <= len(text) for place in operands(text))


def test_an_order_says_where_nulls_stand() -> None:
    (statement,) = parse_queries("SELECT 1 FROM t ORDER BY a DESC, b DESC NULLS LAST, c NULLS FIRST, d")
    assert statement.query is not None

    assert [sorted(each.marks) for each in statement.query.scopes[0].order_by] == [
        ["descending", "nulls_first"], ["descending"], ["nulls_first"], [],
    ]  # fmt: skip
