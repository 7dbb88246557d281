"""Blocks touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.plans.showing.metrics.base import Metric
from planroom.plans.showing.numbers import count_text

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode

__all__ = ["Buffers"]


class Buffers(Metric):
    """Blocks of 8 KiB that the node alone asked for, whether they were in memory or read.

    How many of them were in memory changes from run to run; their sum does not, as long as no other session works on
    the tables.
    """

    order: ClassVar[int] = 4
    label: ClassVar[str] = "the blocks touched"
    heading: ClassVar[str] = "own blocks"
    missing: ClassVar[str] = "it was explained without BUFFERS, or touched no block"
    remedy: ClassVar[str] = "explain it with ANALYZE, BUFFERS"

    def own(self, node: PlanNode) -> float | None:
        """Return the blocks."""
        return node.self_buffers.touched or None

    def amount(self, value: float) -> str:
        """Return a number of blocks."""
        return f"{count_text(value)} {'block' if value == 1 else 'blocks'}"
