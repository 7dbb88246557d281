"""What queries cost with which indexes, by a database at scale that has them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.experiments.at_scale.expression_widths import with_expressions
from planroom.scaling.index_siblings import beside_known
from planroom.scaling.index_sizes import index_statistics, sized_index
from planroom.scaling.statistics import RelationStatistics
from planroom.scaling.type_layouts import Layouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.advice.indexing import CandidateIndex, ExistingIndex
    from planroom.engines.postgres.scaled import ScaledPostgres
    from planroom.model import Index, Model, Table
    from planroom.scaling.statistics import Statistics
    from planroom.sqltext.weighted_queries import WeightedQuery

__all__ = ["ScaledCosts", "Sizes", "sizes_of_candidates", "sizes_of_existing", "with_sizes"]

_PAGE_BYTES = 8192

Sizes = dict[str, tuple[RelationStatistics, ...]]
"""The relations of each index by its name: itself, and of a partitioned table those of the partitions."""


class ScaledCosts:
    """The costs of queries, as `planroom.advice.indexing.Costs` wants them.

    Args:
        engine: A database at scale whose candidates are those to choose among.
        queries: The queries, by their number.
        sizes: The relations of every index that may be asked for.
        droppable: The names of the indexes that may be absent although the database has them.
    """

    def __init__(
        self, engine: ScaledPostgres, queries: Sequence[WeightedQuery], sizes: Sizes, droppable: frozenset[str]
    ) -> None:
        self.engine, self.queries, self.sizes, self.droppable = engine, queries, sizes, droppable
        self.candidates = frozenset(engine.candidates)

    def cost(self, query: int, indexes: frozenset[str]) -> tuple[float, frozenset[str]]:
        """Return the cost of a query with these indexes, and those that its plan uses."""
        asked = self.queries[query]
        return self.engine.cost(
            asked.sql,
            visible=sorted(indexes & self.candidates),
            hidden=sorted(self.droppable - indexes),
            generic=asked.generic,
        )

    def size_bytes(self, index: str) -> float:
        """Return the size of an index, in bytes."""
        return float(sum(each.pages for each in self.sizes[index]) * _PAGE_BYTES)

    def height(self, index: str) -> int:
        """Return the levels above the leaves; of a partitioned index, the most that one of its partitions has."""
        return max((each.height or 0 for each in self.sizes[index]), default=0)


def sizes_of_candidates(candidates: Iterable[CandidateIndex], model: Model, statistics: Statistics) -> Sizes:
    """Return the relations that candidates would be."""
    found: Sizes = {}
    layouts = Layouts(model)
    for each in candidates:
        tables = model.tables_by_id
        parts = [(tables[inner.table], replace(each.index, name=inner.name)) for inner in each.partitions]
        wanted = parts or [(tables[each.table], each.index)]
        found[each.name] = tuple(
            _new_index(index, table, with_expressions(index, table, statistics), model, layouts)
            for table, index in wanted
            if table.partitioning is None
        )
    return found


def _new_index(
    index: Index, table: Table, statistics: Statistics, model: Model, layouts: Layouts
) -> RelationStatistics:
    size, _ = sized_index(index, table, statistics, model, layouts)
    return beside_known(size, index, table, statistics, model, layouts)


def sizes_of_existing(existing: Iterable[ExistingIndex], model: Model, statistics: Statistics) -> Sizes:
    """Return the relations that indexes of the design are, by the statistics where they tell them."""
    children: dict[str, list[tuple[str, str]]] = {}
    for table in model.tables:
        for index in table.indexes:
            if index.parent:
                children.setdefault(index.parent, []).append((table.schema, index.name))
    return {each.name: tuple(_known(each, children, model, statistics)) for each in existing}


def _known(
    existing: ExistingIndex, children: Mapping[str, Sequence[tuple[str, str]]], model: Model, statistics: Statistics
) -> Iterable[RelationStatistics]:
    table = model.tables_by_id[existing.table]
    pending = [(table.schema, existing.name)]
    while pending:
        key = pending.pop()
        pending += children.get(key[1], ())
        if key in statistics.by_relation:
            yield statistics.by_relation[key]
        elif key[1] == existing.name and table.partitioning is None:
            yield index_statistics(existing.index, table, statistics, model)


def with_sizes(statistics: Statistics, sizes: Sizes) -> Statistics:
    """Return statistics that tell the sizes of candidates, too."""
    added = {(each.schema, each.name): each for parts in sizes.values() for each in parts}
    relations = {**{(each.schema, each.name): each for each in statistics.relations}, **added}
    return replace(statistics, relations=tuple(relations[key] for key in sorted(relations)))
