"""Time, as measured: another run gives other numbers, so it is shown when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.plans.showing.metrics.base import Metric
from planroom.quantities import format_duration

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode

__all__ = ["Time"]


class Time(Metric):
    """Milliseconds that the node alone accounts for; in DuckDB those of all threads together."""

    order: ClassVar[int] = 6
    repeatable: ClassVar[bool] = False
    label: ClassVar[str] = "the time"
    heading: ClassVar[str] = "own time"
    missing: ClassVar[str] = "it was not run, or without timing"
    remedy: ClassVar[str] = "explain it with ANALYZE"

    def own(self, node: PlanNode) -> float | None:
        """Return the milliseconds."""
        return node.self_ms

    def amount(self, value: float) -> str:
        """Return a duration."""
        return format_duration(value / 1000) if value else "0 ms"
