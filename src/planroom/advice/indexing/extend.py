"""Extend: indexes are added or made longer, one step after the other, each the one with the best gain for its size.

Source: Schlosser, Kossmann, Boissier, "Efficient Scalable Multi-attribute Index Selection Using Recursive Strategies"
(ICDE 2019); among the best of eight at most budgets in Kossmann, Halfpap, Jankrift, Schlosser, "Magic mirror in my
hand, which is the best in the land?" (PVLDB 13(11), 2020). Gains are evaluated lazily, as Minoux ("Accelerated greedy
algorithms", 1978) has it, and only as far as they matter: a gain only falls as indexes are added, but where indexes
serve together; for these, what each query would use if all were there is a step of its own.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.advice.indexing.objective import Chosen, Objective

__all__ = ["Step", "bundles", "extended", "groups_of", "longer_ones"]

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


def groups_of(candidates: Sequence[CandidateIndex]) -> tuple[Chosen, ...]:
    """Return the candidates by their tables and first keys: those of a group serve much the same queries."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for each in candidates:
        first = each.index.columns[0]
        key = each.table, each.index.method, str(first), first.operator_class, str(each.index.predicate or "")
        groups.setdefault(key, set()).add(each.name)
    return tuple(map(frozenset, groups.values()))


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


def extended(objective: Objective, longer: Mapping[str, Sequence[str]], *, plans: int = 1) -> Chosen:
    """Return the indexes that Extend chooses.

    Args:
        objective: The workload.
        longer: For each candidate, those that can replace it.
        plans: How many plans of each query are looked at for indexes that serve together.
    """
    together = dict.fromkeys(each for each in bundles(objective, plans) if len(each) > 1 and objective.fits(each))
    steps = [Step((name,)) for name in objective.names] + [Step(tuple(sorted(each))) for each in together]
    greedy = _Greedy(objective)
    for step in steps:
        greedy.offer(step)
    while (best := greedy.next()) is not None:
        for name in sorted(best.added):
            for long in longer.get(name, ()):
                greedy.offer(Step((long,), (name,)))
    return greedy.chosen


class _Greedy:
    """Takes one step after the other, each the one with the greatest gain for each byte that fits.

    Attributes:
        chosen: What has been chosen so far.
    """

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self.chosen: Chosen = frozenset()
        self.least = _LEAST * objective.total(self.chosen)
        self._heap: list[tuple[float, Step]] = []
        self._most: dict[Step, dict[int, float]] = {}

    def offer(self, step: Step) -> None:
        """Take note of a step, with the most that it can be worth."""
        self._look(step, float("inf"))

    def _look(self, step: Step, enough: float) -> bool:
        """Put a step where it belongs; return whether its gain is known, not only the most that it can be."""
        space = self._space(step)
        most = self._most.setdefault(step, {})
        gain, exact = self.objective.hoped(self.chosen, step.taken(self.chosen), enough * space, most)
        if gain > self.least:
            heapq.heappush(self._heap, (-gain / space, step))
        return exact

    def _space(self, step: Step) -> float:
        """Return the bytes that a step takes, at least one."""
        return max(self.objective.size(step.taken(self.chosen)) - self.objective.size(self.chosen), 1.0)

    def next(self) -> Step | None:
        """Take the best step, and return it; None when none gains anything.

        The first is looked at until its gain is known, or until it cannot be the first any more; what is first with its
        gain known is taken.
        """
        known: set[Step] = set()
        too_large: list[tuple[float, Step]] = []
        found: Step | None = None
        while self._heap and found is None:
            worth, step = heapq.heappop(self._heap)
            after = step.taken(self.chosen)
            if after == self.chosen or not self.chosen.issuperset(step.replaced):
                continue
            if not self.objective.fits(after):
                too_large.append((worth, step))
            elif step in known:
                found, self.chosen = step, after
            elif self._look(step, -self._heap[0][0] if self._heap else float("-inf")):
                known.add(step)
        for entry in too_large:
            heapq.heappush(self._heap, entry)
        return found
