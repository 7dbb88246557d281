"""Every rule about decision logs: its examples are its tests."""

from __future__ import annotations

import re

import pytest

from planroom.adr import DecisionLog, read_record
from planroom.adr.rules import RECORD_RULES, RecordRule, Surroundings
from planroom.ddl import read_postgres

RULES = list(RECORD_RULES)


def named(case: object) -> str:
    return case.slug if isinstance(case, RecordRule) else ""


def judged(rule: RecordRule, files: dict[str, str]) -> list:
    log = DecisionLog.of(tuple(read_record(text, name) for name, text in files.items()))
    model = read_postgres([("shop.sql", rule.ddl)]) if rule.ddl else None
    return list(rule.check(Surroundings(log, model, today=rule.today)))


@pytest.mark.parametrize(("rule", "files"), [(rule, files) for rule in RULES for files in rule.bad], ids=named)
def test_a_bad_example_has_one_finding_with_its_place(rule, files):
    (found,) = judged(rule, files)

    assert (found.code, found.slug, found.severity) == (rule.code, rule.slug, rule.severity)
    assert found.location.source in files
    assert found.location.line <= files[found.location.source].count("\n") + 1
    assert found.message
    assert found.fix is not None


@pytest.mark.parametrize(("rule", "files"), [(rule, files) for rule in RULES for files in rule.good], ids=named)
def test_a_good_example_has_none(rule, files):
    assert judged(rule, files) == []


def test_codes_are_unique_and_without_gaps():
    assert sorted(rule.code for rule in RULES) == [f"ADR{number:03}" for number in range(1, len(RULES) + 1)]


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_says_what_why_and_what_to_do(rule):
    first = (type(rule).__doc__ or "").partition("\n")[0]

    assert first.endswith(".")
    assert len(first) <= 112
    assert rule.fix.endswith(".")
    assert re.match(r"https://", rule.source)
