"""Tables and views: everything that hangs on a relation, put together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.constraints import Constraints, constraints
from planroom.engines.postgres.catalog.indexes import index_rows, indexes
from planroom.engines.postgres.catalog.inheritance import parents, partitionings, root
from planroom.engines.postgres.catalog.session import default_name
from planroom.engines.postgres.catalog.statistics import statistics
from planroom.engines.postgres.catalog.triggers import policies, triggers
from planroom.model import Column, Generated, Identity, Partition, Table, View
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.columns import ColumnRow
    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.indexes import IndexRow
    from planroom.engines.postgres.catalog.relations import RelationRow
    from planroom.engines.postgres.catalog.sequences import IdentitySequence
    from planroom.engines.postgres.catalog.session import Session
    from planroom.model import ExtendedStatistics, Index, ObjectId, Partitioning, Policy, Trigger


__all__ = ["Relations"]

_REPLICA_IDENTITY = {"f": "full", "n": "nothing"}


@dataclass(frozen=True)
class Relations:
    """Every table and view, with what is dropped with it: each kind is read once, when it is first needed.

    The properties map the oid of a relation to what it has.
    """

    session: Session
    expressions: Expressions
    rows: tuple[RelationRow, ...]
    columns: Mapping[int, tuple[ColumnRow, ...]]
    identities: Mapping[tuple[int, str], IdentitySequence]

    def tables(self) -> tuple[Table, ...]:
        """Return the tables, by their ids."""
        found = (self._table(row) for row in self.rows if row.kind in {"r", "p", "f"})
        return tuple(sorted(found, key=lambda each: each.id))

    def views(self) -> tuple[View, ...]:
        """Return the views and materialised views, by their ids."""
        found = (self._view(row) for row in self.rows if row.kind in {"v", "m"})
        return tuple(sorted(found, key=lambda each: each.id))

    @cached_property
    def index_rows(self) -> tuple[IndexRow, ...]:
        """All indexes, those of constraints too."""
        return index_rows(self.session, self.expressions)

    @cached_property
    def _indexes(self) -> Mapping[int, tuple[Index, ...]]:
        return indexes(self.session, self.index_rows, self.expressions)

    @cached_property
    def _constraints(self) -> Mapping[int, Constraints]:
        return constraints(self.session, self.index_rows, self.expressions)

    @cached_property
    def _statistics(self) -> Mapping[int, tuple[ExtendedStatistics, ...]]:
        return statistics(self.session, self.expressions)

    @cached_property
    def _triggers(self) -> Mapping[int, tuple[Trigger, ...]]:
        return triggers(self.session, self.expressions)

    @cached_property
    def _policies(self) -> Mapping[int, tuple[Policy, ...]]:
        return policies(self.session, self.expressions)

    @cached_property
    def _partitionings(self) -> Mapping[int, Partitioning]:
        return partitionings(self.session, self.expressions)

    @cached_property
    def _parents(self) -> Mapping[int, tuple[tuple[int, ObjectId], ...]]:
        return parents(self.session)

    @cached_property
    def _partitions(self) -> Mapping[int, int]:
        """The parent's oid of every partition."""
        return {row.oid: self._parents[row.oid][0][0] for row in self.rows if row.partition}

    @cached_property
    def _clustered(self) -> Mapping[int, str]:
        return {row.table: row.name for row in self.index_rows if row.clustered}

    @cached_property
    def _replica_indexes(self) -> Mapping[int, str]:
        return {row.table: row.name for row in self.index_rows if row.replica_identity}

    def _table(self, row: RelationRow) -> Table:
        oid = row.oid
        limits = self._constraints.get(oid, Constraints())
        return Table(
            schema=row.schema,
            name=row.name,
            columns=self._columns(row),
            primary_key=limits.primary_key,
            foreign_keys=tuple(limits.foreign_keys),
            unique_constraints=tuple(limits.unique),
            checks=tuple(limits.checks),
            exclusions=tuple(limits.exclusions),
            indexes=self._indexes.get(oid, ()),
            statistics=self._statistics.get(oid, ()),
            triggers=self._triggers.get(oid, ()),
            policies=self._policies.get(oid, ()),
            partitioning=self._partitionings.get(oid),
            partition_of=self._partition(row),
            inherits=() if row.partition else tuple(parent for _, parent in self._parents.get(oid, ())),
            row_security=row.row_security,
            force_row_security=row.force_row_security,
            unlogged=row.unlogged,
            storage=row.storage,
            tablespace=row.tablespace,
            access_method=row.access_method,
            replica_identity=self._replica_identity(row),
            of_type=row.of_type,
            clustered_on=self._clustered.get(oid, ""),
            external=row.server,
            comment=self.session.comment("pg_class", oid),
            origin=self.session.origin,
        )

    def _view(self, row: RelationRow) -> View:
        return View(
            schema=row.schema,
            name=row.name,
            query=self.expressions.query(row.query),
            columns=self._columns(row),
            materialised=row.kind == "m",
            options=row.storage,
            populated=row.populated,
            indexes=self._indexes.get(row.oid, ()),
            triggers=self._triggers.get(row.oid, ()),
            tablespace=row.tablespace,
            comment=self.session.comment("pg_class", row.oid),
            origin=self.session.origin,
        )

    def _replica_identity(self, row: RelationRow) -> str:
        if row.kind == "f":
            return "default"  # the server writes 'n' for foreign tables, which nobody asked for
        if row.replica_identity == "i":
            return self._replica_indexes.get(row.oid, "nothing")  # without the index nothing is sent
        return _REPLICA_IDENTITY.get(row.replica_identity, "default")

    def _partition(self, row: RelationRow) -> Partition | None:
        if not row.partition:
            return None
        parent, parent_id = self._parents[row.oid][0]
        return Partition(parent_id, self.expressions.bound(row.bound, self._key_types(parent)))

    def _key_types(self, table: int) -> tuple[DataType, ...]:
        """Return the types of a partition key; an expression's is not known."""
        types = {column.name: column.type for column in self.columns.get(table, ())}
        partitioning = self._partitionings.get(table)
        return tuple(types.get(part.column, DataType.UNKNOWN) for part in partitioning.columns) if partitioning else ()

    def _columns(self, row: RelationRow) -> tuple[Column, ...]:
        return tuple(self._column(row, column) for column in self.columns.get(row.oid, ()))

    def _column(self, row: RelationRow, column: ColumnRow) -> Column:
        own_columns = row.oid if column.generated else 0  # a default knows no column
        value = self.expressions.of(column.default, own_columns, column.type)
        usual = default_name(row.name, column.name, "not_null")
        return Column(
            name=column.name,
            type=column.type,
            nullable=not column.not_null,
            not_null_name=column.not_null_name if column.not_null_name != usual else "",
            not_null_inherited=column.not_null_inherited,
            not_null_validated=column.not_null_validated,
            default=None if column.generated else value,
            identity=self._identity(row, column),
            generated=Generated(value, stored=column.generated == "s") if value and column.generated else None,
            collation=column.collation,
            storage=column.storage,
            compression=column.compression,
            statistics_target=column.statistics_target,
            inherited=column.inherited,
            comment=self.session.comment("pg_class", row.oid, column.number),
            origin=self.session.origin,
        )

    def _identity(self, row: RelationRow, column: ColumnRow) -> Identity | None:
        """Return a column's identity; a partition draws from the sequence of its root, so it has its root's."""
        if not column.identity:
            return None
        sequence = self.identities[root(row.oid, self._partitions), column.name]
        return Identity(always=column.identity == "a", sequence=sequence.options, sequence_name=sequence.name)
