"""The indexes that a design has: which stand in the way of candidates, and which may be dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.advice.indexing.sequences import backwards
from planroom.model import Index, IndexColumn
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Model, ObjectId, Table

__all__ = ["ExistingIndex", "begins_with", "existing_indexes", "indexes_of"]


@dataclass(frozen=True, slots=True)
class ExistingIndex:
    """An index of the design that no constraint owns.

    Attributes:
        table: The id of its table.
        index: The index.
        kept: Why it stays, whatever the queries say; empty for one that may be dropped.
        drop: The statement that drops it.
    """

    table: ObjectId
    index: Index
    kept: str
    drop: str

    @property
    def name(self) -> str:
        """The index's name."""
        return self.index.name


def indexes_of(table: Table) -> Iterator[Index]:
    """Yield the indexes of a table's keys, which look like any other, and then its own."""
    for key in table.keys:
        columns = tuple(IndexColumn(name) for name in key.columns)
        yield Index(name=key.name, columns=columns, unique=True, include=key.include)
    yield from table.indexes


def begins_with(index: Index, other: Index) -> bool:
    """Whether all that an index can do another can, which begins with its keys and holds its rows and columns.

    Args:
        index: The one that is longer, or the same.
        other: The one that may be superfluous beside it; uniqueness is not looked at.
    """
    if index.method != other.method or index.predicate not in {None, other.predicate}:
        return False
    if index.method != "btree":
        return set(index.columns) >= set(other.columns) if index.method == "gin" else index.columns == other.columns
    held = {each.column for each in index.columns} | set(index.include)
    head = index.columns[: len(other.columns)]
    return set(other.include) <= held and other.columns in {head, backwards(head)}


def existing_indexes(model: Model) -> tuple[ExistingIndex, ...]:
    """Return the indexes of a design that stand for themselves, each with why it stays if it must.

    Those of partitions go with that of their parent.
    """
    return tuple(
        ExistingIndex(table.id, index, _kept(index, table), _drop(index, table))
        for table in model.tables
        for index in table.indexes
        if not index.parent
    )


def _kept(index: Index, table: Table) -> str:
    if index.unique:
        return "it keeps values unique"
    if table.replica_identity == index.name:
        return "it is the table's replica identity"
    if table.clustered_on == index.name:
        return "the table is clustered on it"
    key = next((each for each in table.foreign_keys if _leads(index, each.columns)), None)
    return f"it supports the foreign key {key.name}" if key is not None else ""


def _leads(index: Index, columns: tuple[str, ...]) -> bool:
    """Whether an index finds the rows that refer to one: its first keys are the foreign key's columns, in any order."""
    head = {each.column for each in index.columns[: len(columns)]}
    return index.method == "btree" and index.predicate is None and head == set(columns)


def _drop(index: Index, table: Table) -> str:
    from planroom.sqltext import quote_identifier

    how = "" if table.partitioning is not None else "CONCURRENTLY "  # refused for the index of a partitioned table
    return f"DROP INDEX {how}{quote_identifier(table.schema)}.{quote_identifier(index.name)};"
