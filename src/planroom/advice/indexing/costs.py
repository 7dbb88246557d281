"""What queries cost with which indexes: asked once, and where the answer follows from others not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CachedCosts", "Costs"]


class Costs(Protocol):
    """Whoever can tell what a query costs when certain indexes are there and others are not."""

    def cost(self, query: int, indexes: frozenset[str]) -> tuple[float, frozenset[str]]:
        """Return the cost of a query in the planner's units, and which of the indexes its plan uses."""

    def size_bytes(self, index: str) -> float:
        """Return the size of an index, in bytes."""

    def height(self, index: str) -> int:
        """Return the levels of an index above its leaves; 0 where it has none."""


class CachedCosts:
    """Costs that are asked for once for each query and the indexes that could bear on it.

    A plan that was the cheapest among many indexes is the cheapest among fewer, too, as long as those that it uses are
    there. So an answer holds for all sets between the indexes that its plan uses and those that it was chosen among;
    and no query costs less with fewer indexes.

    Args:
        costs: Who is asked.
        possible: For each query, the indexes that could bear on it; all others make no difference.
        tick: Called before each cost that is asked for; what it raises ends the search.

    Attributes:
        asked: How many costs were asked for.
    """

    def __init__(
        self, costs: Costs, possible: Mapping[int, frozenset[str]], tick: Callable[[], None] | None = None
    ) -> None:
        self.costs = costs
        self.tick = tick or (lambda: None)
        self.asked = 0
        names = sorted(frozenset[str]().union(*possible.values()))
        self._bits = {name: 1 << at for at, name in enumerate(names)}
        self._possible = {query: self._mask(found) for query, found in possible.items()}
        self._sets = possible
        self._masks: dict[frozenset[str], int] = {}
        self._exact: dict[tuple[int, int], tuple[float, frozenset[str]]] = {}
        self._known: dict[int, list[tuple[int, int, float, frozenset[str]]]] = {}

    def _mask(self, indexes: frozenset[str]) -> int:
        """Return a set as the bits of a number, which are compared in no time."""
        return sum(self._bits.get(name, 0) for name in indexes)

    def _there(self, query: int, indexes: frozenset[str]) -> int:
        found = self._masks.get(indexes)
        if found is None:
            found = self._masks[indexes] = self._mask(indexes)
        return found & self._possible.get(query, 0)

    def cost(self, query: int, indexes: frozenset[str]) -> tuple[float, frozenset[str]]:
        """Return the cost of a query with these indexes and no other, and those that its plan uses."""
        there = self._there(query, indexes)
        found = self._exact.get((query, there))
        if found is not None:
            return found
        for among, used, cost, names in self._known.get(query, ()):
            if not used & ~there and not there & ~among:
                self._exact[query, there] = cost, names
                return cost, names
        return self.asked_anew(query, indexes)

    def least(self, query: int, indexes: frozenset[str]) -> float:
        """Return what a query costs at least with these indexes, as far as that follows from what was asked."""
        there = self._there(query, indexes)
        found = self._exact.get((query, there))
        if found is not None:
            return found[0]
        return max((cost for among, _, cost, _ in self._known.get(query, ()) if not there & ~among), default=0.0)

    def asked_anew(self, query: int, indexes: frozenset[str]) -> tuple[float, frozenset[str]]:
        """Return the same as `cost`, asked for even where it follows from others."""
        there = self._there(query, indexes)
        wanted = indexes & self._sets.get(query, frozenset())
        self.tick()
        cost, used = self.costs.cost(query, wanted)
        used &= wanted
        self.asked += 1
        self._exact[query, there] = cost, used
        self._known.setdefault(query, []).append((there, self._mask(used), cost, used))
        return cost, used
