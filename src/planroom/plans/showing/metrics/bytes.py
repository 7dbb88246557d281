"""The size of the rows given on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.plans.showing.metrics.base import Metric
from planroom.quantities import format_bytes

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode

__all__ = ["Bytes"]


class Bytes(Metric):
    """The bytes that the node gives on: DuckDB measures them; in PostgreSQL, rows times their estimated width."""

    order: ClassVar[int] = 5
    label: ClassVar[str] = "the bytes given on"
    heading: ClassVar[str] = "bytes given on"
    missing: ClassVar[str] = "the engine said nothing of the rows' width"
    remedy: ClassVar[str] = "explain it with ANALYZE"

    def own(self, node: PlanNode) -> float | None:
        """Return the bytes."""
        if node.bytes is not None:
            return float(node.bytes)
        rows = node.rows_carried
        return None if rows is None or node.width_bytes is None else rows * node.width_bytes

    def amount(self, value: float) -> str:
        """Return a size."""
        return format_bytes(value)
