"""Every rule about systems finds what its bad examples show, and nothing in its good ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

import planroom as pr
from planroom import architecture
from planroom.architecture import Container, Relation, System
from planroom.ddl import read_postgres
from planroom.linting import ARCHITECTURE_RULES, ArchitectureRule, lint_architecture
from planroom.model import annotate

RULES = tuple(ARCHITECTURE_RULES)
BAD = [(rule, example) for rule in RULES for example in rule.bad]
GOOD = [(rule, example) for rule in RULES for example in rule.good]


def system(rule: ArchitectureRule, example: str) -> System:
    """Return the system of an example, with the rule's design."""
    made = eval(example, {name: getattr(architecture, name) for name in architecture.__all__})
    model = annotate(read_postgres([("example.sql", rule.before)]), rule.notes) if rule.before else None
    return replace(made, model=model, source="example.py")


def name(value: object) -> str:
    return value.slug if isinstance(value, ArchitectureRule) else ""


@pytest.mark.parametrize(("rule", "example"), BAD, ids=name)
def test_a_bad_example_has_a_finding(rule, example):
    found = lint_architecture(system(rule, example), rules=[rule]).findings

    assert found
    for each in found:
        assert (each.code, each.slug) == (rule.code, rule.slug)
        assert each.subject, each
        assert each.location.source == "example.py"


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=name)
def test_a_good_example_has_none(rule, example):
    assert lint_architecture(system(rule, example), rules=[rule]).findings == ()


def test_codes_are_unique_and_without_gaps():
    assert sorted(rule.code for rule in RULES) == [f"ARC{number:03}" for number in range(1, len(RULES) + 1)]


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_an_empty_system_has_no_finding(rule):
    assert list(rule.check(System("S"))) == []


def test_a_cycle_is_told_once_however_many_ways_lead_round():
    ring = System(
        "S",
        containers=[Container(key) for key in "abc"],
        relations=[Relation("a", "b"), Relation("b", "c"), Relation("c", "a"), Relation("b", "a")],
    )
    [found] = lint_architecture(ring, rules=[ARCHITECTURE_RULES["synchronous-cycle"]]).findings

    assert found.message == "they wait for each other: A → B → A"


def test_lint_takes_a_system_and_a_selection_of_rules():
    lonely = System("S", containers=[Container("a")])

    assert [each.code for each in pr.lint(lonely, select=["ARC009", "orphan"]).findings] == ["ARC001", "ARC009"]
    assert pr.lint(lonely, ignore=["ARC"]).findings == ()
