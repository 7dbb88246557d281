"""Statistics from a model's annotations alone: what ANALYZE would find if the tables held what is declared.

What is declared of a column decides, and where nothing is, what its name and type suggest: the same sketch from which
`planroom.generating` makes rows, so that plans from declarations and plans over made-up rows of the same model agree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import ModelError
from planroom.generating.bounds import leaf_of, leaves
from planroom.generating.kinds import Kinds
from planroom.generating.recipe import EPOCH
from planroom.generating.references import making_order, references_of
from planroom.generating.sketches import sketch
from planroom.model import Model, qualified
from planroom.scaling.analysing import estimated_together
from planroom.scaling.declared_columns import DeclaredTable
from planroom.scaling.declared_expressions import declared_expressions
from planroom.scaling.declared_moments import at_another_time
from planroom.scaling.declared_partitions import partition_columns
from planroom.scaling.described import MOST_WHOLE
from planroom.scaling.growing import checked_rows, spread_rows
from planroom.scaling.index_siblings import beside_known
from planroom.scaling.index_sizes import indexes_of, sized_index
from planroom.scaling.statistics import Assumption, RelationStatistics, Statistics
from planroom.scaling.table_sizes import table_statistics
from planroom.scaling.type_layouts import Layouts

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping

    from planroom.model import ObjectId, Table
    from planroom.scaling.statistics import ColumnStatistics

__all__ = ["declared"]

_SHOWN = 8
_WINDOW = f"what is appended in time is spread evenly over three years from {EPOCH:%Y-%m-%d}"


def declared(
    model: Model,
    rows: Mapping[ObjectId, float],
    known: Statistics | None = None,
    *,
    until: datetime.datetime | None = None,
) -> Statistics:
    """Return complete statistics for every table, column and index of a model, from what it declares.

    Moments are those of `planroom.generating.recipe`: three years from a fixed day, so that the same model gives the
    same statistics. Where it is said when they end, they end then, and begin as long before as rows are kept. Each
    default that was taken is an assumption, one for all columns of a table that it holds for.

    Args:
        model: The design, with its annotations.
        rows: Rows of every table that is no partition, by id; those of other tables count as none.
        known: Statistics that are known; what they hold wins.
        until: The last moment of what is appended in time; None for that of made-up rows.

    Raises:
        QuantityError: A number of rows makes no sense, or no relation could hold so many.
    """
    return _Declaring(model, checked_rows(rows), known or Statistics(), until).statistics()


class _Declaring:
    """All tables of a model, parents first."""

    def __init__(
        self,
        model: Model,
        rows: Mapping[ObjectId, float],
        known: Statistics,
        until: datetime.datetime | None,
    ) -> None:
        self.model, self.known, self.until = model, known, until
        self.roots = [each for each in model.tables if not each.partition_of]
        self.rows = {each.id: rows.get(each.id, 0.0) for each in self.roots}
        self.layouts, self.kinds = Layouts(model), Kinds(model)
        self.references = {each.id: references_of(model, each)[0] for each in self.roots}
        self.tables: dict[ObjectId, DeclaredTable] = {}
        self.assumed: list[Assumption] = []

    def statistics(self) -> Statistics:
        """Return everything."""
        for table in self._order():
            plan = sketch(table, self.kinds, self.references[table.id], self._leaves(table))
            self.tables[table.id] = DeclaredTable(plan, self.rows[table.id], self.tables, self.rows, self.layouts)
        counts = self._spread()
        columns = {
            **{_key(each): each for each in self._columns(counts)},
            **{_key(each): each for each in self.known.columns},
        }
        first = Statistics(
            relations=tuple(self._relation(each, counts) for each in self.model.tables),
            columns=tuple(columns[key] for key in sorted(columns)),
        )
        tables = tuple(self._sized(each, first) for each in self.model.tables)
        sized = replace(first, relations=tables)
        second = replace(sized, columns=tuple(self._as_analysed(each, sized) for each in first.columns))
        relations = {(each.schema, each.name): each for each in (*tables, *self._indexes(second))}
        relations |= {(each.schema, each.name): each for each in self.known.relations if each.pages or each.rows > 0}
        return Statistics(
            relations=tuple(relations[key] for key in sorted(relations)),
            columns=second.columns,
            extended=self.known.extended,
            settings=self.known.settings,
            version=self.known.version,
            source=self.known.source or "declared",
            assumptions=(*self.known.assumptions, *self._assumptions()),
            left_out=self.known.left_out,
        )

    def _order(self) -> Iterable[Table]:
        """Return the tables so that parents come first, as far as they do not require each other in a circle."""
        try:
            return making_order(self.roots, self.references)[0]
        except ModelError:
            return self.roots

    def _leaves(self, table: Table):  # type: ignore[no-untyped-def]
        return leaves(self.model, table) if table.partitioning else None

    # -- columns -----------------------------------------------------------------------------------------------------

    def _spread(self) -> dict[ObjectId, float]:
        """Return the rows of every table: a partition with bounds has its share, one for all others has none."""
        found: dict[ObjectId, float] = {}
        for root in self.roots:
            parts = [each for each in self._below(root) if not each.partitioning]
            told = {each.id: 1.0 for each in parts if leaf_of(self.model, each) is not None}
            found |= spread_rows(self.model, root, self.rows[root.id], told)
        return found

    def _below(self, table: Table) -> Iterator[Table]:
        for part in self.model.partitions.get(table.id, ()):
            yield part
            yield from self._below(part)

    def _columns(self, counts: Mapping[ObjectId, float]) -> Iterator[ColumnStatistics]:
        for root in self.roots:
            made = self.tables[root.id]
            whole = {**made.columns, **declared_expressions(made)}
            if self.until:
                whole = {name: at_another_time(each, made, self.until) for name, each in whole.items()}
            for each in whole.values():
                yield replace(each, inherited=bool(root.partitioning)) if root.partitioning else each
            for part in self._below(root):
                yield from partition_columns(self.model, made, whole, part, counts[part.id])

    def _as_analysed(self, column: ColumnStatistics, sized: Statistics) -> ColumnStatistics:
        """Return a column's statistics with what ANALYZE would find where the rows of each value lie together."""
        made = self.tables.get(qualified(column.schema, column.table))
        relation = sized.by_relation.get((column.schema, column.table))
        if made is None or relation is None or _key(column) in self.known.by_column or relation.rows <= MOST_WHOLE:
            return column
        if made.shape.driver is None or column.column not in made.shape.driver.columns or column.distinct == -1:
            return column
        values = column.distinct if column.distinct > 0 else -column.distinct * relation.rows
        found = estimated_together(values, relation.rows * (1 - column.null_fraction), relation.pages)
        return replace(column, distinct=-found / relation.rows if found > 0.1 * relation.rows else float(round(found)))

    # -- sizes -------------------------------------------------------------------------------------------------------

    def _relation(self, table: Table, counts: Mapping[ObjectId, float]) -> RelationStatistics:
        known = self.known.by_relation.get((table.schema, table.name))
        if known is not None and (known.pages > 0 or known.rows > 0):
            return known
        return RelationStatistics(schema=table.schema, name=table.name, pages=0, rows=counts.get(table.id, 0.0))

    def _sized(self, table: Table, statistics: Statistics) -> RelationStatistics:
        found = statistics.by_relation[table.schema, table.name]
        return found if found.pages > 0 else table_statistics(table, statistics, self.model, self.layouts)

    def _indexes(self, statistics: Statistics) -> Iterator[RelationStatistics]:
        there = tuple(each for each in self.known.relations if each.table and each.pages)
        told = replace(statistics, relations=(*statistics.relations, *there))
        for owner in self.model.tables:
            if owner.partitioning:
                continue
            for index in indexes_of(owner):
                found, assumed = sized_index(index, owner, told, self.model, self.layouts)
                yield beside_known(found, index, owner, told, self.model, self.layouts) if there else found
                if not owner.partition_of:
                    self.assumed += assumed

    # -- words -------------------------------------------------------------------------------------------------------

    def _assumptions(self) -> Iterator[Assumption]:
        known = {(each.schema, each.table, each.column) for each in self.known.columns}
        for name, table in sorted(self.tables.items()):
            plan = table.plan.table
            groups: dict[str, list[str]] = defaultdict(list)
            for text, columns in table.said.items():
                groups[text] += [each for each in columns if (plan.schema, plan.name, each) not in known]
            told = [f"{_few(columns)}: {text}" for text, columns in groups.items() if columns]
            if told:
                yield Assumption(name, "nothing is declared of " + "; ".join(told))
        yield from self.assumed
        yield Assumption(
            "", _WINDOW if self.until is None else f"what is appended in time ends on {self.until:%Y-%m-%d}"
        )
        if any(each.statistics for each in self.model.tables) and not self.known.extended:
            yield Assumption("", "columns of a table are independent of each other: extended statistics hold nothing")


def _few(columns: list[str]) -> str:
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return ", ".join(columns[:_SHOWN]) + more


def _key(column: ColumnStatistics) -> tuple[str, str, str, bool]:
    return column.schema, column.table, column.column, column.inherited
