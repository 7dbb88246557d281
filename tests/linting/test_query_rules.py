"""Every query rule finds what its bad examples show and nothing in its good ones."""

from __future__ import annotations

import pytest

from planroom.ddl import read_postgres
from planroom.linting.queries import QUERY_RULES, lint_queries
from planroom.sqltext import parse_postgres

RULES = tuple(QUERY_RULES)
BAD = [pytest.param(rule, text, id=f"{rule.code}-{number}") for rule in RULES for number, text in enumerate(rule.bad)]
GOOD = [pytest.param(rule, text, id=f"{rule.code}-{number}") for rule in RULES for number, text in enumerate(rule.good)]


def judged(rule, text, **options):
    model = read_postgres([("before.sql", rule.before)])
    return lint_queries([("query.sql", text)], model=model, rows=rule.rows, rules=[rule], **options)


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_a_rule_finds_its_bad_example_at_a_place(rule, text):
    found = judged(rule, text)

    assert not found.unread
    assert found.findings
    assert all(each.code == rule.code and each.location.line and each.location.length for each in found.findings)


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_a_rule_finds_nothing_in_its_good_example(rule, text):
    found = judged(rule, text)

    assert not found.unread
    assert found.findings == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_stands_before_an_example_is_read(rule):
    assert all(statement.kind != "broken" for statement in parse_postgres(rule.before))


def test_codes_are_unique():
    codes = [rule.code for rule in RULES]

    assert len(codes) == len(set(codes))
    assert all(code.startswith("QRY") for code in codes)


def test_a_function_that_nobody_knows_may_be_an_aggregate() -> None:
    model = read_postgres([("m.sql", "CREATE TABLE t (a int, b int)")])

    def found(sql: str) -> list[str]:
        return [
            each.code
            for each in lint_queries([("q.sql", sql)], model=model, rules=[QUERY_RULES["ungrouped-column"]]).findings
        ]

    assert found("SELECT a, their_own(b) FROM t GROUP BY a") == []
    assert found("SELECT a, their_own(b), b FROM t GROUP BY a") == ["QRY015"]
    assert found("SELECT a, lower(b::text) FROM t GROUP BY a") == ["QRY015"]
