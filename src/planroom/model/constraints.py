"""What the database refuses: keys, foreign keys, checks, exclusions."""

from __future__ import annotations

from dataclasses import field

from planroom.findings import NOWHERE, Location
from planroom.model.indexes import IndexColumn
from planroom.model.names import ObjectId
from planroom.sqltext import Expression
from planroom.values import dataclass

__all__ = ["Check", "Exclusion", "ExclusionElement", "ForeignKey", "PrimaryKey", "Unique"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """What primary keys and unique constraints have in common.

    Attributes:
        columns: The key columns, in key order.
        include: Columns carried in the index but not part of the key.
        without_overlaps: The last column is a range that must not overlap (PostgreSQL 18).
        parent: The name of the partitioned table's constraint that it belongs to.
        storage: Storage parameters of its index, such as ``fillfactor``, as sorted pairs.
        tablespace: The tablespace of its index where it is not the default.
    """

    name: str
    columns: tuple[str, ...]
    include: tuple[str, ...] = ()
    without_overlaps: bool = False
    deferrable: bool = False
    initially_deferred: bool = False
    parent: str = ""
    storage: tuple[tuple[str, str], ...] = ()
    tablespace: str = ""
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKey(_Key):
    """The key that identifies a row; its columns are NOT NULL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique(_Key):
    """Another candidate key; unless ``nulls_not_distinct``, rows with a NULL in it never collide."""

    nulls_not_distinct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference to a key of another table.

    Attributes:
        columns: The referencing columns, in the order of ``referenced_columns``.
        referenced_table: The id of the referenced table.
        referenced_columns: The columns of the referenced key, never empty.
        on_update: ``no action``, ``restrict``, ``cascade``, ``set null`` or ``set default``.
        on_delete: Likewise.
        on_delete_columns: The columns that SET NULL or SET DEFAULT touches; empty for all.
        match_full: MATCH FULL: either all or none of the columns are NULL.
        period: The last column is a PERIOD (PostgreSQL 18).
        validated: False for NOT VALID: existing rows were not checked; also for what is not enforced.
        enforced: False for NOT ENFORCED (PostgreSQL 18).
    """

    name: str
    columns: tuple[str, ...]
    referenced_table: ObjectId
    referenced_columns: tuple[str, ...]
    on_update: str = "no action"
    on_delete: str = "no action"
    on_delete_columns: tuple[str, ...] = ()
    match_full: bool = False
    period: bool = False
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True
    enforced: bool = True
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A condition that every row meets (true or unknown); what is not enforced is not validated either."""

    name: str
    expression: Expression
    no_inherit: bool = False
    validated: bool = True
    enforced: bool = True
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ExclusionElement:
    """One part of an exclusion constraint: what is compared, and with which operator.

    The operator is its bare symbol, or ``OPERATOR(schema.symbol)`` where its schema is neither ``pg_catalog`` nor
    ``public``.
    """

    column: IndexColumn
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """No two rows may be related by all the operators at once."""

    name: str
    elements: tuple[ExclusionElement, ...]
    method: str = "gist"
    include: tuple[str, ...] = ()
    predicate: Expression | None = None
    deferrable: bool = False
    initially_deferred: bool = False
    parent: str = ""
    storage: tuple[tuple[str, str], ...] = ()
    tablespace: str = ""
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)
