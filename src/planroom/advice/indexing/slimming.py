"""The last of the gain is not bought: indexes that save next to nothing go, and wide ones give way to narrow ones."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from planroom.advice.indexing.extend import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.advice.indexing.objective import Chosen, Objective

__all__ = ["slimmed"]

_LEFT = 0.02  # share of what all indexes save that is left, for as much space as it frees
_LEFT_UNASKED = 0.1  # the same where nobody said how much space there is: the last tenth takes half of it
_LEAST = 1e-6  # share of the workload's cost: less is the planner's rounding


def slimmed(objective: Objective, chosen: Chosen, shorter: Mapping[str, Sequence[str]]) -> Chosen:
    """Return a smaller set that saves all but a little of what a set saves: two hundredths; without a budget, a tenth.

    Each step takes an index away, or puts one in its place that its keys begin with: the one that frees most bytes for
    what is lost. What is lost by a step only grows as others are taken, so it is evaluated anew when its turn comes.

    Args:
        objective: The workload.
        chosen: The set.
        shorter: For each index, those that it can do the work of.
    """
    nothing: Chosen = frozenset()
    left = _LEFT if objective.budget < float("inf") else _LEFT_UNASKED
    allowed = left * max(objective.gain(nothing, chosen), 0.0) + _LEAST * objective.total(nothing)
    steps = [Step((), (name,)) for name in sorted(chosen)]
    steps += [Step((short,), (name,)) for name in sorted(chosen) for short in shorter.get(name, ())]
    heap = [(*_price(objective, chosen, step), step) for step in steps]
    heapq.heapify(heap)
    while heap:
        price, lost, step = heapq.heappop(heap)
        if not chosen.issuperset(step.replaced) or lost > allowed or price == float("inf"):
            continue
        now = _price(objective, chosen, step)
        if now[0] > price and heap and now[0] > heap[0][0]:
            heapq.heappush(heap, (*now, step))
        elif now[1] <= allowed:
            chosen, allowed = step.taken(chosen), allowed - max(now[1], 0.0)
            for name in step.added:
                for each in (Step((), (name,)), *(Step((short,), (name,)) for short in shorter.get(name, ()))):
                    heapq.heappush(heap, (*_price(objective, chosen, each), each))
    return chosen


def _price(objective: Objective, chosen: Chosen, step: Step) -> tuple[float, float]:
    """Return what a step loses for each byte that it frees, and what it loses."""
    after = step.taken(chosen)
    freed = objective.size(chosen) - objective.size(after)
    lost = objective.gain(after, chosen)
    return (lost / freed if freed > 0 else float("inf")), lost
