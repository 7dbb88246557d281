"""The sizes of tables and indexes when rows change: as they are known, times what the formulas say of both sizes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.scaling.index_sizes import sized_index
from planroom.scaling.table_sizes import table_statistics

if TYPE_CHECKING:
    from planroom.model import Index, Model, Table
    from planroom.scaling.statistics import RelationStatistics, Statistics
    from planroom.scaling.type_layouts import Layouts

__all__ = ["grown_index", "grown_table"]

_FEW = 16
"""Pages below which a size says more of the first page than of rows."""


def grown_table(
    before: RelationStatistics, table: Table, new: Statistics, model: Model, layouts: Layouts
) -> RelationStatistics:
    """Return a table's size after its rows changed: in proportion, or as the formula has it where it was small.

    Args:
        before: Its size before.
        table: The table.
        new: All that was known, with the new rows and columns.
        model: The design.
        layouts: How types are stored.
    """
    made = table_statistics(table, new, model, layouts)
    rows = made.rows
    if table.partitioning:
        return replace(before, rows=rows)
    if before.rows <= 0 or before.pages < _FEW:
        pages = made.pages
        visible = pages if before.pages <= 0 or before.all_visible > 0 else 0
    else:
        pages = math.ceil(before.pages * rows / before.rows)
        visible = min(pages, round(before.all_visible * pages / before.pages))
    return replace(before, rows=rows, pages=pages, all_visible=visible)


def grown_index(
    before: RelationStatistics,
    index: Index,
    table: Table,
    statistics: tuple[Statistics, Statistics],
    model: Model,
    layouts: Layouts,
) -> RelationStatistics:
    """Return an index's size after its table changed; the arguments are as for `grown_table`, with both statistics.

    The formula is asked for both sizes and its answers are a factor, so that what makes the index larger than a fresh
    one stays, and deduplication does what it does with more rows a key.
    """
    old, new = statistics
    made, _ = sized_index(index, table, new, model, layouts)
    if table.partitioning:
        return before
    was, _ = sized_index(index, table, old, model, layouts)
    known = old.by_relation.get((table.schema, table.name))
    ratio = made.rows / was.rows if was.rows > 0 else 1.0
    entries = before.rows * ratio if before.rows > 0 and was.rows > 0 else made.rows
    if before.pages < _FEW or was.pages <= 0 or known is None or known.rows <= 0:
        return replace(before, pages=made.pages, rows=entries, height=made.height)
    factor = (made.pages - 1) / max(was.pages - 1, 1)
    pages = max(1, math.ceil((before.pages - 1) * factor) + 1)
    same = pages == before.pages and before.height is not None
    return replace(before, pages=pages, rows=entries, height=before.height if same else made.height)
