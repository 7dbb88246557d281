"""Query plans: one tree for PostgreSQL and DuckDB, whatever text it came in.

`plan_of` reads what EXPLAIN printed; a `Plan` holds `PlanNode`s with the field's standard names, times and costs
charged to the node that spent them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan
    from planroom.plans.reading import plan_of

__all__ = ["Plan", "PlanNode", "plan_of"]

_HOMES = {"Plan": "plan", "PlanNode": "node", "plan_of": "reading"}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
