"""What follows from changes of what else a design holds, and of properties that many kinds have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.comparison.impact_rules.conditions import narrower, no_more, now, type_becomes
from planroom.comparison.impact_rules.reasons import OLD_NAME, REMARK, TUNING
from planroom.comparison.impact_rules.rule import ADDITIVE, COMPATIBLE, READERS, WRITERS, Rule
from planroom.comparison.widening import TypeChange, type_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.comparison.impact_rules.rule import Rules

__all__ = ["ANY", "OTHERS"]

ANY: Rules = {
    "comment": (Rule(COMPATIBLE, REMARK),),
    "annotations": (Rule(COMPATIBLE, REMARK),),
    "storage": (Rule(COMPATIBLE, TUNING),),
    "tablespace": (Rule(COMPATIBLE, TUNING),),
    "parent": (Rule(COMPATIBLE, "it is kept together with another table's"),),
    "deferrable": (
        Rule(WRITERS, "it is checked later, and ON CONFLICT cannot rely on it", now),
        Rule(WRITERS, "it is checked at once, even within a transaction that mends it later", no_more),
    ),
    "initially deferred": (
        Rule(COMPATIBLE, "it is checked later", now),
        Rule(WRITERS, "it is checked at once, even within a transaction that mends it later", no_more),
    ),
    "validated": (Rule(COMPATIBLE, "it is about rows that are there already"),),
    "enforced": (
        Rule(WRITERS, "writes that were let through are refused", now),
        Rule(COMPATIBLE, "what was refused is let through", no_more),
    ),
}

OTHERS: Mapping[str, Rules] = {
    "model": {
        "dialect": (Rule(READERS, "types and expressions may mean something else"),),
    },
    "schema": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "names in it lead nowhere"),),
        "renamed": (Rule(READERS, OLD_NAME),),
    },
    "extension": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "the types, functions and operators that it brings are gone"),),
        "renamed": (Rule(READERS, OLD_NAME),),
        "schema": (Rule(READERS, "names in its old schema lead nowhere"),),
    },
    "sequence": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(WRITERS, "nextval of it fails"),),
        "renamed": (Rule(WRITERS, "nextval of its old name fails"),),
        "type": (
            Rule(COMPATIBLE, "it counts further", type_becomes(TypeChange.WIDENED)),
            Rule(WRITERS, "it ends earlier", lambda _, old, new: type_change(old, new) is not TypeChange.WIDENED),
        ),
        "options": (Rule(COMPATIBLE, "it is about values to come"),),
        "options.minimum": (Rule(WRITERS, "it may end earlier"),),
        "options.maximum": (
            Rule(WRITERS, "it may end earlier", narrower),
            Rule(COMPATIBLE, "it counts further", lambda *given: not narrower(*given)),
        ),
        "options.cycle": (
            Rule(WRITERS, "values come again", now),
            Rule(WRITERS, "it ends where it began anew", no_more),
        ),
        "owned by": (Rule(COMPATIBLE, "it is about what it is dropped with"),),
        "unlogged": (Rule(WRITERS, "after a crash it begins anew", now), Rule(COMPATIBLE, TUNING, no_more)),
    },
}
