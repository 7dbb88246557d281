"""Every rule about designs finds what its bad examples show, and nothing in its good ones."""

from __future__ import annotations

from collections import Counter

import pytest

from planroom.ddl import read_postgres
from planroom.linting import SCHEMA_RULES, SchemaRule, lint_schema
from planroom.linting.schemas import Design
from planroom.model import Model, annotate

RULES = tuple(SCHEMA_RULES)
BAD = [(rule, script) for rule in RULES for script in rule.bad]
GOOD = [(rule, script) for rule in RULES for script in rule.good]


def design(rule: SchemaRule, script: str) -> Model:
    """Return the model of an example, with the rule's annotations."""
    model = read_postgres([("example.sql", script)])
    assert [each for each in model.unread if each.kind in {"broken", "structure"}] == [], "an example is read whole"
    return annotate(model, rule.notes)


def name(value: object) -> str:
    return value.slug if isinstance(value, SchemaRule) else ""


@pytest.mark.parametrize(("rule", "script"), BAD, ids=name)
def test_a_bad_example_has_a_finding_with_its_place(rule, script):
    found = lint_schema(design(rule, script), facts=rule.facts, rules=[rule]).findings

    assert found
    for each in found:
        assert (each.code, each.slug) == (rule.code, rule.slug)
        assert each.subject, each
        assert each.message, each
        assert each.location.source in {"example.sql", ""}, each
        assert each.location.line, each


@pytest.mark.parametrize(("rule", "script"), GOOD, ids=name)
def test_a_good_example_has_none(rule, script):
    assert lint_schema(design(rule, script), facts=rule.facts, rules=[rule]).findings == ()


def test_codes_are_unique_and_without_gaps():
    codes = sorted(rule.code for rule in RULES)

    assert [code for code, count in Counter(codes).items() if count > 1] == []
    assert codes == [f"SCH{number:03}" for number in range(1, len(codes) + 1)]


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_an_empty_design_has_no_finding(rule):
    assert list(rule.check(Design(Model(), {}))) == []
