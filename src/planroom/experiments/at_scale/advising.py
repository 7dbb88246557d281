"""Index advice at scale: candidates are built in a database without rows, and the planner says what they are worth."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.advice.indexing import AdvisedQuery, IndexAdvice, advised, existing_indexes
from planroom.advice.indexing.candidates import candidates_for, demands_of_queries
from planroom.errors import PlanroomError, SourceError, StatementFailedError
from planroom.experiments.at_scale.index_costs import (
    ScaledCosts,
    Sizes,
    sizes_of_candidates,
    sizes_of_existing,
    with_sizes,
)
from planroom.experiments.explained_plans import plan_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from planroom.advice.indexing import CandidateIndex
    from planroom.advice.indexing.demands import Demand
    from planroom.engines.postgres.scaled import ScaledPostgres
    from planroom.model import Model, ObjectId
    from planroom.plans import Plan
    from planroom.scaling.statistics import Statistics
    from planroom.sqltext.weighted_queries import WeightedQuery

__all__ = ["advise"]

_RANDOM_PAGE_COST = 4.0  # PostgreSQL's default
_MOST_PLANS = 5  # queries whose plans before and after are shown, those that gain most: a picture has some 50 kB


def advise(
    model: Model,
    statistics: Statistics,
    queries: Sequence[WeightedQuery],
    *,
    budget_bytes: float | None = None,
    write_rates: Mapping[ObjectId, float] | None = None,
    period_s: float = 1.0,
    alike: bool | None = None,
    width: int = 3,
    settings: Mapping[str, object] | None = None,
    progress: Callable[[str], None] | None = None,
) -> IndexAdvice:
    """Return the indexes that a workload is best served with at the size that statistics tell.

    Everything happens in a database of planroom's own that holds no rows; it is gone afterwards, also when the search
    is interrupted. A query that the server does not plan is told with the reason, and the others go on.

    Args:
        model: The design.
        statistics: What a planner would know of it, complete: see `planroom.scaling.declared`.
        queries: The workload.
        budget_bytes: The most bytes that the new indexes may have together; None for any.
        write_rates: Rows written a second, by table id.
        period_s: The seconds in which the queries were called as often as they say.
        alike: Let each query count alike, whatever it costs; by default where nothing counts calls or writes.
        width: The most key parts of an index.
        settings: Settings of the planner.
        progress: Told in words how far it is, and an empty text at the end; what it raises ends the search.

    Raises:
        SourceError: No query of the workload can be planned.
        QuantityError: The budget, a rate, the period or the width cannot be.
        ServerUnavailableError: There is no server to plan with.
    """
    demands = demands_of_queries([each.sql for each in queries], model)
    candidates = candidates_for(demands, model, statistics, width=width)
    existing = existing_indexes(model)
    sizes = sizes_of_candidates(candidates, model, statistics)
    engine, candidates = _built(model, statistics, candidates, sizes, settings)
    with engine:
        sizes |= sizes_of_existing(existing, model, statistics)
        costs = ScaledCosts(engine, queries, sizes, frozenset(each.name for each in existing if not each.kept))
        planned = _planned(costs, queries)
        counted = bool(write_rates) or any(each.calls != 1 for each in planned)
        advice = advised(
            costs,
            planned,
            candidates,
            budget_bytes=budget_bytes,
            write_rates=write_rates,
            period_s=period_s,
            page_cost=_page_cost(statistics, settings),
            existing=[(each, _asking(each.table, demands, model)) for each in existing],
            alike=not counted if alike is None else alike,
            progress=progress,
        )
        notes = (*advice.notes, *engine.notes)
    # Of two indexes that cost the same the planner takes the one that was made last: they are made as the script will.
    chosen = {each.candidate.name: each.candidate for each in advice.chosen}
    complete = with_sizes(statistics, {name: sizes[name] for name in chosen})
    with _database(model, complete, chosen.values(), settings) as engine:
        return replace(advice, queries=_with_plans(advice, queries, engine, model), notes=notes)


def _built(
    model: Model,
    statistics: Statistics,
    candidates: tuple[CandidateIndex, ...],
    sizes: Sizes,
    settings: Mapping[str, object] | None,
) -> tuple[ScaledPostgres, tuple[CandidateIndex, ...]]:
    """Return the database with the candidates in it, and those of them that the server takes."""

    def make(chosen: tuple[CandidateIndex, ...]) -> ScaledPostgres:
        complete = with_sizes(statistics, {each.name: sizes[each.name] for each in chosen})
        return _database(model, complete, chosen, settings)

    try:
        return make(candidates), candidates
    except StatementFailedError:
        taken = tuple(_taken(model, candidates))
        if len(taken) == len(candidates):
            raise
        return make(taken), taken


def _database(
    model: Model, statistics: Statistics, candidates: Iterable[CandidateIndex], settings: Mapping[str, object] | None
) -> ScaledPostgres:
    from planroom.engines.postgres.scaled import ScaledPostgres

    return ScaledPostgres(model, statistics, candidates=[each.statement for each in candidates], settings=settings)


def _taken(model: Model, candidates: Iterable[CandidateIndex]) -> Iterator[CandidateIndex]:
    """Yield the candidates that a server takes, tried one by one in a database without rows."""
    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.engines.postgres.server import embedded
    from planroom.formats import FORMATS

    with OwnedPostgres(embedded()) as database:
        database.run(FORMATS["postgres"].write(model))
        for each in candidates:
            with contextlib.suppress(StatementFailedError):
                database.run(each.statement)
                yield each


def _planned(costs: ScaledCosts, queries: Sequence[WeightedQuery]) -> list[WeightedQuery]:
    """Return the queries, each that the server does not plan with its reason.

    Raises:
        SourceError: None can be planned.
    """
    found: list[WeightedQuery] = []
    for number, query in enumerate(queries):
        try:
            if not query.reason:
                costs.cost(number, costs.droppable)
            found.append(query)
        except PlanroomError as error:
            found.append(replace(query, reason=f"{error.what} {error.why}".rstrip()))
    if all(each.reason for each in found):
        raise SourceError(
            "There are no queries to advise on.",
            why=f"none of {len(found)} statements can be planned: {found[0].reason}" if found else "none was given.",
            fix="give SELECT, INSERT, UPDATE, DELETE or MERGE on the tables of the design.",
        )
    return found


def _asking(table: ObjectId, demands: Iterable[Demand], model: Model) -> frozenset[int]:
    """Return the queries that read a table, or a table that it is a partition of, or the other way round."""
    root = model.roots[table]
    return frozenset(each.query for each in demands if model.roots[each.table.id] == root)


def _page_cost(statistics: Statistics, settings: Mapping[str, object] | None) -> float:
    told = {**statistics.settings, **(settings or {})}.get("random_page_cost", _RANDOM_PAGE_COST)
    try:
        return float(str(told))
    except ValueError:
        return _RANDOM_PAGE_COST


def _with_plans(
    advice: IndexAdvice, queries: Sequence[WeightedQuery], engine: ScaledPostgres, model: Model
) -> tuple[AdvisedQuery, ...]:
    """Return the queries with their plans before and after, those that gain most."""
    gone = frozenset(each.existing.name for each in advice.dropped)
    made = frozenset(each.candidate.name for each in advice.chosen)
    gains = {
        number: each.calls * (each.before - each.after)
        for number, each in enumerate(advice.queries)
        if each.before is not None and each.after is not None and each.after != each.before
    }
    shown = sorted(gains, key=lambda number: (-gains[number], number))[:_MOST_PLANS]
    title = f"{model.name or 'design'} at scale"

    def plan(number: int, visible: frozenset[str], hidden: frozenset[str]) -> Plan:
        query = queries[number]
        found = engine.explain(query.sql, visible=visible, hidden=hidden, generic=query.generic)
        return plan_from(found, title)

    nothing: frozenset[str] = frozenset()
    return tuple(
        replace(each, plans=(plan(number, nothing, nothing), plan(number, made, gone))) if number in shown else each
        for number, each in enumerate(advice.queries)
    )
