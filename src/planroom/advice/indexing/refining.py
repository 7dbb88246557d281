"""What greedy steps cannot reach under a budget: an exact choice among the dozen indexes where it is closest.

Source: branch and bound with the relaxation that everything not yet decided is there for nothing, as CoPhy prunes its
index selection (Dash, Polyzotis, Ailamaki, "CoPhy: A Scalable, Portable, and Interactive Index Advisor", PVLDB 4(6),
2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.advice.indexing.extend import bundles, extended, groups_of, longer_ones
from planroom.advice.indexing.slimming import slimmed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.advice.indexing.objective import Chosen, Objective

__all__ = ["chosen_indexes"]

_LEAST = 1e-6  # share of the workload's cost: less is the planner's rounding
_MOST_DECIDED = 12  # indexes among which the choice is exact
_MOST_PLANS = 8  # of each query, in which indexes are looked for that serve together
_MOST_ASKED = 600  # costs asked for; about as many as the first evaluation of all candidates needs
_MOST_VISITED = 6000  # sets looked at; of twelve indexes there are 4,096


def chosen_indexes(objective: Objective, candidates: Sequence[CandidateIndex]) -> Chosen:
    """Return the indexes that are worth most to a workload within its budget, as far as the search sees.

    Args:
        objective: The workload.
        candidates: The indexes to choose among.
    """
    longer = longer_ones(candidates)
    shorter = {each: [short for short, those in longer.items() if each in those] for each in longer}
    wanted = frozenset[str]().union(*bundles(objective))
    if objective.fits(wanted) and not any(objective.upkeep[name] for name in wanted):
        return slimmed(objective, wanted, shorter)  # no query could cost less
    objective.probe(groups_of(candidates))
    found = [extended(objective, longer, plans=_MOST_PLANS)]
    found += [wanted] if objective.fits(wanted) else []
    best = min(found, key=lambda each: (objective.total(each), sorted(each)))
    return slimmed(objective, _Decisions(objective, best).best, shorter)


class _Decisions:
    """The choice among the indexes that are nearest to be in or out; the others stay as they are.

    Attributes:
        best: The best set found, at least as good as that from which it was begun.
    """

    def __init__(self, objective: Objective, chosen: Chosen) -> None:
        self.objective = objective
        self.best = chosen
        self.open = _nearest(objective, chosen)
        self.fixed = chosen - set(self.open)
        self.queries = objective.affected(self.open)
        self.least = self._cost(chosen, chosen)
        self.margin = _LEAST * objective.total(frozenset())
        self.visited = 0
        self.last = objective.costs.asked + _MOST_ASKED
        self._decide(self.fixed, self.open)

    def _cost(self, there: Chosen, decided: Chosen) -> float:
        """Return what the queries cost when some indexes are there of which only those decided need to be kept up."""
        upkeep = sum(self.objective.upkeep[name] for name in sorted(decided))
        return upkeep + sum(self.objective.query(query, there) for query in self.queries)

    def _decide(self, inside: Chosen, undecided: Sequence[str]) -> None:
        """Look at the sets that have some of the indexes, and may have those that are not decided."""
        self.visited += 1
        there = inside.union(undecided)
        cost = self._cost(there, inside)
        if cost >= self.least - self.margin or self.visited > _MOST_VISITED or self.objective.costs.asked > self.last:
            return
        used = frozenset[str]().union(*(self.objective.used(query, there) for query in self.queries))
        wanted = next((name for name in undecided if name in used), None)
        if wanted is None:
            self.best, self.least = inside, cost
            return
        rest = [name for name in undecided if name != wanted]
        if self.objective.fits(inside | {wanted}):
            self._decide(inside | {wanted}, rest)
        self._decide(inside, rest)


def _nearest(objective: Objective, chosen: Chosen) -> list[str]:
    """Return the indexes to decide about: the weakest of those chosen, and the most promising of the others."""
    lost = {name: objective.gain(chosen - {name}, chosen) / objective.sizes[name] for name in chosen}
    weakest = sorted(chosen, key=lambda name: (lost[name], name))
    outside = [name for name in _promising(objective) if name not in chosen]
    room = _MOST_DECIDED - min(len(outside), _MOST_DECIDED // 2)
    inside = weakest[:room]
    return [*reversed(inside), *outside[: _MOST_DECIDED - len(inside)]]


def _promising(objective: Objective) -> list[str]:
    """Return the indexes that may gain most alone, for their size or at all, and those that serve together."""
    nothing: Chosen = frozenset()
    gains = {name: objective.hoped(nothing, frozenset({name}), float("inf"), {})[0] for name in objective.names}
    by_size = sorted(objective.names, key=lambda name: -gains[name] / objective.sizes[name])
    by_gain = sorted(objective.names, key=lambda name: -gains[name])
    ranked = (name for pair in zip(by_size, by_gain, strict=True) for name in pair if gains[name] > 0)
    together = sorted(frozenset[str]().union(*bundles(objective, _MOST_PLANS)))
    return list(dict.fromkeys((*ranked, *together)))
