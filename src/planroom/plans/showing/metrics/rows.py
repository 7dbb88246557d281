"""Rows given on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.plans.showing.metrics.base import Metric
from planroom.plans.showing.numbers import count_text

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode

__all__ = ["Rows"]


class Rows(Metric):
    """The rows that the node gives on, all executions together: measured, or else estimated."""

    order: ClassVar[int] = 2
    by_default: ClassVar[bool] = True
    label: ClassVar[str] = "the rows"
    heading: ClassVar[str] = "rows given on"
    missing: ClassVar[str] = "it has no row counts"

    def own(self, node: PlanNode) -> float | None:
        """Return the rows given on."""
        return node.rows_carried

    def amount(self, value: float) -> str:
        """Return a number of rows."""
        return f"{count_text(value)} {'row' if value == 1 else 'rows'}"
