"""From queries, candidates and what they cost to the indexes to make and to drop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.advice.indexing.dropping import droppable
from planroom.advice.indexing.objective import Objective
from planroom.advice.indexing.refining import chosen_indexes
from planroom.advice.indexing.results import AdvisedQuery, ChosenIndex, IndexAdvice
from planroom.errors import QuantityError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.advice.indexing.costs import Costs
    from planroom.advice.indexing.existing import ExistingIndex
    from planroom.advice.indexing.objective import Chosen
    from planroom.model import ObjectId
    from planroom.sqltext.weighted_queries import WeightedQuery

__all__ = ["advised"]

_RANDOM_PAGE_COST = 4.0  # PostgreSQL's default
_TOLD_EVERY = 25  # costs asked for


def advised(
    costs: Costs,
    queries: Sequence[WeightedQuery],
    candidates: Sequence[CandidateIndex],
    *,
    budget_bytes: float | None = None,
    write_rates: Mapping[ObjectId, float] | None = None,
    period_s: float = 1.0,
    page_cost: float = _RANDOM_PAGE_COST,
    existing: Sequence[tuple[ExistingIndex, frozenset[int]]] = (),
    alike: bool = False,
    progress: Callable[[str], None] | None = None,
) -> IndexAdvice:
    """Return the indexes that a workload is best served with, and those that it can do without.

    What is minimised: the cost of all calls, and for each row written ``(height + 1) * page_cost`` for each index of
    its table. Calls and writes count for the same ``period_s`` seconds. The last two hundredths of what could be saved,
    without a budget the last tenth, are left with the space that they would take. The answer is the same from run to
    run.

    Args:
        costs: What a query costs with which indexes; queries are asked for by their number in ``queries``.
        queries: The workload; those with a reason why they are no query are only told.
        candidates: The indexes to choose among, as `candidate_indexes` gives them for the same queries.
        budget_bytes: The most bytes that the new indexes may have together, >= 0; None for any.
        write_rates: Rows written a second (inserted, deleted, or updated in an indexed column), by table id.
        period_s: The seconds in which the queries were called as often as they say, > 0.
        page_cost: What a page read at random costs: random_page_cost.
        existing: The indexes that are there, each with the numbers of the queries that it could serve.
        alike: Let each query count alike, by its cost in parts of what it costs now, whatever its calls.
        progress: Told in words how far it is, and an empty text at the end; what it raises ends the search.

    Raises:
        QuantityError: The budget or a rate is negative, or the period is not positive.
    """
    _check(budget_bytes, write_rates or {}, period_s)
    told = _Told(progress)
    writes = {table: rate * period_s for table, rate in (write_rates or {}).items()}
    objective = Objective(
        costs,
        _weights(costs, queries, existing, alike=alike),
        candidates,
        writes=writes,
        page_cost=page_cost,
        budget_bytes=budget_bytes,
        there={each.name: asked for each, asked in existing if not each.kept},
        tick=told.one,
    )
    chosen = chosen_indexes(objective, candidates)
    gone = droppable(objective, chosen, [each for each, _ in existing], candidates, writes, page_cost)
    advice = IndexAdvice(
        chosen=_chosen(objective, chosen, queries, candidates),
        dropped=gone,
        queries=_queries(objective, chosen, frozenset(each.existing.name for each in gone), queries),
        budget_bytes=budget_bytes,
        candidates=len(candidates),
        asked=objective.costs.asked,
        alike=alike,
    )
    told.end()
    return advice


def _check(budget_bytes: float | None, write_rates: Mapping[ObjectId, float], period_s: float) -> None:
    if budget_bytes is not None and not budget_bytes >= 0:
        raise QuantityError(
            f"A budget of {budget_bytes} bytes cannot be.", why="it is negative.", fix="give 0 or more."
        )
    for table, rate in write_rates.items():
        if not rate >= 0:
            raise QuantityError(
                f"{table} cannot be written to {rate} times a second.", why="it is negative.", fix="give 0 or more."
            )
    if not period_s > 0:
        raise QuantityError(f"A period of {period_s} seconds cannot be.", fix="give the seconds that the calls cover.")


class _Told:
    """Tells how many costs were asked for."""

    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.progress = progress
        self.count = 0

    def one(self) -> None:
        self.count += 1
        if self.progress is not None and self.count % _TOLD_EVERY == 1:
            self.progress(f"{self.count} plans")

    def end(self) -> None:
        if self.progress is not None:
            self.progress("")


def _weights(
    costs: Costs,
    queries: Sequence[WeightedQuery],
    existing: Sequence[tuple[ExistingIndex, frozenset[int]]],
    *,
    alike: bool,
) -> list[float]:
    """Return what a unit of each query's cost counts: its calls, or so much that all cost the same now."""
    weights = [0.0 if each.reason else each.calls for each in queries]
    if not alike:
        return weights
    there = frozenset(each.name for each, _ in existing if not each.kept)
    now = [costs.cost(number, there)[0] if weight else 0.0 for number, weight in enumerate(weights)]
    mean = sum(now) / max(sum(cost > 0 for cost in now), 1)
    return [mean / cost if cost > 0 else 0.0 for cost in now]


def _chosen(
    objective: Objective,
    chosen: Chosen,
    queries: Sequence[WeightedQuery],
    candidates: Sequence[CandidateIndex],
) -> tuple[ChosenIndex, ...]:
    found = []
    for each in (candidate for candidate in candidates if candidate.name in chosen):
        less = chosen - {each.name}
        lost = {
            number: objective.query(number, less) - objective.query(number, chosen)
            for number in objective.affected([each.name])
            if each.name in objective.used(number, chosen)
        }
        serves = sorted(lost, key=lambda number: (-lost[number], number))
        found.append(
            ChosenIndex(
                candidate=each,
                size_bytes=objective.sizes[each.name],
                gain=sum(lost.values()),
                upkeep=objective.upkeep[each.name],
                serves=tuple((queries[number].name, lost[number]) for number in serves),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.gain, each.candidate.name)))


def _queries(
    objective: Objective, chosen: Chosen, gone: frozenset[str], queries: Sequence[WeightedQuery]
) -> tuple[AdvisedQuery, ...]:
    """Return what each query costs, asked for anew: with what is there, and with what is advised."""
    found = []
    for number, query in enumerate(queries):
        known = {"name": query.name, "sql": query.sql, "calls": query.calls, "location": query.location}
        if query.reason:
            found.append(AdvisedQuery(**known, reason=query.reason))  # type: ignore[arg-type]
            continue
        before, _ = objective.costs.cost(number, objective.there)
        after, used = objective.costs.asked_anew(number, (objective.there - gone) | chosen)
        uses = tuple(sorted(used & chosen))
        found.append(AdvisedQuery(**known, before=before, after=after, uses=uses))  # type: ignore[arg-type]
    return tuple(found)
