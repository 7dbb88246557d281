"""A rule: what follows from one kind of change, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from planroom.comparison.changes import Change, Impact

__all__ = ["ADDITIVE", "COMPATIBLE", "DESTRUCTIVE", "READERS", "WRITERS", "Condition", "Rule", "Rules"]

ADDITIVE, COMPATIBLE, DESTRUCTIVE = Impact.ADDITIVE, Impact.COMPATIBLE, Impact.DESTRUCTIVE
READERS, WRITERS = Impact.BREAKING_READERS, Impact.BREAKING_WRITERS

Condition = Callable[[Change, Any, Any], bool]
"""Asked with the change and the property's old and new value; None for both where the object came or went."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from one kind of change, under a condition if there is one."""

    impact: Impact
    reason: str
    when: Condition | None = None


Rules = Mapping[str, tuple[Rule, ...]]
"""The rules of a kind of object by what happened to it."""
