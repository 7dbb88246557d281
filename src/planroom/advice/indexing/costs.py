"""What queries cost with which indexes: asked once, and where the answer follows from others not at all."""

from __future__ import annotations

from collections import defaultdict
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
    there. So an answer holds for all sets between the indexes that its plan uses and those that it was chosen among.

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
        self.tick = tick or (lambda: None)
        self.costs = costs
        self.possible = possible
        self.asked = 0
        self._exact: dict[tuple[int, frozenset[str]], tuple[float, frozenset[str]]] = {}
        self._known: dict[int, list[tuple[frozenset[str], frozenset[str], float]]] = defaultdict(list)

    def cost(self, query: int, indexes: frozenset[str]) -> tuple[float, frozenset[str]]:
        """Return the cost of a query with these indexes and no other, and those that its plan uses."""
        there = indexes & self.possible.get(query, frozenset())
        found = self._exact.get((query, there))
        if found is not None:
            return found
        for among, used, cost in self._known[query]:
            if used <= there <= among:
                self._exact[query, there] = cost, used
                return cost, used
        return self.asked_anew(query, there)

    def asked_anew(self, query: int, indexes: frozenset[str]) -> tuple[float, frozenset[str]]:
        """Return the same, asked for even where it follows from others."""
        there = indexes & self.possible.get(query, frozenset())
        self.tick()
        cost, used = self.costs.cost(query, there)
        used &= there
        self.asked += 1
        self._exact[query, there] = cost, used
        self._known[query].append((there, used, cost))
        return cost, used
