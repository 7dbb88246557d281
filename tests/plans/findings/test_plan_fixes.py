"""What a finding says to run, when run, makes the finding go away or the plan cheaper: the advice is tried."""

from __future__ import annotations

import pytest

from planroom.plans import plan_of
from planroom.plans.findings import PLAN_RULES, findings_of

from .conftest import of_postgres

pytestmark = pytest.mark.server

# What these say to run is run by no transaction (VACUUM), is another query, or changes the model and not the plan.
NOT_HERE = frozenset({"PLN007", "PLN008", "PLN020", "PLN032"})
CHEAPER = 0.7


def repairs(rule):
    """Return the rule's examples whose findings may give a statement."""
    if rule.code in NOT_HERE:
        return ()
    return tuple(each for each in rule.bad if each.engine == "postgres" and not each.document)


RULES = [pytest.param(rule, id=rule.code) for rule in PLAN_RULES if repairs(rule)]
WORDS_ALONE = frozenset({"PLN006", "PLN017", "PLN018", "PLN019", "PLN023", "PLN025", "PLN027", "PLN029", "PLN030"}) | {
    "PLN037", "PLN038"
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_statement_that_a_finding_gives_does_what_it_promises(ground, ground_model, planned, rule):
    def found(example, plan):
        model = ground_model if example.modelled else None
        judged = findings_of(plan, by=example.by, model=model, rows=dict(example.rows))
        return [each for each in judged if each.code == rule.code]

    tried = 0
    for example in repairs(rule):
        before = planned(example)
        for statement in (each.fix.replacement for each in found(example, before) if each.fix.replacement):
            after = plan_of(of_postgres(example, ground, statement.replace(" CONCURRENTLY", "")))
            assert not found(example, after) or after.total_cost <= CHEAPER * before.total_cost, (statement, str(after))
            tried += 1

    assert bool(tried) == (rule.code not in WORDS_ALONE)
