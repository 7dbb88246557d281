"""What follows from each change: the rules for it, asked.

A rule is for a kind of object and for what happened to it: ``added``, ``removed``, ``renamed``, or the property that
changed. Readers are those who query, writers those who insert, update and delete. All rules that apply are kept; the
worst decides. What no rule is for is taken for breaking, so that a new property of the model is not waved through.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from planroom.comparison.changes import Change, ChangeState, Facet, Judgement
from planroom.comparison.impact_rules.behaviour import BEHAVIOUR
from planroom.comparison.impact_rules.constraints import CONSTRAINTS
from planroom.comparison.impact_rules.indexes import INDEXES
from planroom.comparison.impact_rules.others import ANY, OTHERS
from planroom.comparison.impact_rules.rule import COMPATIBLE, WRITERS, Rule
from planroom.comparison.impact_rules.tables import TABLES
from planroom.comparison.impact_rules.types import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.comparison.impact_rules.rule import Rules

__all__ = ["judged", "rules_for"]

_RULES: Mapping[str, Rules] = {**TABLES, **CONSTRAINTS, **INDEXES, **BEHAVIOUR, **TYPES, **OTHERS}

_LIKE = {"domain": "column", "field": "column", "domain check": "check"}
"""Kinds for which the rules of another hold where they have none of their own."""

_NO_ORDER = (Rule(COMPATIBLE, "their order says nothing"),)
_NO_RULE = (Rule(WRITERS, "planroom has no rule for this property"),)


def rules_for(kind: str, what: str) -> tuple[Rule, ...]:
    """Return the rules for what happened to a kind of object; empty when there are none.

    Args:
        kind: Such as ``column``.
        what: ``added``, ``removed``, ``renamed``, or the path of a property, such as ``identity.sequence.start``.
    """
    return _rules_for(kind, what.replace("_", " "))


@cache
def _rules_for(kind: str, what: str) -> tuple[Rule, ...]:
    """Return the rules of the property, else of what it is part of; of the kind, else of its like, else of any."""
    if what.startswith("order of ") and what not in _RULES.get(kind, {}):
        return _NO_ORDER
    tables = [_RULES.get(kind, {}), _RULES.get(_LIKE.get(kind, ""), {}), ANY]
    path = what.split(".")
    for length in range(len(path), 0, -1):
        for table in tables:
            if ".".join(path[:length]) in table:
                return table[".".join(path[:length])]
    return ()


def judged(change: Change) -> Change:
    """Return a change with what follows from it, the worst first."""
    found = [each for what, facet in _happenings(change) for each in _judgements(change, what, facet)]
    worst_first = sorted(dict.fromkeys(found), key=lambda each: -each.impact.rank)
    return replace(change, judgements=tuple(worst_first))


def _happenings(change: Change) -> list[tuple[str, Facet | None]]:
    own = [] if change.state is ChangeState.CHANGED else [(change.state.value, None)]
    return [*own, *((facet.name, facet) for facet in change.facets)]


def _judgements(change: Change, what: str, facet: Facet | None) -> list[Judgement]:
    old, new = (facet.old, facet.new) if facet else (None, None)
    rules = rules_for(change.kind, what) or _NO_RULE
    found = [Judgement(rule.impact, rule.reason) for rule in rules if rule.when is None or rule.when(change, old, new)]
    return found or [Judgement(_NO_RULE[0].impact, _NO_RULE[0].reason)]
