"""Extend: indexes are added or made longer, one step after the other, each the one with the best gain for its size.

Source: Schlosser, Kossmann, Boissier, "Efficient Scalable Multi-attribute Index Selection Using Recursive Strategies"
(ICDE 2019); among the best of eight at most budgets in Kossmann, Halfpap, Jankrift, Schlosser, "Magic mirror in my
hand, which is the best in the land?" (PVLDB 13(11), 2020). Gains are evaluated lazily, as Minoux ("Accelerated greedy
algorithms", 1978) has it: a gain only falls as indexes are added, but where indexes serve together; for these, what
each query would use if all were there is a step of its own.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.advice.indexing.objective import Chosen, Objective

__all__ = ["Step", "bundles", "extended", "longer_ones"]

_LEAST = 1e-6  # share of the workload's cost: less is the planner's rounding


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Indexes that come, together, and those that they make superfluous."""

    added: tuple[str, ...]
    replaced: tuple[str, ...] = ()

    def taken(self, chosen: Chosen) -> Chosen:
        """Return the set after the step."""
        return (chosen - set(self.replaced)) | set(self.added)


def longer_ones(candidates: Sequence[CandidateIndex]) -> Mapping[str, tuple[str, ...]]:
    """Return for each candidate those that begin with its keys, and hold its columns, so that they can replace it."""
    from planroom.advice.indexing.existing import begins_with

    return {
        short.name: tuple(
            long.name
            for long in candidates
            if long is not short and long.table == short.table and begins_with(long.index, short.index)
        )
        for short in candidates
    }


def bundles(objective: Objective, plans: int = 1) -> Iterator[Chosen]:
    """Yield what each query would use if all candidates were there: indexes that are of use together alone.

    Args:
        objective: The workload.
        plans: The most to yield for a query: the next are what it would use without one of those that it did.
    """
    everything = frozenset(objective.names)
    for query in range(len(objective.weights)):
        pending: list[Chosen] = [frozenset()]
        for at in range(plans):
            if at == len(pending):
                break
            used = objective.used(query, everything - pending[at]) - objective.there
            yield used
            pending += [pending[at] | {name} for name in sorted(used) if pending[at] | {name} not in pending]


def extended(
    objective: Objective, longer: Mapping[str, Sequence[str]], *, by_size: bool = True, plans: int = 1
) -> Chosen:
    """Return the indexes that Extend chooses.

    Args:
        objective: The workload.
        longer: For each candidate, those that can replace it.
        by_size: Whether the gain for each byte decides, or the gain alone.
        plans: How many plans of each query are looked at for indexes that serve together.
    """
    chosen: Chosen = frozenset()
    least = _LEAST * objective.total(chosen)
    heap = [_entry(objective, chosen, Step((name,)), by_size) for name in objective.names]
    heap += [
        _entry(objective, chosen, Step(tuple(sorted(each))), by_size)
        for each in dict.fromkeys(bundles(objective, plans))
        if len(each) > 1
    ]
    heapq.heapify(heap)
    while (step := _next(objective, chosen, heap, least, by_size)) is not None:
        before, chosen = chosen, step.taken(chosen)
        for name in sorted(chosen - before):
            for long in longer.get(name, ()):
                if long not in chosen:
                    heapq.heappush(heap, _entry(objective, chosen, Step((long,), (name,)), by_size))
    return chosen


def _entry(objective: Objective, chosen: Chosen, step: Step, by_size: bool) -> tuple[float, Step]:
    """Return a step with what it is worth as things stand, for a heap: the best first, ties by name."""
    after = step.taken(chosen)
    gain = objective.gain(chosen, after)
    return -_worth(objective, chosen, after, gain, by_size), step


def _worth(objective: Objective, chosen: Chosen, after: Chosen, gain: float, by_size: bool) -> float:
    return gain / max(objective.size(after) - objective.size(chosen), 1.0) if by_size else gain


def _next(
    objective: Objective, chosen: Chosen, heap: list[tuple[float, Step]], least: float, by_size: bool
) -> Step | None:
    """Return the step with the greatest worth that fits; None when none gains anything.

    The best by what it was once worth is evaluated anew; when it still is the best, it is taken.
    """
    evaluated: set[Step] = set()
    too_large: list[tuple[float, Step]] = []
    found: Step | None = None
    while heap and found is None:
        worth, step = heapq.heappop(heap)
        after = step.taken(chosen)
        if worth >= 0 or after == chosen or not chosen.issuperset(step.replaced):
            continue
        if not objective.fits(after):
            too_large.append((worth, step))
        elif step in evaluated:
            found = step
        else:
            evaluated.add(step)
            gain = objective.gain(chosen, after)
            if gain > least:
                heapq.heappush(heap, (-_worth(objective, chosen, after, gain, by_size), step))
    for entry in too_large:
        heapq.heappush(heap, entry)
    return found
