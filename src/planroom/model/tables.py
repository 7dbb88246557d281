"""Tables and views."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.findings import NOWHERE, Location
from planroom.model.annotations import UNANNOTATED, Annotations
from planroom.model.columns import Column
from planroom.model.constraints import Check, Exclusion, ForeignKey, PrimaryKey, Unique
from planroom.model.indexes import ExtendedStatistics, Index, IndexColumn
from planroom.model.names import ObjectId, qualified
from planroom.model.routines import Policy, Trigger
from planroom.sqltext import Expression
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Partition", "Partitioning", "Table", "View"]


@dataclass(frozen=True, slots=True)
class Partitioning:
    """How a partitioned table spreads its rows: ``range``, ``list`` or ``hash`` over key parts."""

    strategy: str
    columns: tuple[IndexColumn, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """That a table is a partition of another.

    Attributes:
        parent: The id of the partitioned table.
        bound: The bound in canonical form, such as ``FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`` or ``DEFAULT``.
    """

    parent: ObjectId
    bound: Expression


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, with everything that is dropped with it.

    A partition does not repeat the foreign keys, checks and triggers that it has from its parent; its columns and
    indexes are its own and all listed.

    Attributes:
        columns: The columns, in their order.
        foreign_keys: Sorted by name, as all constraints and indexes are.
        partitioning: How it is partitioned; None for a plain table.
        partition_of: Where it belongs; None for a table of its own.
        inherits: The ids of its inheritance parents, in order.
        row_security: Row-level security is enabled.
        force_row_security: It also holds for the table's owner.
        unlogged: Not crash-safe, by choice.
        storage: Storage parameters such as ``fillfactor``, as sorted pairs; those of its TOAST table as ``toast.name``.
        tablespace: The tablespace where it is not the default.
        access_method: The table access method where it is not ``heap``.
        replica_identity: ``default``, ``full``, ``nothing`` (also when its index is gone), or the name of an index.
        of_type: The id of the composite type of a typed table.
        clustered_on: The index named by CLUSTER ON.
        external: A foreign table: the name of its server.
    """

    schema: str
    name: str
    columns: tuple[Column, ...] = ()
    primary_key: PrimaryKey | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    unique_constraints: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    indexes: tuple[Index, ...] = ()
    statistics: tuple[ExtendedStatistics, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    policies: tuple[Policy, ...] = ()
    partitioning: Partitioning | None = None
    partition_of: Partition | None = None
    inherits: tuple[ObjectId, ...] = ()
    row_security: bool = False
    force_row_security: bool = False
    unlogged: bool = False
    storage: tuple[tuple[str, str], ...] = ()
    tablespace: str = ""
    access_method: str = ""
    replica_identity: str = "default"
    of_type: ObjectId = ""
    clustered_on: str = ""
    external: str = ""
    comment: str = ""
    annotations: Annotations = UNANNOTATED
    origin: Location = field(default=NOWHERE, compare=False)

    @cached_property
    def id(self) -> ObjectId:
        """The stable id, ``schema.name``."""
        return qualified(self.schema, self.name)

    @cached_property
    def columns_by_name(self) -> Mapping[str, Column]:
        """The columns, by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def references(self) -> frozenset[ObjectId]:
        """The ids of the tables that its foreign keys refer to."""
        return frozenset([key.referenced_table for key in self.foreign_keys])

    @property
    def keys(self) -> tuple[PrimaryKey | Unique, ...]:
        """The primary key, if any, then the unique constraints."""
        return (*((self.primary_key,) if self.primary_key else ()), *self.unique_constraints)


@dataclass(frozen=True, kw_only=True)
class View:
    """A view or materialised view.

    Attributes:
        query: The SELECT behind it.
        columns: Its columns; from text the types are unknown (``DataType.UNKNOWN``), from a server they are not.
        options: ``security_barrier``, ``check_option`` and the like, as sorted pairs.
        populated: A materialised view WITH DATA; a state, which equality leaves out.
    """

    schema: str
    name: str
    query: Expression
    columns: tuple[Column, ...] = field(default=(), compare=False)
    materialised: bool = False
    options: tuple[tuple[str, str], ...] = ()
    populated: bool = field(default=True, compare=False)
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    tablespace: str = ""
    comment: str = ""
    annotations: Annotations = UNANNOTATED
    origin: Location = field(default=NOWHERE, compare=False)

    @cached_property
    def id(self) -> ObjectId:
        """The stable id, ``schema.name``."""
        return qualified(self.schema, self.name)

    @cached_property
    def columns_by_name(self) -> Mapping[str, Column]:
        """The columns, by name."""
        return {column.name: column for column in self.columns}
