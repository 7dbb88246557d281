"""What follows from changes of what does something: triggers, policies, views and routines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.comparison.impact_rules.conditions import materialised
from planroom.comparison.impact_rules.reasons import NAME, OLD_NAME, TUNING
from planroom.comparison.impact_rules.rule import ADDITIVE, COMPATIBLE, DESTRUCTIVE, READERS, WRITERS, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.comparison.impact_rules.rule import Rules

__all__ = ["BEHAVIOUR"]

BEHAVIOUR: Mapping[str, Rules] = {
    "trigger": {
        "added": (Rule(WRITERS, "it runs with every such write, and may change or refuse it"),),
        "removed": (Rule(WRITERS, "what it did with every such write is no longer done"),),
        "renamed": (Rule(WRITERS, "triggers fire in the order of their names"),),
        **dict.fromkeys(
            (
                "timing",
                "events",
                "function",
                "update of",
                "for each row",
                "when",
                "arguments",
                "constraint",
                "referenced table",
                "old table",
                "new table",
                "enabled",
                "deferrable",
                "initially deferred",
            ),
            (Rule(WRITERS, "something else is done with writes"),),
        ),
    },
    "policy": {
        "added": (Rule(READERS, "other rows are shown, and other writes refused, where row security is on"),),
        "removed": (Rule(READERS, "other rows are shown, and other writes refused, where row security is on"),),
        "renamed": (Rule(COMPATIBLE, NAME),),
        **dict.fromkeys(
            ("command", "permissive", "roles", "using"),
            (Rule(READERS, "other rows are shown where row security is on"),),
        ),
        "check": (Rule(WRITERS, "other writes are refused where row security is on"),),
    },
    "view": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (
            Rule(DESTRUCTIVE, "the rows that it keeps are lost", materialised),
            Rule(READERS, "queries of it fail"),
        ),
        "renamed": (Rule(READERS, OLD_NAME),),
        "query": (Rule(READERS, "it gives other rows or columns"),),
        "materialised": (Rule(READERS, "it gives rows as they are, or as they were when it was refreshed"),),
        "options": (Rule(READERS, "it shows other rows, or takes other writes"),),
    },
    "routine": {
        "added": (Rule(ADDITIVE, "nobody calls it yet"),),
        "removed": (Rule(READERS, "calls of it fail"),),
        "renamed": (Rule(READERS, "calls of its old name fail"),),
        **dict.fromkeys(
            ("kind", "arguments", "returns", "security definer", "strict", "volatility"),
            (Rule(READERS, "calls of it may fail or answer otherwise"),),
        ),
        **dict.fromkeys(
            ("body", "language", "options", "atomic"),
            (Rule(READERS, "it may answer otherwise: what code does is not compared, only its text"),),
        ),
        **dict.fromkeys(("leakproof", "parallel", "cost", "rows"), (Rule(COMPATIBLE, TUNING),)),
    },
}
