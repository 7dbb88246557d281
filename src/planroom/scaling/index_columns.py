"""What an index holds of each row: the bytes of its columns, how many different keys there are, and their elements."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.scaling.elements import Elements, elements_of
from planroom.scaling.expressions import column_name, type_of
from planroom.scaling.table_sizes import rows_of
from planroom.scaling.tuple_bytes import Cell, aligned, cell_of, data_bytes, spread_of
from planroom.scaling.type_layouts import LONGEST_SHORT, Layout
from planroom.sqltext import DataType, qualified
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Index, IndexColumn, Table
    from planroom.scaling.statistics import ColumnStatistics, Statistics
    from planroom.scaling.type_layouts import Layouts

__all__ = ["Keyed", "different", "distinct_of", "expression_names", "keyed"]

_HEADER = 8
_HEADER_WITH_BITS = 16
_TEXT = DataType("text")
_BOXES = frozenset({"point", "circle", "polygon"})


@dataclass(frozen=True, slots=True)
class Keyed:
    """What an index holds of each row.

    Attributes:
        bytes: Mean bytes of an entry with its header, before alignment.
        data_bytes: Without the header and what is only carried along.
        pivot_bytes: Mean bytes of an entry on inner pages.
        spread: How far from the mean most entries are, in bytes.
        distinct: Different keys among its rows.
        alike: Equal keys have equal bytes.
        box_bytes: Mean bytes of an entry as GiST keeps it: of most types a lower and an upper bound.
        ranges: All its columns are ranges.
        elements: What the first column's values consist of, for GIN.
        assumed: What nothing told.
    """

    bytes: float
    data_bytes: float
    pivot_bytes: float
    spread: float
    distinct: float
    alike: bool
    box_bytes: float
    ranges: bool
    elements: Elements
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    layout: Layout
    cell: Cell
    known: ColumnStatistics | None
    alike: bool


def keyed(index: Index, table: Table, statistics: Statistics, layouts: Layouts, share: float = 1.0) -> Keyed:
    """Return what an index holds of each row.

    Args:
        index: The index.
        table: Its table.
        statistics: What is known of the table's columns, and of the index's expressions.
        layouts: How types are stored.
        share: The share of the table's rows that have an entry.
    """
    names = expression_names(index)
    parts = [_part(each, names[place], index, table, statistics, layouts) for place, each in enumerate(index.columns)]
    alike = all(each.alike for each in parts) and not _collations(index, table) & layouts.loose_collations
    carried = [_column(each, table, statistics, layouts) for each in index.include]
    cells = [each.cell for each in (*parts, *carried)]
    rows = rows_of(table, statistics)
    counts = [distinct_of(each.known, rows) for each in parts]
    kept = rows * share
    unknown = [str(column) for column, each in zip(index.columns, parts, strict=True) if each.known is None]
    whole = _with_header(cells)
    return Keyed(
        bytes=whole,
        data_bytes=data_bytes([each.cell for each in parts]),
        pivot_bytes=_pivot_bytes([each.cell for each in parts], counts, kept),
        spread=spread_of(cells),
        distinct=_different_of(_grouped(index, table, statistics, counts, rows), rows, share),
        alike=alike,
        box_bytes=_with_header([_boxed(each) for each in parts]),
        ranges=all(each.layout.name == "range" or each.layout.name.endswith("range") for each in parts),
        elements=elements_of(parts[0].layout, parts[0].known, kept, index.columns[0].operator_class),
        assumed=(f"nothing is known of {', '.join(unknown)}: every row is taken to have its own",) if unknown else (),
    )


def _collations(index: Index, table: Table) -> set[str]:
    own = {each.collation for each in index.columns}
    return own | {table.columns_by_name[each.column].collation for each in index.columns if each.column}


def _grouped(
    index: Index, table: Table, statistics: Statistics, counts: Sequence[float], rows: float
) -> Sequence[float]:
    """Return the counts, with one for the columns of a foreign key: no more than there are rows to refer to."""
    waiting = {each.column: count for each, count in zip(index.columns, counts, strict=True) if each.column}
    others = [count for each, count in zip(index.columns, counts, strict=True) if not each.column]
    for key in table.foreign_keys:
        if len(key.columns) > 1 and set(key.columns) <= waiting.keys():
            referred = {qualified(each.schema, each.name): each.rows for each in statistics.relations if not each.table}
            together = different([waiting.pop(name) for name in key.columns], rows)
            most = referred.get(key.referenced_table, -1.0)
            others.append(min(together, most) if most > 0 else together)
    return [*waiting.values(), *others]


def _different_of(counts: Sequence[float], rows: float, share: float) -> float:
    """Return the different keys among a share of a table's rows."""
    if any(each >= rows * 0.999 for each in counts):
        return rows * share
    whole = max(max(counts, default=0.0), different(counts, rows)) if len(counts) > 1 else min(counts[0], rows)
    return whole if share > 0.999 else different([whole], rows * share)


