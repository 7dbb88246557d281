"""What a condition asks of each column is told as plans print it, in both engines."""

from __future__ import annotations

import pytest

from planroom.sqltext import restrictions


def forms(condition, dialect="postgres"):
    return [(part.form, part.column) for part in restrictions(condition, dialect)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("((status = 'paid'::text) AND (at > '2026-01-01'::date))", [("equality", "status"), ("range", "at")]),
        ("((o.status)::text = ANY ('{a,b}'::text[]))", [("equality", "status")]),
        ("(name ~~ 'ab%'::text)", [("prefix", "name")]),
        ("(name ~~ '%ab'::text)", [("pattern", "name")]),
        ("(name ~~* 'ab%'::text)", [("pattern", "name")]),
        ("(name !~~ 'ab%'::text)", [("unequal", "name")]),
        ("((a IS NULL) AND (b IS NOT NULL) AND (c <> 3))", [("null", "a"), ("unequal", "b"), ("unequal", "c")]),
        ("(active AND (NOT done))", [("true", "active"), ("false", "done")]),
        ("((a = 1) OR (a = 2))", [("equality", "a")]),
        ("((a = 1) OR (b = 2))", [("other", "")]),
        ("(a = (InitPlan 1).col1)", [("equality", "a")]),
        ("(5 < a)", [("range", "a")]),
        ("(NOT (hashed SubPlan 1))", [("other", "")]),
        ("(tags @> '{x}'::text[])", [("other", "tags")]),
    ],
)
def test_each_part_tells_what_it_asks_of_its_column(condition, expected):
    assert forms(condition) == expected


def test_duckdb_writes_the_same_in_its_own_way():
    assert forms("status='paid' AND at>='2026-01-01'::DATE", "duckdb") == [("equality", "status"), ("range", "at")]
    assert forms("prefix(name, 'ab') AND a IN (1, 2)", "duckdb") == [("prefix", "name"), ("equality", "a")]


def test_a_column_inside_an_expression_is_not_bare_and_the_expression_is_told_whole():
    (part,) = restrictions("(lower((email)::text) = 'x'::text)")

    assert (part.column, part.wrapped, part.bare) == ("email", "lower", False)
    assert part.expression == "lower((email)::text)"


def test_a_cast_to_text_is_how_the_server_prints_a_varchar_and_any_other_is_a_cast():
    (text,) = restrictions("((status)::text = 'paid'::text)")
    (number,) = restrictions("((id)::numeric = 5.5)")

    assert text.bare
    assert (number.wrapped, number.bare) == ("cast", False)


def test_a_join_names_the_column_on_the_other_side():
    (part,) = restrictions("(o.customer_id = c.id)")

    assert (part.qualifier, part.column, part.against, part.constant) == ("o", "customer_id", "id", False)


@pytest.mark.parametrize("text", ["", "nonsense ((", "a = 'open", "a = 1; drop table t", ")"])
def test_what_cannot_be_read_tells_nothing(text):
    assert restrictions(text) == ()


@pytest.mark.parametrize(
    ("condition", "expression"),
    [
        ("(SUBSTRING(o.phone FROM 1 FOR 2) = '13'::text)", "SUBSTRING(o.phone FROM 1 FOR 2)"),
        ("(EXTRACT(year FROM at) = '2026'::numeric)", "EXTRACT(year FROM at)"),
        ("((data ->> 'k (1'::text) = 'v'::text)", "(data ->> 'k (1'::text)"),
        ("((a + 1) = 5)", "(a + 1)"),
    ],
)
def test_an_expression_is_told_with_its_function_and_all_its_parentheses(condition, expression):
    (part,) = restrictions(condition)

    assert part.expression == expression
