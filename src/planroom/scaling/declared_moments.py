"""Moments that end when somebody says, not when those of made-up rows do."""

from __future__ import annotations

import contextlib
import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import QuantityError
from planroom.generating.recipe import EPOCH, SPAN_S
from planroom.quantities import parse_duration
from planroom.scaling.value_order import MOMENTS, number_of, text_of

if TYPE_CHECKING:
    from planroom.scaling.declared_columns import DeclaredTable
    from planroom.scaling.statistics import ColumnStatistics

__all__ = ["at_another_time"]

_START = (EPOCH - datetime.datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001


def at_another_time(column: ColumnStatistics, table: DeclaredTable, until: datetime.datetime) -> ColumnStatistics:
    """Return a column's statistics with its moments moved, so that what is appended in time ends at a given one.

    They begin as long before as rows are kept, or three years. Moments that a CHECK, a partition's bounds or a name
    such as ``birth_date`` place elsewhere stay where they are.

    Args:
        column: The column's statistics.
        table: Its table.
        until: When it ends.
    """
    kind = table.plan.kinds.get(column.column)
    type_name = kind.type.name if kind else ""
    first = number_of(type_name, column.histogram[0]) if column.histogram and type_name in MOMENTS else None
    bounded = {name for leaf in table.plan.leaves or () for name, _, _ in leaf.ranges}
    if first is None or first < _START - 1 or column.column in bounded or column.table != table.plan.table.name:
        return column
    end = (until.replace(tzinfo=None) - datetime.datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001
    scale = min(1.0, (_kept_s(table) or SPAN_S) / SPAN_S)

    def moved(text: str) -> str:
        number = number_of(type_name, text)
        return text if number is None else text_of(type_name, round(end - (_START + SPAN_S - number) * scale))

    return replace(
        column,
        histogram=tuple(map(moved, column.histogram)) if column.histogram else None,
        common_values=tuple(map(moved, column.common_values)) if column.common_values else None,
    )


def _kept_s(table: DeclaredTable) -> float | None:
    with contextlib.suppress(QuantityError):
        return parse_duration(table.plan.table.annotations.retention)
    return None
