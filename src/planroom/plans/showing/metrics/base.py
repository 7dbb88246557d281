"""What a metric declares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["Metric"]


class Metric(ABC):
    """A plug-in: something that each node has an amount of. Its file's name is its name.

    Attributes:
        order: The first metric, in this order, that a plan tells is the default.
        by_default: Whether it may be the default.
        repeatable: Whether another run gives the same.
        additive: Whether the nodes' amounts add up to the plan's.
        label: What it is called in a sentence: ``the cost``.
        heading: The same as a column's title.
        missing: Why a plan may not tell it.
        remedy: What to do then.
    """

    order: ClassVar[int] = 100
    by_default: ClassVar[bool] = False
    repeatable: ClassVar[bool] = True
    additive: ClassVar[bool] = True
    label: ClassVar[str]
    heading: ClassVar[str]
    missing: ClassVar[str] = "the engine printed no such number"
    remedy: ClassVar[str] = "explain the statement with more options"

    @property
    def name(self) -> str:
        """The metric's name: its module's."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def own(self, node: PlanNode) -> float | None:
        """Return what the node alone has of it; None when that is not told."""

    @abstractmethod
    def amount(self, value: float) -> str:
        """Return an amount as people read it."""

    def told_by(self, plan: Plan) -> bool:
        """Return whether the plan tells it of any node."""
        return any(self.own(node) for node in plan.nodes)
