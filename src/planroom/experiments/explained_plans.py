"""What an engine said about a statement, as a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.engines import Explained
    from planroom.plans import Plan

__all__ = ["plan_from"]


def plan_from(explained: Explained, source: str) -> Plan:
    """Return the tree of what an engine said, with what it does not say itself: the statement, version and settings."""
    from planroom.plans import plan_of

    plan = plan_of(explained.document, source=source)
    told = {name for name, _ in plan.settings}
    return replace(
        plan,
        sql=explained.sql,
        version=explained.version,
        settings=plan.settings + tuple(pair for pair in explained.settings if pair[0] not in told),
        notes=explained.notes + plan.notes,
    )
