"""The columns of a partition, from those of the whole table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.generating.bounds import leaf_of
from planroom.scaling.computed import within_partitions
from planroom.scaling.described import column_statistics
from planroom.scaling.distributions import Zipf, hits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.model import Model, Table
    from planroom.scaling.declared_columns import DeclaredTable
    from planroom.scaling.statistics import ColumnStatistics

__all__ = ["partition_columns"]


def partition_columns(
    model: Model, whole: DeclaredTable, columns: Mapping[str, ColumnStatistics], part: Table, rows: float
) -> Iterator[ColumnStatistics]:
    """Yield the statistics of a partition's columns: those of the whole, within its bounds and with its rows.

    Args:
        model: The design.
        whole: The partitioned table.
        columns: Its statistics by column.
        part: The partition, at any depth.
        rows: Its rows.
    """
    bounds = leaf_of(model, part)
    for name, column in columns.items():
        if column.table != whole.plan.table.name:
            continue  # an expression of an index
        here = replace(column, table=part.name, schema=part.schema, inherited=bool(part.partitioning))
        kind = whole.plan.kinds.get(name)
        limited = within_partitions([bounds], name, kind, rows) if bounds and kind else None
        if limited:
            place = (part.schema, part.name, name)
            found = column_statistics(place, limited[1], rows, column.null_fraction, column.width)
            yield replace(found, inherited=here.inherited)
        else:
            yield _fewer(here, rows, float(whole.rows), _hashed(model, part, name))


def _hashed(model: Model, part: Table, column: str) -> float:
    """Return the share of a column's values that a partition can hold, because parts of the table are by its hash."""
    share = 1.0
    while part.partition_of and (parent := model.tables_by_id.get(part.partition_of.parent)):
        by_hash = parent.partitioning and parent.partitioning.strategy == "hash"
        if by_hash and parent.partitioning and [each.column for each in parent.partitioning.columns] == [column]:
            share /= max(len(model.partitions.get(parent.id, ())), 1)
        part = parent
    return share


def _fewer(column: ColumnStatistics, rows: float, of: float, share: float) -> ColumnStatistics:
    """Return a column's statistics with as many different values as fewer rows show."""
    if column.distinct == -1 or rows <= 0 or of <= 0:
        return column
    values = column.distinct if column.distinct > 0 else -column.distinct * of
    whole, here = Zipf(max(1, round(values))), Zipf(max(1, round(values * share)))
    shown = min(rows, values * hits(here, rows) / max(hits(whole, of), 1e-9))
    return replace(column, distinct=-shown / rows if shown > 0.1 * rows else float(max(1, round(shown))))
