"""What a set of indexes is worth to a workload: what its queries cost less, and what keeping it up costs more."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.advice.indexing.costs import CachedCosts, Costs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.model import ObjectId

__all__ = ["Chosen", "Objective"]

_ROUNDING = 1e-9  # two that are equal but for it must both be looked at, or each would wait for the other

Chosen = frozenset[str]


class Objective:
    """The cost of a workload as a function of the indexes that are there.

    Keeping an index up costs, for each row written, a walk from its root to a leaf: ``height + 1`` pages, each read at
    random. Queries cost the planner's units times their calls; both count for the same time.

    Args:
        costs: What a query costs.
        weights: How often each query runs, in the time that is looked at.
        candidates: The indexes to choose among.
        writes: Rows written to each table in the same time.
        page_cost: What a page read at random costs, in the planner's units.
        budget_bytes: The most bytes that all chosen ones may have; None for any.
        there: The names of indexes that are there already and may be dropped; they count as there.
        tick: Called before each cost that is asked for; what it raises ends the search.

    Source of the write cost: Schnaitter and Polyzotis, "A Benchmark for Online Index Selection" (SMDB 2009) subtract
    maintenance likewise; the pages are those of ``_bt_doinsert``.
    """

    def __init__(
        self,
        costs: Costs,
        weights: Sequence[float],
        candidates: Sequence[CandidateIndex],
        *,
        writes: Mapping[ObjectId, float],
        page_cost: float,
        budget_bytes: float | None,
        there: Mapping[str, frozenset[int]] | None = None,
        tick: Callable[[], None] | None = None,
    ) -> None:
        self.weights = weights
        self.budget = float("inf") if budget_bytes is None else budget_bytes
        self.names = tuple(each.name for each in candidates)
        self.there = frozenset(there or ())
        self.queries: dict[str, frozenset[int]] = {each.name: frozenset(each.possible) for each in candidates}
        self.queries.update(there or {})
        possible: dict[int, set[str]] = defaultdict(set)
        for name, queries in self.queries.items():
            for query in queries:
                possible[query].add(name)
        self.costs = CachedCosts(costs, {query: frozenset(names) for query, names in possible.items()}, tick)
        self.sizes = {name: max(costs.size_bytes(name), 1.0) for name in self.names}
        self.upkeep = {
            each.name: writes.get(each.table, 0.0) * (costs.height(each.name) + 1) * page_cost for each in candidates
        }

    def query(self, query: int, chosen: Chosen) -> float:
        """Return what a query costs in all its calls; nothing for one that does not count."""
        if not self.weights[query]:
            return 0.0
        return self.weights[query] * self.costs.cost(query, chosen | self.there)[0]

    def used(self, query: int, chosen: Chosen) -> Chosen:
        """Return the indexes that a query's plan uses; none of one that does not count."""
        if not self.weights[query]:
            return frozenset()
        return self.costs.cost(query, chosen | self.there)[1]

    def size(self, chosen: Iterable[str]) -> float:
        """Return the bytes of indexes."""
        return sum(self.sizes[name] for name in sorted(chosen))

    def fits(self, chosen: Iterable[str]) -> bool:
        """Whether indexes are within the budget."""
        return self.size(chosen) <= self.budget

    def affected(self, changed: Iterable[str]) -> list[int]:
        """Return the queries to which indexes could make a difference."""
        return sorted(set().union(*(self.queries[name] for name in changed)))

    def gain(self, before: Chosen, after: Chosen) -> float:
        """Return how much less the workload costs with one set than with another."""
        return self.hoped(before, after, float("-inf"), {})[0]

    def hoped(self, before: Chosen, after: Chosen, enough: float, most: dict[int, float]) -> tuple[float, bool]:
        """Return how much less the workload costs with one set than with another, or the most that it can be.

        Args:
            before: The one set.
            after: The other.
            enough: As soon as it is sure that the gain is no greater, no more costs are asked for.
            most: What each query saved by the same step earlier, when fewer indexes were there; it is brought up to
                date. A query that is not in it may save anything.

        Returns:
            The gain, or a number that it does not exceed; and whether it is the gain itself.
        """
        total = sum(self.upkeep[name] for name in sorted(before - after))
        total -= sum(self.upkeep[name] for name in sorted(after - before))
        for query in self.affected(before ^ after):
            most[query] = min(most.get(query, float("inf")), self._most(query, before, after))
        total += sum(most.values())
        for query in sorted(most, key=lambda each: (-most[each], each)):
            if total < enough * (1 - math.copysign(_ROUNDING, enough)):
                return total, False
            saved = self.query(query, before) - self.query(query, after)
            total += saved - most[query]
            most[query] = saved
        return total, True

    def _most(self, query: int, before: Chosen, after: Chosen) -> float:
        """Return what a query can cost less at most, as far as that follows from what was asked."""
        weight = self.weights[query]
        return self.query(query, before) - weight * self.costs.least(query, after | self.there) if weight else 0.0

    def probe(self, groups: Iterable[Chosen]) -> None:
        """Ask what each query costs with a whole group of indexes: none of them alone can save it more."""
        for group in groups:
            for query in self.affected(group):
                self.query(query, group)

    def total(self, chosen: Chosen) -> float:
        """Return what the workload costs, upkeep of the chosen ones included."""
        queries = sum(self.query(query, chosen) for query in range(len(self.weights)))
        return queries + sum(self.upkeep[name] for name in sorted(chosen))
