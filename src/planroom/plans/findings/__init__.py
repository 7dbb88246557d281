"""What is wrong with a query plan, and what to do: one file a rule.

`findings_of` judges one plan, `findings_at_scale` the plans of one statement at several numbers of rows. A rule looks
at the nodes with the operators that it names: the plan is walked once, whatever the number of rules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.plans.findings._judging import PLAN_RULES, findings_at_scale, findings_of
    from planroom.plans.findings.base import Example, PlanRule

__all__ = ["PLAN_RULES", "Example", "PlanRule", "findings_at_scale", "findings_of"]

_HOMES = {
    **dict.fromkeys(("PLAN_RULES", "findings_at_scale", "findings_of"), "_judging"),
    **dict.fromkeys(("Example", "PlanRule"), "base"),
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
