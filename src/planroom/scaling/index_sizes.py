"""The size of an index: its pages by access method, its entries, and the height of a B-tree."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import ModelError
from planroom.model import Index, IndexColumn
from planroom.scaling.btree_sizes import btree_pages, longest_posting, pivots_of
from planroom.scaling.index_columns import Keyed, keyed
from planroom.scaling.other_index_sizes import brin_pages, gin_pages, gist_pages, hash_pages, spgist_pages
from planroom.scaling.selectivity import kept_share
from planroom.scaling.statistics import Assumption, RelationStatistics
from planroom.scaling.table_sizes import cells_of, heap_pages, row_bytes, rows_of, storage_parameter
from planroom.scaling.type_layouts import Layouts

if TYPE_CHECKING:
    from planroom.model import Exclusion, Model, PrimaryKey, Table, Unique
    from planroom.scaling.statistics import ColumnStatistics, Statistics

__all__ = ["index_statistics", "indexes_of", "sized_index"]


def indexes_of(table: Table) -> tuple[Index, ...]:
    """Return all indexes of a table, those of its constraints too, sorted by name."""
    made = [_of_key(each) for each in table.keys] + [_of_exclusion(each) for each in table.exclusions]
    return tuple(sorted((*table.indexes, *made), key=lambda each: each.name))


def _of_key(key: PrimaryKey | Unique) -> Index:
    return Index(
        name=key.name,
        columns=tuple(IndexColumn(column=each) for each in key.columns),
        method="gist" if key.without_overlaps else "btree",
        unique=not key.without_overlaps,
        include=key.include,
        storage=key.storage,
        parent=key.parent,
    )


def _of_exclusion(exclusion: Exclusion) -> Index:
    return Index(
        name=exclusion.name,
        columns=tuple(each.column for each in exclusion.elements),
        method=exclusion.method,
        include=exclusion.include,
        predicate=exclusion.predicate,
        storage=exclusion.storage,
        parent=exclusion.parent,
    )


def index_statistics(index: Index, table: Table, statistics: Statistics, model: Model) -> RelationStatistics:
    """Return the size of an index as CREATE INDEX would build it on the rows that statistics tell of.

    Args:
        index: The index; those of constraints are what `indexes_of` gives.
        table: Its table.
        statistics: What is known of the table: its rows, its pages, and its columns.
        model: The design, for the types of columns.

    Raises:
        ModelError: The table has no column of that name.
    """
    return sized_index(index, table, statistics, model)[0]


def sized_index(
    index: Index, table: Table, statistics: Statistics, model: Model, layouts: Layouts | None = None
) -> tuple[RelationStatistics, tuple[Assumption, ...]]:
    """Return what `index_statistics` does, and what was assumed to get there."""
    for name in (*(each.column for each in index.columns if each.column), *index.include):
        if name not in table.columns_by_name:
            raise ModelError(f"The index {index.name} is on {name}, which is no column of {table.id}.")
    found = _Sizing(index, table, statistics, layouts or Layouts(model))
    pages, height = found.pages()
    sized = RelationStatistics(
        schema=table.schema,
        name=index.name,
        pages=pages,
        rows=found.entries,
        table=table.name,
        method=index.method,
        height=height,
    )
    return sized, tuple(Assumption(f"{table.schema}.{index.name}", each) for each in found.assumed)


class _Sizing:
    """One index, its table, and what is known of both."""

    def __init__(self, index: Index, table: Table, statistics: Statistics, layouts: Layouts) -> None:
        self.index, self.table, self.statistics, self.layouts = index, table, statistics, layouts
        self.assumed: list[str] = []
        self.rows = rows_of(table, statistics)
        self.share = 1.0
        if index.predicate:
            types = {each.name: layouts.of(each.type).name for each in table.columns}
            kept = kept_share(index.predicate.text, self._columns(), types, self.rows)
            self.share = kept.share
            if kept.guessed:
                self.assumed.append(f"its condition is taken to keep {kept.share:.3g} of the rows: nothing tells")
        self.keyed: Keyed = keyed(index, table, statistics, layouts, self.share)
        self.assumed += self.keyed.assumed

    def _columns(self) -> dict[str, ColumnStatistics]:
        found = (
            self.statistics.by_column.get((self.table.schema, self.table.name, each.name, False))
            for each in self.table.columns
        )
        return {each.column: each for each in found if each}

    @property
    def entries(self) -> float:
        """How many rows have an entry; ANALYZE estimates the same of a partial index, and a GIN index has all rows."""
        return float(round(self.rows * self.share))

    def pages(self) -> tuple[int, int | None]:
        """Return the pages, and of a B-tree its height."""
        if self.table.partitioning:
            return 0, None
        method = self.index.method
        if method == "btree":
            return self._btree()
        others = {"hash": self._hash, "gin": self._gin, "gist": self._gist, "spgist": self._spgist, "brin": self._brin}
        if method in others:
            return others[method](), None
        self.assumed.append(f"planroom does not know the sizes of {method} indexes: taken for a copy of its columns")
        entry = self.keyed.data_bytes + 8
        return 2 + math.ceil(self.entries * (entry + 4) / (8152 * 0.7)), None

    def _fill(self, otherwise: float) -> float:
        return storage_parameter(self.index.storage, "fillfactor", otherwise) / 100

    def _btree(self) -> tuple[int, int]:
        known = self.keyed
        deduplicates = (
            known.alike
            and not self.index.unique
            and not self.index.include
            and dict(self.index.storage).get("deduplicate_items", "on") not in {"off", "false", "no", "0"}
        )
        entries = [replace(each, keys=0.0) for each in known.entries] if self.index.unique else known.entries
        size = known.heads[-1][0]
        tuples = max(known.heads[-1][1], self.entries / longest_posting(size)) if deduplicates else self.entries
        pivots = pivots_of(known.heads, tuples)
        tree = btree_pages(entries, deduplicate=deduplicates, pivots=pivots, fillfactor=self._fill(90))
        return tree.pages, tree.height

    def _hash(self) -> int:
        return hash_pages(self.entries, self.keyed.distinct, self._fill(75))

    def _gist(self) -> int:
        return gist_pages(self.entries, self.keyed.box_bytes, ranges=self.keyed.ranges)

    def _spgist(self) -> int:
        return spgist_pages(self.entries, self.keyed.data_bytes, ranges=self.keyed.ranges)

    def _brin(self) -> int:
        known = self.statistics.by_relation.get((self.table.schema, self.table.name))
        cells = cells_of(self.table, self.statistics, self.layouts)
        heap = known.pages if known and known.pages > 0 else heap_pages(self.rows, cells)
        each = storage_parameter(self.index.storage, "pages_per_range", 128)
        return brin_pages(heap, 2 * self.keyed.data_bytes, each)

    def _gin(self) -> int:
        a_row = row_bytes(cells_of(self.table, self.statistics, self.layouts)) + 4
        return gin_pages(self.entries, a_row, self.keyed.elements)
