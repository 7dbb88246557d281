"""The indexes that a workload might want: from what its queries ask of their tables."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.advice.indexing.building import built, names_taken
from planroom.advice.indexing.existing import begins_with, indexes_of
from planroom.advice.indexing.kinds import INDEX_KINDS
from planroom.advice.indexing.known import Known
from planroom.advice.indexing.reading import demands_of
from planroom.errors import QuantityError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.advice.indexing.demands import Demand
    from planroom.model import Index, Model, ObjectId
    from planroom.scaling.statistics import Statistics

    Made = Mapping[int, None]

__all__ = ["candidate_indexes", "candidates_for", "demands_of_queries"]


def candidate_indexes(
    queries: Sequence[str], model: Model, statistics: Statistics | None = None, *, width: int = 3
) -> tuple[CandidateIndex, ...]:
    """Return the indexes that queries might use and the design does not have, sorted by table and keys.

    Each is what one query alone asks of one table; which are worth their space is not told here. Views and CTEs are
    looked through; foreign tables and materialised views get none.

    Args:
        queries: SQL; what cannot be read adds nothing.
        model: The design.
        statistics: What is known of the rows; without it there are no partial and no BRIN indexes.
        width: The most key parts of a B-tree, >= 1.

    Raises:
        QuantityError: The width is not positive.
    """
    return candidates_for(demands_of_queries(queries, model), model, statistics, width=width)


def demands_of_queries(queries: Sequence[str], model: Model) -> tuple[Demand, ...]:
    """Return what queries ask of their tables; what cannot be read asks nothing."""
    names = Known(model, None).names
    return tuple(each for number, sql in enumerate(queries) for each in demands_of(number, sql, model, names))


def candidates_for(
    demands: Sequence[Demand], model: Model, statistics: Statistics | None, *, width: int = 3
) -> tuple[CandidateIndex, ...]:
    """Return the indexes that would serve demands; see `candidate_indexes`."""
    if width < 1:
        raise QuantityError(
            f"An index of {width} columns cannot be.", why="width is the most key parts.", fix="give 1 or more."
        )
    known = Known(model, statistics)
    made: dict[tuple[ObjectId, Index], dict[int, None]] = defaultdict(dict)
    asked: dict[ObjectId, list[Demand]] = defaultdict(list)
    for demand in demands:
        asked[demand.table.id].append(demand)
        for index in _proposed(demand, known, width):
            made[demand.table.id, index][demand.query] = None
    wanted = sorted(_without_twins(made).items(), key=lambda item: _order(*item[0]))
    taken, tables = names_taken(model), model.tables_by_id
    return tuple(
        built(model, tables[table], index, taken, queries=found, possible=_possible(index, asked[table]))
        for (table, index), found in wanted
    )


def _without_twins(made: Mapping[tuple[ObjectId, Index], Made]) -> dict[tuple[ObjectId, Index], Made]:
    """Return the indexes without those that carry the same columns as another that does all they do, and more."""
    groups: dict[object, list[tuple[ObjectId, Index]]] = defaultdict(list)
    for table, index in made:
        held = frozenset(map(str, index.columns)) | set(index.include)
        groups[table, index.method, index.predicate, held].append((table, index))
    kept: dict[tuple[ObjectId, Index], Made] = {}
    for group in groups.values():
        for table, index in sorted(group, key=lambda item: (-len(item[1].columns), _order(*item))):
            twin = next((each for each in kept if each in group and begins_with(each[1], index)), (table, index))
            kept[twin] = {**kept.get(twin, {}), **made[table, index]}
    return kept


def _possible(index: Index, demands: Iterable[Demand]) -> tuple[int, ...]:
    """Return the queries that ask something of a key part, or need nothing but what the index holds."""
    keys = {str(part) for part in index.columns}
    held = keys | set(index.include)
    return tuple(
        dict.fromkeys(
            each.query
            for each in demands
            if keys & each.asked or (each.used is not None and each.used <= held and index.predicate is None)
        )
    )


def _proposed(demand: Demand, known: Known, width: int) -> Iterable[Index]:
    """Return what the kinds of index propose and is not there already."""
    table = demand.table
    if table.external:
        return ()
    there = list(indexes_of(table))
    found = dict.fromkeys(index for kind in INDEX_KINDS for index in kind.proposed(demand, known, width))
    return [index for index in found if not any(begins_with(each, index) for each in there)]


def _order(table: ObjectId, index: Index) -> tuple[object, ...]:
    keys = tuple((str(each), each.operator_class, each.descending, each.nulls_first) for each in index.columns)
    return table, index.method, keys, index.include, str(index.predicate or "")
