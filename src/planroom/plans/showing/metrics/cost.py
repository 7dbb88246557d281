"""The planner's cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.plans.showing.metrics.base import Metric
from planroom.plans.showing.numbers import cost_text

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode

__all__ = ["Cost"]


class Cost(Metric):
    """The node's own share of the plan's total cost, in the planner's units."""

    order: ClassVar[int] = 1
    by_default: ClassVar[bool] = True
    label: ClassVar[str] = "the cost"
    heading: ClassVar[str] = "own cost"
    missing: ClassVar[str] = "it was explained without costs, or by an engine that has none"
    remedy: ClassVar[str] = "explain it without COSTS OFF"

    def own(self, node: PlanNode) -> float | None:
        """Return the node's own cost, all executions together."""
        return node.self_cost

    def amount(self, value: float) -> str:
        """Return a cost."""
        return cost_text(value)
