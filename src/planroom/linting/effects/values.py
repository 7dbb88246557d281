"""What a statement does to the tables of a live database: its locks, and its work that grows with rows."""

from __future__ import annotations

import enum
from dataclasses import field
from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Cause", "Effects", "Key", "Lock", "Work", "WorkKind"]

Key = tuple[str, str]
"""Schema and name of a relation."""


class Lock(enum.IntEnum):
    """PostgreSQL's table lock levels; a higher one conflicts with more.

    Source: the PostgreSQL manual, "Table-Level Locks".
    """

    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    @property
    def blocks_reads(self) -> bool:
        """Whether a SELECT waits for it."""
        return self is Lock.ACCESS_EXCLUSIVE

    @property
    def blocks_writes(self) -> bool:
        """Whether an INSERT, UPDATE or DELETE waits for it."""
        return self >= Lock.SHARE

    def __str__(self) -> str:
        return self.name.replace("_", " ")


class WorkKind(enum.IntEnum):
    """Work that takes the longer the more rows there are; a higher number is heavier."""

    SCAN = 1
    BUILD = 2
    REWRITE = 3

    def __str__(self) -> str:
        return self.name.lower()


class Cause(enum.StrEnum):
    """Why there is work."""

    VOLATILE_DEFAULT = "volatile default"
    SEQUENCE_DEFAULT = "identity or serial"
    STORED_GENERATED = "stored generated column"
    CONSTRAINED_DOMAIN = "domain with a constraint"
    COLUMN_TYPE = "column type"
    NOT_NULL = "not null"
    CHECK = "check"
    FOREIGN_KEY = "foreign key"
    VALIDATE = "validate"
    KEY = "key"
    EXCLUSION = "exclusion"
    INDEX = "index"
    REINDEX = "reindex"
    ATTACH = "attach partition"
    DEFAULT_PARTITION = "default partition"
    DETACH = "detach partition"
    REFRESH = "refresh"
    STORAGE = "storage"
    VACUUM = "vacuum full"
    CLUSTER = "cluster"
    DOMAIN = "domain constraint"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Work:
    """Work that grows with a relation.

    Attributes:
        relation: The relation whose rows are read, indexed or written anew.
        why: The reason, with the names of the statement.
        certain: False where the catalog cannot tell whether it is done; ``why`` says what would decide.
        action: The number of the action of an ALTER TABLE that asks for it, from 0.
    """

    kind: WorkKind
    relation: Key
    cause: Cause
    why: str
    certain: bool = True
    action: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Effects:
    """What one statement does.

    Attributes:
        locks: The strongest lock on each table, view and materialised view that was there before, those that only
            read left out; of indexes, those that are rebuilt in place.
        work: In the order in which the statement says it.
        alone: It cannot run inside a transaction block.
        unknown: What cannot be told from the catalog, in words.
    """

    locks: Mapping[Key, Lock] = field(default_factory=dict)
    work: tuple[Work, ...] = ()
    alone: bool = False
    unknown: tuple[str, ...] = ()

    def heaviest(self, relation: Key, *, certain: bool = True) -> WorkKind | None:
        """Return the heaviest work on a relation; None where there is none.

        Args:
            relation: Which one.
            certain: Leave out what is only possible.
        """
        kinds = [each.kind for each in self.work if each.relation == relation and (each.certain or not certain)]
        return max(kinds, default=None)

    @property
    def strongest(self) -> Lock | None:
        """The strongest lock of all."""
        return max(self.locks.values(), default=None)
