"""The ways into a table: its indexes and those behind its constraints, alike; which look-ups they serve."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from planroom.findings import NOWHERE, Location
from planroom.model import IndexColumn
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from planroom.model import Exclusion, Index, PrimaryKey, Table, Unique
    from planroom.sqltext import Expression

__all__ = ["AccessPath", "Service", "access_paths", "service_of"]


@dataclass(frozen=True, slots=True)
class AccessPath:
    """An index, or what a constraint keeps as one.

    Attributes:
        parts: The key parts, in order.
        constraint: What keeps it: ``primary key``, ``unique constraint``, ``exclusion constraint``; empty for an index
            of its own.
        only: On a partitioned table: not there on every partition.
    """

    name: str
    parts: tuple[IndexColumn, ...]
    method: str = "btree"
    unique: bool = False
    constraint: str = ""
    include: tuple[str, ...] = ()
    predicate: Expression | None = None
    nulls_not_distinct: bool = False
    deferrable: bool = False
    only: bool = False
    inherited: bool = False
    storage: tuple[tuple[str, str], ...] = ()
    origin: Location = NOWHERE

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its key columns; an expression has an empty one."""
        return tuple(part.column for part in self.parts)

    def __str__(self) -> str:
        return f"the {self.constraint} {self.name}" if self.constraint else f"the index {self.name}"


def access_paths(table: Table) -> tuple[AccessPath, ...]:
    """Return the ways into a table: constraints first, then indexes, each in the order of the table."""
    return (*_of_constraints(table), *(_of_index(index) for index in table.indexes))


def _of_constraints(table: Table) -> Iterator[AccessPath]:
    for key in table.keys:
        yield _of_key(key, "primary key" if key is table.primary_key else "unique constraint")
    for exclusion in table.exclusions:
        yield _of_exclusion(exclusion)


def _of_key(key: PrimaryKey | Unique, constraint: str) -> AccessPath:
    return AccessPath(
        key.name,
        tuple(IndexColumn(column=name) for name in key.columns),
        method="gist" if key.without_overlaps else "btree",
        unique=not key.without_overlaps,
        constraint=constraint,
        include=key.include,
        nulls_not_distinct=getattr(key, "nulls_not_distinct", False),
        deferrable=key.deferrable,
        inherited=bool(key.parent),
        storage=key.storage,
        origin=key.origin,
    )


def _of_exclusion(exclusion: Exclusion) -> AccessPath:
    return AccessPath(
        exclusion.name,
        tuple(element.column for element in exclusion.elements),
        method=exclusion.method,
        constraint="exclusion constraint",
        include=exclusion.include,
        predicate=exclusion.predicate,
        deferrable=exclusion.deferrable,
        inherited=bool(exclusion.parent),
        storage=exclusion.storage,
        origin=exclusion.origin,
    )


def _of_index(index: Index) -> AccessPath:
    return AccessPath(
        index.name,
        index.columns,
        method=index.method,
        unique=index.unique,
        include=index.include,
        predicate=index.predicate,
        nulls_not_distinct=index.nulls_not_distinct,
        only=index.only,
        inherited=bool(index.parent),
        storage=index.storage,
        origin=index.origin,
    )


class Service(enum.IntEnum):
    """How well an index serves a look-up by equality."""

    NONE = 0
    PARTLY = 1
    WHOLLY = 2


_FINDS_EQUAL = frozenset({"btree", "hash", "gist", "spgist", "gin"})  # a BRIN index only skips ranges of pages


def service_of(path: AccessPath, columns: Collection[str]) -> Service:
    """Return how well an index serves a look-up of one value for each of the columns.

    Wholly: the columns lead it, in any order. Partly: some of them do, and the rest is read and thrown away. A partial
    index serves it only when its condition is no more than that such columns are not null, which a look-up implies.
    """
    if path.method not in _FINDS_EQUAL or path.only or not _implied(path, columns):
        return Service.NONE
    leading = 0
    for part in path.parts:
        if part.column not in columns or part.collation:
            break
        leading += 1
    led = len(set(path.columns[:leading]))
    return Service.WHOLLY if led == len(columns) else Service.PARTLY if led else Service.NONE


_NOT_NULL = re.compile(r'\(*("(?:[^"]|"")+"|\w+) is not null\)*', re.IGNORECASE)


def _implied(path: AccessPath, columns: Collection[str]) -> bool:
    """Whether the condition of a partial index follows from a look-up of the columns.

    Source: PostgreSQL manual, "Partial Indexes"; an operator that is strict implies IS NOT NULL.
    """
    if path.predicate is None:
        return True
    conditions = re.split(r"\s+and\s+", path.predicate.text, flags=re.IGNORECASE)
    matches = [_NOT_NULL.fullmatch(each.strip()) for each in conditions]
    return all(match and match[1].strip('"') in columns for match in matches)
