"""What follows from changes of what makes queries of a table fast: indexes and statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.comparison.impact_rules.conditions import is_unique, no_more, not_unique, now
from planroom.comparison.impact_rules.reasons import KEY_GIVES, NAME, TUNING
from planroom.comparison.impact_rules.rule import COMPATIBLE, WRITERS, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.comparison.impact_rules.rule import Rules

__all__ = ["INDEXES"]

INDEXES: Mapping[str, Rules] = {
    "index": {
        "added": (
            Rule(WRITERS, "a write that repeats a key is refused", is_unique),
            Rule(COMPATIBLE, TUNING, not_unique),
        ),
        "removed": (Rule(WRITERS, KEY_GIVES, is_unique), Rule(COMPATIBLE, TUNING, not_unique)),
        "renamed": (Rule(COMPATIBLE, NAME),),
        "columns": (
            Rule(WRITERS, "other writes are refused than before", is_unique),
            Rule(COMPATIBLE, TUNING, not_unique),
        ),
        "predicate": (
            Rule(WRITERS, "other writes are refused than before", is_unique),
            Rule(COMPATIBLE, TUNING, not_unique),
        ),
        "unique": (
            Rule(WRITERS, "a write that repeats a key is refused", now),
            Rule(WRITERS, KEY_GIVES, no_more),
        ),
        "nulls not distinct": (
            Rule(WRITERS, "a second NULL is refused", now),
            Rule(COMPATIBLE, "what was refused is let through", no_more),
        ),
        "method": (Rule(COMPATIBLE, TUNING),),
        "include": (Rule(COMPATIBLE, TUNING),),
        "only": (Rule(COMPATIBLE, "it is about partitions to come"),),
    },
    "extended statistics": dict.fromkeys(
        ("added", "removed", "renamed", "kinds", "columns", "expressions", "target"), (Rule(COMPATIBLE, TUNING),)
    ),
}
