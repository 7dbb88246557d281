"""The one place where pictures of plans meet what judges plans."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.plans.plan import Plan

__all__ = ["judged"]

_JUDGE = "planroom.plans.findings"


def judged(plan: Plan, *, timed: bool = False) -> tuple[Finding, ...]:
    """Return what is wrong with a plan, as far as it tells by itself; nothing where nothing judges plans.

    Args:
        plan: The plan.
        timed: Judge by measured times, which differ from run to run.
    """
    if find_spec(_JUDGE) is None:
        return ()
    found: tuple[Finding, ...] = import_module(_JUDGE).findings_of(plan, by="time" if timed else "cost")
    return found