def _with_header(cells: Sequence[Cell]) -> float:
    present = math.prod(1.0 - each.null_fraction for each in cells)
    return present * _HEADER + (1 - present) * _HEADER_WITH_BITS + data_bytes(cells)


def _pivot_bytes(cells: Sequence[Cell], counts: Sequence[float], rows: float) -> float:
    """Return the bytes of an inner entry: as many leading columns as tell two neighbouring rows apart."""
    for number in range(1, len(cells)):
        if different(counts[:number], rows) > rows / 30:  # more keys than pages
            return _with_header(cells[:number])
    return _with_header(cells)


def _boxed(part: _Part) -> Cell:
    """Return what GiST keeps of a value: its bounding box, or two bounds as btree_gist has it; a range as it is."""
    cell, name = part.cell, part.layout.name
    if name in _BOXES:
        return Cell(32, 8, cell.null_fraction)
    if name == "range" or name.endswith("range") or name in {"box", "tsvector", "ltree"}:
        return cell
    size = 2 * aligned(cell.bytes, part.layout.alignment) if part.layout.length >= 0 else 2 * aligned(cell.bytes + 3, 4)
    return Cell(size if part.layout.length >= 0 else size + 1, 1, cell.null_fraction, cell.spread)


def _part(
    column: IndexColumn, name: str, index: Index, table: Table, statistics: Statistics, layouts: Layouts
) -> _Part:
    if column.column:
        return _column(column.column, table, statistics, layouts)
    known = statistics.by_column.get((table.schema, index.name, name, False))
    types = {each.name: each.type for each in table.columns}
    layout = layouts.of(type_of(column.expression.text, types) or _TEXT) if column.expression else layouts.of(_TEXT)
    if known and layout.length < 0 and known.width <= LONGEST_SHORT + 3:
        known = replace(known, width=known.width - 3)  # a value that was computed has a header of four bytes
    return _Part(layout, cell_of(layout, known), known, layout.alike)


def _column(name: str, table: Table, statistics: Statistics, layouts: Layouts) -> _Part:
    column = table.columns_by_name[name]
    layout = layouts.of(column.type)
    known = statistics.by_column.get((table.schema, table.name, name, False))
    declared = (column.annotations.null_fraction or 0.0) if column.nullable else 0.0
    if layout.name == "name":  # name_ops keeps a text
        layout = Layout("text", -1, 4, 16)
    return _Part(layout, cell_of(layout, known, declared), known, layout.alike)


def expression_names(index: Index) -> tuple[str, ...]:
    """Return the names that the server gives the columns of an index.

    A column has its own; an expression that of the function that it calls, or ``expr``, with a number where it is
    taken. Source: src/backend/commands/indexcmds.c (``ChooseIndexColumnNames``), parse_target.c (``FigureColname``).
    """
    taken: list[str] = []
    for each in index.columns:
        wanted = each.column or (column_name(each.expression.text) if each.expression else "") or "expr"
        name, number = wanted, 0
        while name in taken:
            number += 1
            name = f"{wanted}{number}"
        taken.append(name)
    return tuple(taken)


def distinct_of(known: ColumnStatistics | None, rows: float) -> float:
    """Return how many different values a column has, NULL as one of them; as many as rows where nothing is known."""
    if known is None or known.distinct == 0:
        return rows
    found = known.distinct if known.distinct > 0 else -known.distinct * rows
    return found + (1 if known.null_fraction > 0 else 0)


def different(counts: Sequence[float], rows: float) -> float:
    """Return how many different keys there are among rows whose columns are independent of each other."""
    most = 1.0
    for each in counts:
        most = min(most * max(each, 1.0), 1e18)
    if rows <= 0 or not counts:
        return 0.0
    if most >= rows * 1e4:
        return rows
    return -most * math.expm1(-rows / most)
