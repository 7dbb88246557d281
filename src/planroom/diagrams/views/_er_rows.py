"""The rows of a table's box: its columns, with the signs of their keys and indexes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.diagrams.views._er_words import counted
from planroom.drawing.graph import Cell, Role, Row, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Column, Table
    from planroom.sqltext import DataType

__all__ = ["column_row", "key_signs", "leading_columns", "partition_row"]


def key_signs(table: Table, foreign: frozenset[str]) -> dict[str, tuple[Sign, ...]]:
    """Return the key signs of each column; `u` stands for a column that is unique by itself."""
    primary = set(table.primary_key.columns) if table.primary_key else set()
    unique = {key.columns[0] for key in table.unique_constraints if len(key.columns) == 1}
    unique |= {
        index.columns[0].column
        for index in table.indexes
        if index.unique and index.predicate is None and len(index.columns) == 1 and index.columns[0].column
    }
    marks = {}
    for column in table.columns:
        name = column.name
        signs = [
            *([Sign.PRIMARY_KEY] if name in primary else []),
            *([Sign.FOREIGN_KEY] if name in foreign else []),
            *([Sign.UNIQUE] if name in unique - primary else []),
        ]
        if signs:
            marks[name] = tuple(signs)
    return marks


def leading_columns(table: Table) -> frozenset[str]:
    """Return the columns that lead an index; those that lead a key are shown by the key."""
    return frozenset(index.columns[0].column for index in table.indexes if index.columns)


def column_row(column: Column, marks: tuple[Sign, ...], *, indexed: bool, plain: bool = False) -> Row:
    """Return the row of a column; a plain one shows nothing of NULL."""
    faint = column.nullable and not plain
    cells = (
        _sign_cell(*marks),
        Cell(column.name, Role.FAINT if faint else Role.NAME),
        _type_cell(column.type),
        _PERSONAL if column.annotations.pii else _NO_SIGN,
        _INDEXED if indexed else _NO_SIGN,
        _NULLABLE if faint else _NO_SIGN,
    )
    return Row(cells, port=column.name, tip=_column_tip(column))


# A large model has few different types and signs: each is made once.
_NO_SIGN, _PERSONAL, _INDEXED, _NULLABLE = (
    Cell(signs=signs, right=True) for signs in ((), (Sign.PERSONAL,), (Sign.INDEXED,), (Sign.NULLABLE,))
)


@lru_cache(maxsize=64)
def _sign_cell(*signs: Sign) -> Cell:
    return Cell(signs=signs)


@lru_cache(maxsize=1024)
def _type_cell(kind: DataType) -> Cell:
    return Cell("" if kind == kind.UNKNOWN else kind.short, Role.TYPE, right=True)


_type_text = lru_cache(maxsize=1024)(str)


def _column_tip(column: Column) -> str:
    facts = f"{column.name} {_type_text(column.type)}"
    if not column.nullable:
        facts += ", not null"
    if column.default:
        facts += f", default {column.default}"
    if column.identity:
        facts += ", identity"
    if column.generated:
        facts += f", generated as {column.generated.expression}"
    if column.annotations.pii:
        facts += f", personal data: {column.annotations.pii}"
    return f"{facts} — {column.comment}" if column.comment else facts


def partition_row(table: Table, stacked: int) -> Iterator[Row]:
    """Yield the row that says how a table is partitioned, if it is."""
    if table.partitioning:
        key = ", ".join(map(str, table.partitioning.columns))
        yield Row((Cell(f"{counted(stacked, 'partition')} by {table.partitioning.strategy} ({key})", Role.NOTE),))
