"""What each node of a plan has of a metric, alone and with all that feeds it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.plans.showing.metrics import Metric, metric_of
from planroom.plans.showing.numbers import share_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planroom.plans.plan import Plan

__all__ = ["Weights", "weigh"]

_DECADES = 4.0  # an estimate that is off by ten thousand has the full colour


@dataclass(frozen=True)
class Weights:
    """The amounts of one metric in one plan.

    Attributes:
        own: What each node alone has of it, in the order of the nodes' numbers; None where that is not told.
        inclusive: The same with all below it: the sum, or for a metric that does not add up the largest.
    """

    plan: Plan
    metric: Metric
    own: tuple[float | None, ...]
    inclusive: tuple[float, ...]

    @cached_property
    def total(self) -> float:
        """The whole plan's amount."""
        return self.inclusive[0]

    def share(self, number: int) -> float:
        """Return the node's own share of the whole, in [0, 1]; of factors, their logarithm's share of four decades."""
        return self.of(self.own[number - 1] or 0.0)

    def inclusive_share(self, number: int) -> float:
        """Return the share of the node and all below it, in [0, 1]."""
        return self.of(self.inclusive[number - 1])

    def of(self, amount: float) -> float:
        """Return the share of the whole that an amount is."""
        if not self.metric.additive:
            return min(1.0, math.log10(amount) / _DECADES) if amount > 1 else 0.0
        return min(1.0, max(0.0, amount) / self.total) if self.total > 0 else 0.0

    def shown(self, number: int) -> str:
        """Return the node's number as printed: its share, or its factor; empty where it is not told."""
        own = self.own[number - 1]
        if own is None:
            return ""
        return share_text(self.share(number)) if self.metric.additive else self.metric.amount(own)

    def together(self, numbers: Iterable[int]) -> float:
        """Return the amount of several nodes: their sum, or the largest."""
        found = [self.own[number - 1] or 0.0 for number in numbers]
        return sum(found) if self.metric.additive else max(found, default=0.0)

    @cached_property
    def heaviest_path(self) -> frozenset[int]:
        """The numbers of the nodes from the root to where most of the metric is, always into the heaviest child."""
        path, node = [self.plan.root.number], self.plan.root
        while node.children:
            node = max(node.children, key=lambda child: (self.inclusive[child.number - 1], -child.number))
            if self.inclusive[node.number - 1] <= 0:
                break
            path.append(node.number)
        return frozenset(path)


def weigh(plan: Plan, by: str = "") -> Weights:
    """Return the amounts of the metric called ``by``, or of the plan's default.

    Raises:
        UnknownNameError: There is no such metric, or the plan does not tell it.
    """
    metric = metric_of(plan, by)
    told = [metric.own(node) for node in plan.nodes]
    own = tuple(None if amount is None else max(0.0, amount) for amount in told)  # rounding may leave less than none
    inclusive = [amount or 0.0 for amount in own]
    for node in reversed(plan.nodes):
        for child in node.children:
            below = inclusive[child.number - 1]
            at = node.number - 1
            inclusive[at] = inclusive[at] + below if metric.additive else max(inclusive[at], below)
    return Weights(plan, metric, own, tuple(inclusive))
