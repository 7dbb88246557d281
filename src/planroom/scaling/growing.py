"""Statistics at other numbers of rows: the rules by which what is known of a table holds for a larger or smaller one.

What the model says decides: a closed domain keeps its values, a key is counted on, a reference grows with the table
that it refers to, and moments go on at the declared pace. All else is taken as it is, and said.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import QuantityError
from planroom.quantities import format_count
from planroom.scaling.domains import Domains
from planroom.scaling.grown_columns import GrownColumn, grown_column, grown_expression
from planroom.scaling.grown_groups import grown_groups
from planroom.scaling.grown_sizes import grown_index, grown_table
from planroom.scaling.index_sizes import indexes_of
from planroom.scaling.statistics import Assumption, RelationStatistics, Statistics
from planroom.scaling.type_layouts import Layouts
from planroom.scaling.volumes import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.model import Model, ObjectId, Table
    from planroom.scaling.statistics import ColumnStatistics

__all__ = ["checked_rows", "grown", "spread_rows"]

_SHOWN = 6


def grown(statistics: Statistics, model: Model, rows: Mapping[ObjectId, float], *, sample: bool = False) -> Statistics:
    """Return what statistics would be if tables had other numbers of rows.

    The rules are those of the reference work that was measured on TPC-H: pages, rows and entries in proportion;
    different values as ANALYZE would find those that the domain has; histograms of keys and moments stretched; the most
    common values of keys that are counted on left out; shares of NULL, widths, correlation and all other frequencies as
    they are; heights of B-trees worked out anew. Each rule that was applied is an assumption with the source ``rule``.

    Args:
        statistics: What is known.
        model: The design.
        rows: The rows that tables shall have, by id; of a partitioned table, all its partitions together. Tables that
            are not named stay as they are.
        sample: What is known are statistics of a sample of these rows, and not of an earlier time: moments stay.

    Raises:
        QuantityError: A number of rows makes no sense, or no relation could hold so many.
    """
    return _Growing(statistics, model, checked_rows(rows), sample=sample).grown()


def checked_rows(rows: Mapping[ObjectId, float]) -> dict[ObjectId, float]:
    """Return numbers of rows that make sense.

    Raises:
        QuantityError: A number is negative, none, or more than any relation could hold.
    """
    for name, count in rows.items():
        if not 0 <= count <= MOST_ROWS:  # also NaN
            shown = format_count(count) if math.isfinite(count) else str(count)
            raise QuantityError(
                f"{name} cannot have {shown} rows.",
                why=f"a number of rows is between 0 and {format_count(MOST_ROWS)}: a relation ends at 32 TiB.",
            )
    return {name: float(count) for name, count in rows.items()}


def spread_rows(model: Model, table: Table, rows: float, known: Mapping[ObjectId, float]) -> dict[ObjectId, float]:
    """Return the rows of a table and of its partitions, at any depth: in the proportions that are known, else evenly.

    Args:
        model: The design.
        table: The table, partitioned or not.
        rows: Its rows, all partitions together.
        known: Rows of partitions, by id.
    """
    found = {table.id: rows}
    parts = model.partitions.get(table.id, ())
    weights = [_weight(model, each, known) for each in parts]
    whole = math.fsum(weights)
    for part, weight in zip(parts, weights, strict=True):
        share = weight / whole if whole > 0 else 1 / len(parts)
        found |= spread_rows(model, part, rows * share, known)
    return found


def _weight(model: Model, table: Table, known: Mapping[ObjectId, float]) -> float:
    parts = model.partitions.get(table.id, ())
    if parts:
        return math.fsum(_weight(model, each, known) for each in parts)
    return max(known.get(table.id, 0.0), 0.0)


class _Growing:
    """One step from what is known to what would be."""

    def __init__(self, statistics: Statistics, model: Model, rows: Mapping[ObjectId, float], *, sample: bool) -> None:
        self.sample = sample
        self.old, self.model, self.layouts = statistics, model, Layouts(model)
        self.tables = {(each.schema, each.name): each for each in model.tables}
        known = {self.tables[key].id: each.rows for key, each in statistics.by_relation.items() if key in self.tables}
        self.known = {each.id: self._known_rows(each, known) for each in model.tables}
        self.wanted: dict[ObjectId, float] = {}
        for name, count in rows.items():
            if name in model.tables_by_id:
                self.wanted |= spread_rows(model, model.tables_by_id[name], count, self.known)
        self.factors = {
            name: count / self.known[name] if self.known[name] > 0 else 1.0 for name, count in self.wanted.items()
        }
        self.domains = Domains(model, self.factors, self.layouts)
        self.said: dict[tuple[ObjectId, str, str], list[str]] = defaultdict(list)

    def _known_rows(self, table: Table, known: Mapping[ObjectId, float]) -> float:
        return max(known.get(table.id, -1.0), _weight(self.model, table, known), 0.0)

    def grown(self) -> Statistics:
        columns = tuple(self._column(each) for each in self.old.columns)
        middle = replace(
            self.old,
            relations=tuple(self._table(each, None) for each in self.old.relations),
            columns=columns,
            extended=tuple(grown_groups(self.old, self.model, self.domains, self.wanted)),
        )
        sized = replace(middle, relations=tuple(self._table(each, middle) for each in middle.relations))
        indexes = dict(self._indexes(sized))
        relations = tuple(indexes.get((each.schema, each.name), each) for each in sized.relations)
        return replace(sized, relations=relations, assumptions=(*self.old.assumptions, *self._assumptions()))

    # -- columns ---------------------------------------------------------------------------------------------------

    def _column(self, column: ColumnStatistics) -> ColumnStatistics:
        table = self.tables.get((column.schema, column.table))
        if table is None:
            found = self._expression(column)
        elif table.id not in self.wanted or column.column not in table.columns_by_name:
            return column
        else:
            found = grown_column(
                column,
                table.columns_by_name[column.column],
                self.model.tables_by_id[self.model.roots[table.id]],
                self.domains.of(table, table.columns_by_name[column.column]),
                self.layouts,
                (self.known[table.id], self.wanted[table.id]),
                float(self.old.by_relation[column.schema, column.table].pages) if self._is_known(column) else 0.0,
                sample=self.sample,
            )
        if found is None:
            return column
        for text in found.rules:
            self.said[found.table, text, "rule"].append(column.column)
        return found.column

    def _is_known(self, column: ColumnStatistics) -> bool:
        return (column.schema, column.table) in self.old.by_relation

    def _expression(self, column: ColumnStatistics) -> GrownColumn | None:
        """Return the statistics of an index's expression; the index bears the name that a table else has."""
        owner = self._owners.get((column.schema, column.table))
        if owner is None or owner.id not in self.wanted:
            return None
        return grown_expression(
            column, owner, self.domains, self.layouts, (self.known[owner.id], self.wanted[owner.id]), sample=self.sample
        )

    @property
    def _owners(self) -> Mapping[tuple[str, str], Table]:
        if not hasattr(self, "_found_owners"):
            self._found_owners = {
                (table.schema, index.name): table
                for table in self.model.tables
                for index in table.indexes
                if any(each.expression for each in index.columns)
            }
        return self._found_owners

    # -- sizes -----------------------------------------------------------------------------------------------------

    def _table(self, relation: RelationStatistics, middle: Statistics | None) -> RelationStatistics:
        """Return a table with its new rows, and its pages once those and its columns are known."""
        table = self.tables.get((relation.schema, relation.name))
        if table is None or relation.table or table.id not in self.wanted:
            return relation
        if middle is None:
            return replace(relation, rows=self.wanted[table.id])
        before = self.old.by_relation[relation.schema, relation.name]
        return grown_table(before, table, middle, self.model, self.layouts)

    def _indexes(self, sized: Statistics) -> Iterator[tuple[tuple[str, str], RelationStatistics]]:
        for table in self.model.tables:
            if table.id not in self.wanted:
                continue
            if self.known[table.id] <= 0 and not table.partitioning:
                self.said[table.id, "its rows were not known: sizes are worked out from its columns", "default"] = []
            for index in indexes_of(table):
                known = self.old.by_relation.get((table.schema, index.name))
                if known is not None:
                    found = grown_index(known, index, table, (self.old, sized), self.model, self.layouts)
                    yield (table.schema, index.name), found

    # -- words -----------------------------------------------------------------------------------------------------

    def _assumptions(self) -> Iterator[Assumption]:
        for name, factor in sorted(self.factors.items()):
            if factor != 1.0 and not self.model.tables_by_id[name].partition_of:
                before, after = format_count(self.known[name]), format_count(self.wanted[name])
                yield Assumption(name, f"{before} rows become {after}, its pages in proportion", "rule")
        for (name, text, source), columns in sorted(self.said.items()):
            unique = sorted({*columns})
            shown = ", ".join(unique[:_SHOWN]) + (f" and {len(unique) - _SHOWN} more" if len(unique) > _SHOWN else "")
            yield Assumption(name, f"{shown}: {text}" if shown else text, source)
