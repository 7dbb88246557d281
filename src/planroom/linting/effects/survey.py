"""What a prediction is made in: the catalog as it is, and the effects as they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from planroom.ddl import Catalog
from planroom.ddl.dependents import dependencies
from planroom.ddl.trees import relation_name
from planroom.linting.effects.values import Cause, Effects, Key, Lock, Work, WorkKind
from planroom.model import Table, qualified
from planroom.model.names import DEFAULT_SCHEMA
from planroom.sqltext import Statement, Tree

__all__ = ["HANDLERS", "Handler", "Survey", "foresees"]


@dataclass
class Survey:
    """One statement under examination.

    Attributes:
        created: Relations that nobody waits for, and that hold few rows.
        empty: Relations in which there is nothing to read.
        action: The number of the action that is looked at, from 0.
    """

    catalog: Catalog
    statement: Statement
    version: int
    created: AbstractSet[Key]
    empty: AbstractSet[Key] = frozenset()
    locks: dict[Key, Lock] = field(default_factory=dict)
    work: list[Work] = field(default_factory=list)
    alone: bool = False
    unknown: list[str] = field(default_factory=list)
    action: int = 0

    # -- what is found -----------------------------------------------------------------------------------------------

    def lock(self, key: Key, level: Lock) -> None:
        """Note a lock; the stronger of two on one relation counts."""
        if key not in self.created:
            self.locks[key] = max(level, self.locks.get(key, level))

    def does(self, kind: WorkKind, key: Key, cause: Cause, why: str, *, certain: bool = True) -> None:
        """Note work on a relation; a partitioned table's is on its leaves, and the server does it once."""
        table = self.catalog.tables.get(key)
        if key in self.created or key in self.empty or (table and (table.partitioning or table.external)):
            return
        work = Work(kind, key, cause, why, certain, self.action)
        if work not in self.work:
            self.work.append(work)

    def effects(self) -> Effects:
        """Return what was found."""
        return Effects(self.locks, tuple(self.work), self.alone, tuple(dict.fromkeys(self.unknown)))

    # -- what is there -----------------------------------------------------------------------------------------------

    def key(self, range_var: Tree) -> Key:
        """Return the relation that a RangeVar names; what the catalog does not hold is where a new one would be."""
        return self.named(*relation_name(range_var))

    def named(self, schema: str, name: str) -> Key:
        """Return the relation of a name."""
        found = self.catalog.find(self.catalog.relations, schema, name)
        path = self.catalog.search_path
        return found or (schema or (path[0] if path else DEFAULT_SCHEMA), name)

    def keyed(self, identifier: str) -> Key | None:
        """Return the table of an id."""
        schema, _, name = identifier.partition(".")
        if (schema, name) in self.catalog.tables:
            return schema, name
        return next((key for key, table in self.catalog.tables.items() if table.id == identifier), None)

    def table(self, key: Key) -> Table | None:
        """Return a table; None for what is none, or not known."""
        return self.catalog.tables.get(key)

    def is_partitioned(self, key: Key) -> bool:
        """Whether a table keeps its rows in partitions."""
        table = self.table(key)
        return bool(table and table.partitioning)

    def family(self, key: Key, *, recurse: bool = True) -> Iterator[Key]:
        """Yield a relation and, when recursing, its partitions and inheritance children."""
        yield key
        if recurse:
            yield from self.catalog.descendants(key)

    def parts(self, key: Key) -> Iterator[Key]:
        """Yield a table and its partitions, if it has any; not the children that inherit from it."""
        yield from self.family(key, recurse=self.is_partitioned(key))

    def leaves(self, key: Key) -> Iterator[Key]:
        """Yield a relation and its descendants, those that hold rows."""
        for each in self.family(key):
            table = self.table(each)
            if table is None or not table.partitioning:
                yield each

    def parent_of(self, key: Key) -> Key | None:
        """Return the partitioned table that a table is a partition of."""
        table = self.table(key)
        return self.keyed(table.partition_of.parent) if table and table.partition_of else None

    def ancestors(self, key: Key) -> Iterator[Key]:
        """Yield the partitioned tables above a table, the nearest first."""
        parent = self.parent_of(key)
        while parent is not None:
            yield parent
            parent = self.parent_of(parent)

    def default_partition(self, key: Key) -> Key | None:
        """Return the DEFAULT partition of a table."""
        for child in self.catalog.children.get(key, ()):
            table = self.table(child)
            if table and table.partition_of and table.partition_of.bound.canonical.upper() == "DEFAULT":
                return child
        return None

    def referencing(self, keys: Iterable[Key]) -> Iterator[Key]:
        """Yield the tables with a foreign key to any of the tables; it looks at all of them."""
        wanted = {table.id for table in map(self.table, keys) if table}
        for key, table in self.catalog.tables.items():
            if not wanted.isdisjoint(table.references):
                yield key

    def views_over(self, keys: Iterable[Key]) -> Iterator[Key]:
        """Yield the views that read any of these relations, and the views that read those."""
        reached = set(keys)
        for key, view in self.catalog.views.items() if reached else ():
            if dependencies(self.catalog, view) & reached:
                reached.add(key)
                yield key

    def words(self, key: Key) -> str:
        """Return a relation's name for people."""
        return qualified(*key) if key[0] != DEFAULT_SCHEMA else key[1]


Handler = Callable[[Survey, Any], None]

HANDLERS: dict[str, Handler] = {}


def foresees(*kinds: str) -> Callable[[Handler], Handler]:
    """Register what says the effects of these kinds of statement."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(kinds, handler))
        return handler

    return register
