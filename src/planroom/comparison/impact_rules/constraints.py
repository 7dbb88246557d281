"""What follows from changes of what holds for the rows of a table: its keys, references and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.comparison.impact_rules.conditions import enforced, no_more, not_enforced, now, refuses_more
from planroom.comparison.impact_rules.reasons import KEY_GIVES, NAME, NAME_ONLY, TUNING
from planroom.comparison.impact_rules.rule import COMPATIBLE, READERS, WRITERS, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.comparison.impact_rules.rule import Rules

__all__ = ["CONSTRAINTS"]

_KEY: Rules = {
    "added": (Rule(WRITERS, "a write that repeats a key is refused"),),
    "removed": (Rule(WRITERS, KEY_GIVES),),
    "renamed": (Rule(COMPATIBLE, NAME_ONLY),),
    "columns": (Rule(WRITERS, "other writes are refused than before"),),
    "include": (Rule(COMPATIBLE, TUNING),),
    "without overlaps": (Rule(WRITERS, "other writes are refused than before"),),
    "nulls not distinct": (
        Rule(WRITERS, "a second NULL is refused", now),
        Rule(COMPATIBLE, "what was refused is let through", no_more),
    ),
}

CONSTRAINTS: Mapping[str, Rules] = {
    "primary key": {
        **_KEY,
        "removed": (Rule(READERS, "GROUP BY that relies on it fails"), Rule(WRITERS, KEY_GIVES)),
    },
    "unique": _KEY,
    "foreign key": {
        "added": (
            Rule(WRITERS, "a write that refers to no row is refused", enforced),
            Rule(COMPATIBLE, "it is not enforced", not_enforced),
        ),
        "removed": (Rule(COMPATIBLE, "what was refused is let through"),),
        "renamed": (Rule(COMPATIBLE, NAME),),
        "columns": (Rule(WRITERS, "other writes are refused than before"),),
        "referenced table": (Rule(WRITERS, "other writes are refused than before"),),
        "referenced columns": (Rule(WRITERS, "other writes are refused than before"),),
        "on update": (
            Rule(WRITERS, "an UPDATE of the referenced key does something else, or is refused", refuses_more),
            Rule(COMPATIBLE, "it is checked later", lambda *given: not refuses_more(*given)),
        ),
        "on delete": (
            Rule(WRITERS, "a DELETE of the referenced row does something else, or is refused", refuses_more),
            Rule(COMPATIBLE, "it is checked later", lambda *given: not refuses_more(*given)),
        ),
        "on delete columns": (Rule(WRITERS, "a DELETE of the referenced row does something else"),),
        "match full": (
            Rule(WRITERS, "a key that is NULL in part is refused", now),
            Rule(COMPATIBLE, "what was refused is let through", no_more),
        ),
        "period": (Rule(WRITERS, "other writes are refused than before"),),
    },
    "check": {
        "added": (
            Rule(WRITERS, "a write that breaks it is refused", enforced),
            Rule(COMPATIBLE, "it is not enforced", not_enforced),
        ),
        "removed": (Rule(COMPATIBLE, "what was refused is let through"),),
        "renamed": (Rule(COMPATIBLE, NAME),),
        "expression": (Rule(WRITERS, "other writes are refused than before"),),
        "no inherit": (
            Rule(COMPATIBLE, "tables that inherit go without it", now),
            Rule(WRITERS, "it holds for tables that inherit too", no_more),
        ),
    },
    "exclusion": {
        "added": (Rule(WRITERS, "a write that conflicts with a row is refused"),),
        "removed": (Rule(COMPATIBLE, "what was refused is let through"),),
        "renamed": (Rule(COMPATIBLE, NAME_ONLY),),
        "elements": (Rule(WRITERS, "other writes are refused than before"),),
        "predicate": (Rule(WRITERS, "other writes are refused than before"),),
        "method": (Rule(COMPATIBLE, TUNING),),
        "include": (Rule(COMPATIBLE, TUNING),),
    },
}
