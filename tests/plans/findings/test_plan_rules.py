"""Every rule about plans finds what its bad examples show, on real engines, and nothing in its good ones."""

from __future__ import annotations

import inspect

import pytest

from planroom.plans.findings import PLAN_RULES, findings_of

pytestmark = pytest.mark.server

RULES = tuple(PLAN_RULES)
ON_PLANS = tuple(rule for rule in RULES if rule.bad)
BAD = [pytest.param(rule, each, id=f"{rule.code}-{at}") for rule in RULES for at, each in enumerate(rule.bad)]
GOOD = [pytest.param(rule, each, id=f"{rule.code}-{at}") for rule in RULES for at, each in enumerate(rule.good)]


@pytest.fixture
def judged(planned, request):
    def judge(rule, example):
        model = request.getfixturevalue("ground_model") if example.modelled else None
        found = findings_of(planned(example), by=example.by, model=model, rows=dict(example.rows))
        return [each for each in found if each.code == rule.code]

    return judge


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_rule_finds_its_bad_example(judged, planned, rule, example):
    found = judged(rule, example)

    assert found, str(planned(example))
    assert all(0 < each.facts["share"] <= 1 and each.fix.text and each.message for each in found)


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_rule_finds_nothing_in_its_good_example(judged, planned, rule, example):
    assert [each.message for each in judged(rule, example)] == [], str(planned(example))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_all_that_its_page_needs(rule):
    assert rule.fix
    assert rule.source.startswith("https://")
    assert len(inspect.getdoc(type(rule)).splitlines()) > 1
    assert (rule.bad and rule.good) or rule.unproven
    assert bool(rule.unproven) == any(each.document for each in rule.bad) or not rule.bad


def test_codes_are_unique_and_of_one_kind():
    codes = [rule.code for rule in RULES]

    assert len(codes) == len(set(codes))
    assert all(code.startswith("PLN") and len(code) == 6 for code in codes)
