"""How wrong the planner's row estimates are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.plans.showing.metrics.base import Metric
from planroom.plans.showing.numbers import count_text

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode

__all__ = ["Estimate"]


class Estimate(Metric):
    """The factor between estimated and actual rows, >= 1, in either direction."""

    order: ClassVar[int] = 3
    additive: ClassVar[bool] = False
    label: ClassVar[str] = "how far its row estimates are off"
    heading: ClassVar[str] = "off by"
    missing: ClassVar[str] = "it was not run"
    remedy: ClassVar[str] = "explain it with ANALYZE"

    def own(self, node: PlanNode) -> float | None:
        """Return the factor."""
        return node.q_error

    def amount(self, value: float) -> str:
        """Return a factor."""
        return f"{count_text(value)} ×"
