"""The pages of a table: from the widths of its columns, its rows and its fillfactor.

Sources: src/include/storage/bufpage.h (24 bytes of page header, 4 a line pointer); src/include/access/htup_details.h
(23 bytes of row header, a bit a column where one is NULL), heaptoast.h (what is longer than 2,032 bytes is stored
elsewhere); PostgreSQL manual, "Database Page Layout" and "TOAST".
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.scaling.statistics import RelationStatistics
from planroom.scaling.tuple_bytes import Cell, Laid, aligned, cell_of, laid_out
from planroom.scaling.type_layouts import Layouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Column, Model, Table
    from planroom.scaling.statistics import Statistics

__all__ = [
    "PAGE",
    "cells_of",
    "heap_pages",
    "row_bytes",
    "rows_of",
    "storage_parameter",
    "table_statistics",
]

PAGE = 8192

_PAGE_HEADER = 24
_LINE_POINTER = 4
_ROW_HEADER = 23
_MOST_ROWS_A_PAGE = 291  # MaxHeapTuplesPerPage
_TOAST_TARGET = 2032  # TOAST_TUPLE_TARGET, TOAST_TUPLE_THRESHOLD
_TOAST_POINTER = 18


def row_bytes(cells: Sequence[Cell]) -> float:
    """Return the mean bytes of a row with its header, before alignment; columns in their order."""
    return _header_bytes(cells) + _values(cells).bytes


def _header_bytes(cells: Sequence[Cell]) -> float:
    present = math.prod(1.0 - each.null_fraction for each in cells)
    plain, with_bits = aligned(_ROW_HEADER), aligned(_ROW_HEADER + -(-len(cells) // 8))
    return present * plain + (1 - present) * with_bits


def _values(cells: Sequence[Cell]) -> Laid:
    return laid_out(_toasted(list(cells)))


def _toasted(cells: list[Cell]) -> list[Cell]:
    """Return the cells with the longest moved elsewhere until the row is short enough."""
    while sum(each.bytes * (1 - each.null_fraction) for each in cells) > _TOAST_TARGET - 24:
        place = max(range(len(cells)), key=lambda each: cells[each].bytes if cells[each].spread else 0.0)
        if not cells[place].spread or cells[place].bytes <= _TOAST_POINTER:
            break
        cells[place] = replace(cells[place], bytes=float(_TOAST_POINTER), alignment=1, spread=0.0, lengths=())
    return cells


def heap_pages(rows: float, cells: Sequence[Cell], fillfactor: float = 1.0) -> int:
    """Return the pages of a table that was filled once, also where no relation can hold so many.

    Args:
        rows: How many rows, >= 0.
        cells: Its columns, in their order.
        fillfactor: Share of each page that is filled, in (0, 1].

    Example:
        >>> heap_pages(1_000_000, [Cell(8, 8)])                # one bigint: 24 + 8 + 4 bytes a row, 226 a page
        4425
    """
    if rows <= 0:
        return 0
    values = _values(cells)
    item = _header_bytes(cells) + values.aligned + _LINE_POINTER
    room = PAGE - _PAGE_HEADER - PAGE * (1 - fillfactor)
    a_page = (room - item / 2) / item if values.varies else float(room // item)  # half a row is left, on average
    return math.ceil(rows / min(max(a_page, 1.0), _MOST_ROWS_A_PAGE))


def storage_parameter(storage: Sequence[tuple[str, str]], name: str, otherwise: float) -> float:
    """Return a storage parameter that is a number."""
    text = dict(storage).get(name, "")
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise


def rows_of(table: Table, statistics: Statistics) -> float:
    """Return the rows of a table as statistics have them; 0 where they say nothing."""
    known = statistics.by_relation.get((table.schema, table.name))
    return max(known.rows, 0.0) if known else 0.0


def cells_of(table: Table, statistics: Statistics, layouts: Layouts) -> list[Cell]:
    """Return what is known of the bytes of each column of a table."""
    return [_cell(table, column, statistics, layouts) for column in table.columns]


def _cell(table: Table, column: Column, statistics: Statistics, layouts: Layouts) -> Cell:
    layout = layouts.of(column.type)
    if column.generated and not column.generated.stored:
        return Cell(0.0, 1, null_fraction=1.0)  # it is stored as NULL
    known = statistics.by_column.get((table.schema, table.name, column.name, False))
    declared = column.annotations.null_fraction or 0.0
    return cell_of(layout, known, declared if column.nullable else 0.0)


def table_statistics(
    table: Table, statistics: Statistics, model: Model, layouts: Layouts | None = None
) -> RelationStatistics:
    """Return the size of a table with the rows and the widths that statistics have; a partitioned table has none.

    All pages count as visible to everybody, as after VACUUM.
    """
    rows = rows_of(table, statistics)
    if table.partitioning:
        return RelationStatistics(schema=table.schema, name=table.name, pages=-1, rows=rows)
    fill = storage_parameter(table.storage, "fillfactor", 100) / 100
    pages = heap_pages(rows, cells_of(table, statistics, layouts or Layouts(model)), fill)
    return RelationStatistics(schema=table.schema, name=table.name, pages=pages, rows=rows, all_visible=pages)
