"""What an index holds of each row: the bytes of its columns, how many different keys there are, and their elements."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.generating.conditions import demands_of
from planroom.scaling.analysing import TOGETHER, actual_apart, actual_together
from planroom.scaling.btree_sizes import Entries
from planroom.scaling.elements import Elements, elements_of
from planroom.scaling.expressions import column_name, type_of
from planroom.scaling.table_sizes import rows_of
from planroom.scaling.tuple_bytes import Cell, aligned, cell_of, laid_out
from planroom.scaling.type_layouts import LONGEST_SHORT, Layout
from planroom.sqltext import DataType
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.generating.conditions import Demands
    from planroom.model import Index, IndexColumn, Table
    from planroom.scaling.statistics import ColumnStatistics, Statistics
    from planroom.scaling.type_layouts import Layouts

__all__ = ["Keyed", "different", "distinct_of", "expression_names", "keyed"]

_HEADER = 8
_HEADER_WITH_BITS = 16
_TEXT = DataType("text")
_MOST_OPEN = 3
_BOXES = frozenset({"point", "circle", "polygon"})


@dataclass(frozen=True, slots=True)
class Keyed:
    """What an index holds of each row.

    Attributes:
        entries: What a B-tree holds, by which of its columns are NULL.
        data_bytes: Mean bytes of the columns of its key.
        heads: Of its first column, its first two, and so on to all of its key: mean bytes with the header, each a
            multiple of 8, and how many different ones there are.
        distinct: Different keys among its rows.
        alike: Equal keys have equal bytes.
        box_bytes: Mean bytes of an entry as GiST keeps it: of most types a lower and an upper bound.
        ranges: All its columns are ranges.
        elements: What the first column's values consist of, for GIN.
        assumed: What nothing told.
    """

    entries: tuple[Entries, ...]
    data_bytes: float
    heads: tuple[tuple[float, float], ...]
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
    asked = _asked(index)
    parts = [_part(each, names[place], index, table, statistics, layouts) for place, each in enumerate(index.columns)]
    alike = all(each.alike for each in parts) and not _collations(index, table) & layouts.loose_collations
    carried = [_column(each, table, statistics, layouts) for each in index.include]
    named = [each.column for each in index.columns] + list(index.include)
    cells = [_as_asked(each.cell, asked.get(name)) for each, name in zip((*parts, *carried), named, strict=True)]
    rows = rows_of(table, statistics)
    counts = _together(_counts(parts, index, table, statistics), index, table, statistics)
    kept = rows * share
    boxes = [_boxed(each) for each in parts]
    unknown = [str(column) for column, each in zip(index.columns, parts, strict=True) if each.known is None]
    return Keyed(
        entries=tuple(_entries(cells, counts, rows, share)),
        data_bytes=laid_out([each.cell for each in parts]).bytes,
        heads=tuple(_heads(index, table, [each.cell for each in parts], counts, kept)),
        distinct=_different_of(counts, rows, share),
        alike=alike,
        box_bytes=_header(boxes) + laid_out(boxes).bytes,
        ranges=all(each.layout.name == "range" or each.layout.name.endswith("range") for each in parts),
        elements=elements_of(parts[0].layout, parts[0].known, kept, index.columns[0].operator_class),
        assumed=(f"nothing is known of {', '.join(unknown)}: every row is taken to have its own",) if unknown else (),
    )


def _counts(parts: Sequence[_Part], index: Index, table: Table, statistics: Statistics) -> list[float]:
    """Return the different values of the columns of a key, where ANALYZE saw a sample more than it says.

    A column that refers to another table has no more of them than there are rows there.
    """
    relation = statistics.by_relation.get((table.schema, table.name))
    rows, pages = rows_of(table, statistics), float(relation.pages) if relation else 0.0
    most = {
        key.columns[0]: parent.rows
        for key in table.foreign_keys
        if len(key.columns) == 1 and (parent := statistics.by_id.get(key.referenced_table)) and parent.rows > 0
    }
    return [
        min(_actual(each.known, rows, pages), most.get(column.column, rows))
        for each, column in zip(parts, index.columns, strict=True)
    ]


def _actual(known: ColumnStatistics | None, rows: float, pages: float) -> float:
    """Return how many different values a column has, from how many ANALYZE says that there are."""
    told = distinct_of(known, rows)
    if known is None or known.distinct in {0.0, -1.0}:
        return told
    there = rows * (1 - known.null_fraction)
    if abs(known.correlation or 0.0) > TOGETHER:
        return actual_together(told, there, pages)
    return actual_apart(told, there)


def _together(counts: list[float], index: Index, table: Table, statistics: Statistics) -> list[float]:
    """Return the different values of columns; those that refer to one row together have no more than its table."""
    places = {each.column: place for place, each in enumerate(index.columns) if each.column}
    for key in table.foreign_keys:
        if len(key.columns) < 2 or not {*key.columns} <= places.keys():
            continue
        parent = statistics.by_id.get(key.referenced_table)
        if parent is None or parent.rows <= 0:
            continue
        first, *others = (places[each] for each in key.columns)
        rows = rows_of(table, statistics)
        counts[first] = min(
            math.prod(counts[places[each]] for each in key.columns), different([parent.rows, 1.0], rows)
        )
        for each in others:
            counts[each] = 1.0
    return counts


def _asked(index: Index) -> dict[str, Demands]:
    """Return what a partial index's condition asks of columns: what is compared is not NULL."""
    return demands_of([index.predicate.text])[0] if index.predicate else {}


