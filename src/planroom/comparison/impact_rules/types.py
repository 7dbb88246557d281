"""What follows from changes of the types that a design makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.comparison.impact_rules.conditions import lost_labels, new_labels, reordered
from planroom.comparison.impact_rules.reasons import OLD_NAME
from planroom.comparison.impact_rules.rule import ADDITIVE, COMPATIBLE, DESTRUCTIVE, READERS, WRITERS, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.comparison.impact_rules.rule import Rules

__all__ = ["TYPES"]

TYPES: Mapping[str, Rules] = {
    "enum": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "labels": (
            Rule(DESTRUCTIVE, "values that are stored have no label any more", lost_labels),
            Rule(READERS, "values sort otherwise", reordered),
            Rule(ADDITIVE, "nobody has the new values yet", new_labels),
        ),
    },
    "domain": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "default": (Rule(COMPATIBLE, "only rows that are written without it get another value"),),
    },
    "domain check": {},
    "composite type": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "order of fields": (Rule(READERS, "values are written and read in another order"),),
    },
    "field": {
        "added": (Rule(WRITERS, "a ROW(...) without it is refused"),),
        "removed": (Rule(DESTRUCTIVE, "its values are lost"),),
        "renamed": (Rule(READERS, OLD_NAME),),
    },
    "range type": {
        "added": (Rule(ADDITIVE, "nobody uses it yet"),),
        "removed": (Rule(READERS, "what names the type fails"),),
        "renamed": (Rule(READERS, "what names the type fails"),),
        "subtype": (Rule(DESTRUCTIVE, "it is another type"),),
        "options": (Rule(READERS, "it compares otherwise"),),
    },
}
