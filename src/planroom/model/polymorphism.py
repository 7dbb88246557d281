"""Columns that refer to rows of several tables: ``commentable_type`` says of which, ``commentable_id`` to which row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Column, Table

__all__ = ["companion_of", "indexed_together"]

_MARKS = ("_id", "Id", "ID", "_uuid", "id")
_SAYS_WHICH = ("_type", "Type", "type", "_class", "_kind", "_table", "_model")


def companion_of(table: Table, column: Column) -> str:
    """Return the column that says of which table a row is meant; empty when there is none.

    Example:
        >>> from planroom.model import Column, Table
        >>> from planroom.sqltext import DataType
        >>> columns = [Column(name=name, type=DataType("text")) for name in ("owner_type", "owner_id")]
        >>> companion_of(Table(schema="public", name="notes", columns=tuple(columns)), columns[1])
        'owner_type'
    """
    return next((name for name in _possible(column.name) if name in table.columns_by_name), "")


def _possible(name: str) -> Iterator[str]:
    mark = next((mark for mark in _MARKS if name.endswith(mark) and len(name) > len(mark)), "")
    if mark:
        yield from (name.removesuffix(mark) + ending for ending in _SAYS_WHICH)


def indexed_together(table: Table, *names: str) -> bool:
    """Whether an index or key begins with these columns, in any order: they are looked up together."""
    leading = [tuple(part.column for part in index.columns) for index in table.indexes]
    leading += [key.columns for key in table.keys]
    return any(set(columns[: len(names)]) == set(names) for columns in leading)