def _as_asked(cell: Cell, demands: Demands | None) -> Cell:
    return cell if demands is None else replace(cell, null_fraction=float(demands.absent))


def _settled(cell: Cell, null: bool | None) -> Cell:
    """Return a column's bytes where it is known to be NULL, or not to be."""
    if null is None:
        return cell
    return Cell(0.0, 1, null_fraction=1.0) if null else replace(cell, null_fraction=0.0)


def _entries(cells: Sequence[Cell], counts: Sequence[float], rows: float, share: float) -> Iterator[Entries]:
    """Yield the entries by which columns are NULL: those that are so most evenly, all combinations of up to three.

    Args:
        cells: The columns, those of the key first.
        counts: Different values of the columns of the key.
        rows: The table's rows.
        share: The share of them that have an entry.
    """
    open_ = [place for place, each in enumerate(cells) if 0 < each.null_fraction < 1]
    chosen = sorted(open_, key=lambda place: abs(cells[place].null_fraction - 0.5))[:_MOST_OPEN]
    for nulls in itertools.product((False, True), repeat=len(chosen)):
        given = dict(zip(chosen, nulls, strict=True))
        part = math.prod(
            cells[place].null_fraction if null else 1 - cells[place].null_fraction for place, null in given.items()
        )
        here = [_settled(each, given.get(place)) for place, each in enumerate(cells)]
        several = [1.0 if here[place].null_fraction == 1 else count for place, count in enumerate(counts)]
        if part * rows * share > 0:
            keys = _different_of(several, rows * part, share, chosen=bool(chosen))
            laid = laid_out(here)
            yield Entries(
                rows * part * share, _header(here) + laid.aligned, keys, laid.deviation if laid.varies else 0.0
            )


def _collations(index: Index, table: Table) -> set[str]:
    own = {each.collation for each in index.columns}
    return own | {table.columns_by_name[each.column].collation for each in index.columns if each.column}


def _different_of(counts: Sequence[float], rows: float, share: float, *, chosen: bool = False) -> float:
    """Return the different keys among a share of a table's rows.

    Args:
        counts: Different values of its columns.
        rows: The table's rows.
        share: The share of them.
        chosen: These are not all rows of the table, so that they need not have all values.
    """
    if any(each >= rows * 0.999 for each in counts):
        return rows * share
    found = min(counts[0], rows) if len(counts) == 1 else different(counts, rows)
    found = max(found, 1.0) if chosen else min(max(found, *counts, 1.0), rows)
    return found * (1.0 - math.pow(max(0.0, 1.0 - share), rows / found))  # a value is left when one of its rows is


def _header(cells: Sequence[Cell]) -> float:
    present = math.prod(1.0 - each.null_fraction for each in cells)
    return present * _HEADER + (1 - present) * _HEADER_WITH_BITS


def _heads(
    index: Index, table: Table, cells: Sequence[Cell], counts: Sequence[float], rows: float
) -> Iterator[tuple[float, float]]:
    """Yield the mean bytes and the different values of the first columns of the key, ever more of them."""
    keys = [{*each.columns} for each in table.keys]
    names = [each.column for each in index.columns]
    for number in range(1, len(cells) + 1):
        unique = any(each <= {*names[:number]} for each in keys) or (index.unique and number == len(cells))
        apart = rows if unique else _different_of(counts[:number], rows, 1.0)
        yield _header(cells[:number]) + laid_out(cells[:number]).aligned, apart


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
    """Return how many different values a column has; as many as rows have one where nothing is known."""
    if known is None:
        return rows
    if known.distinct == 0:
        return rows * (1 - known.null_fraction)
    return known.distinct if known.distinct > 0 else -known.distinct * rows


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
