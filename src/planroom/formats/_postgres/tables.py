"""Tables as PostgreSQL writes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.formats._postgres.clauses import (
    aligned,
    block,
    comment_on,
    storage_clause,
    tablespace_clause,
    words,
)
from planroom.formats._postgres.columns import (
    column_comments,
    column_row,
    differences,
    late_settings,
    not_null_clause,
    value_clause,
)
from planroom.formats._postgres.constraints import (
    Constraint,
    constraint,
    constraint_comment,
    create_index,
    create_statistics,
    partition_key,
)
from planroom.formats._postgres.routines import create_policy, create_trigger
from planroom.model import Check, Exclusion, ForeignKey, PrimaryKey, Unique, qualified, quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.formats._postgres.partitions import Partitions
    from planroom.model import Column, Index, Table

__all__ = ["TableWriter"]

_Indexed = PrimaryKey | Unique | Exclusion


@dataclass
class TableWriter:
    """One table, written in up to three places of a script.

    Attributes:
        table: The table.
        partitions: What is known about partitions.
        late: The names of constraints that cannot stand in the table because what they need comes later.
        late_defaults: The columns whose default cannot, likewise.
    """

    table: Table
    partitions: Partitions
    late: Collection[str] = field(default_factory=frozenset)
    late_defaults: Collection[str] = field(default_factory=frozenset)

    # -- the table -----------------------------------------------------------------------------------------------

    def create(self) -> list[str]:
        """Return the statements that make the table, with its constraints."""
        parent = self.partitions.parent(self.table)
        if parent is None:
            made = [self._standing_alone(), *self._add_repeated()]
        elif self.partitions.attached(self.table):
            made = [self._standing_alone(parent), *self._add_repeated(), *self._own_indexes(), self._attach()]
        else:
            made = [self._partition_of(parent), *self._add_repeated()]
        return [*made, *self._settings(parent)]

    def _standing_alone(self, parent: Table | None = None) -> str:
        table = self.table
        if table.of_type:
            return self._typed()
        rows = [column_row(table, each, with_default=self._default_here(each)) for each in self._written_columns()]
        inherits = f"INHERITS ({', '.join(table.inherits)})" if table.inherits else ""
        refusals = aligned([constraint(each) for each in self._constraints_here(parent)])
        return self._statement(block(aligned(rows), refusals), inherits)

    def _written_columns(self) -> Iterator[Column]:
        return (column for column in self.table.columns if not (column.inherited and self.table.inherits))

    def _typed(self) -> str:
        table = self.table
        rows = [
            (quote_identifier(each.name), words("WITH OPTIONS", rest))
            for each in table.columns
            if (rest := self._column_options(each))
        ]
        refusals = aligned([constraint(each) for each in self._constraints_here(None)])
        body = block(aligned(rows), refusals) if rows or refusals else ""
        return self._statement(words("OF", table.of_type, body), "")

    def _column_options(self, column: Column) -> str:
        value = value_clause(self.table, column, with_default=self._default_here(column))
        return words(value, not_null_clause(column))

    def _partition_of(self, parent: Table) -> str:
        items = aligned([constraint(each) for each in self._constraints_here(None)])
        head = f"PARTITION OF {parent.id}" + (f" {block(items)}" if items else "")
        return self._statement(head, self._bound())

    def _bound(self) -> str:
        return self.table.partition_of.bound.text.strip() if self.table.partition_of else ""

    def _attach(self) -> str:
        parent = self.table.partition_of.parent if self.table.partition_of else ""
        return f"ALTER TABLE ONLY {parent} ATTACH PARTITION {self.table.id} {self._bound()};"

    def _statement(self, body: str, after: str) -> str:
        table = self.table
        kind = "FOREIGN TABLE" if table.external else words("UNLOGGED" if table.unlogged else "", "TABLE")
        tail = [
            after,
            self._partition_by(),
            f"SERVER {quote_identifier(table.external)}" if table.external else "",
            f"USING {quote_identifier(table.access_method)}" if table.access_method else "",
            storage_clause(table.storage),
            tablespace_clause(table.tablespace),
        ]
        return f"CREATE {kind} {table.id} {words(body, *tail)};"

    def _partition_by(self) -> str:
        how = self.table.partitioning
        if how is None:
            return ""
        return f"PARTITION BY {partition_key(how)}"

    def _default_here(self, column: Column) -> bool:
        return column.name not in self.late_defaults

    # -- constraints ---------------------------------------------------------------------------------------------

    def _constraints_here(self, parent: Table | None) -> list[Constraint]:
        """Return the constraints that stand in CREATE TABLE; with ``parent``, those of a table to be attached to it."""
        derived = parent is not None
        own: list[Constraint] = [each for each in self._indexed(derived) if each not in self._repeated(derived)]
        checks = [each for each in self.table.checks if self._stands_inline(each)]
        above = [each for each in self._checks_above(parent) if each.name not in {check.name for check in checks}]
        keys = [each for each in self.table.foreign_keys if self._stands_inline(each)]
        return [*own, *above, *checks, *keys]

    def _indexed(self, derived: bool) -> list[_Indexed]:
        """Return the constraints that have an index; those that are derived from a parent's only if asked for."""
        return [each for each in (*self.table.keys, *self.table.exclusions) if derived or not each.parent]

    def _repeated(self, derived: bool) -> list[_Indexed]:
        """Return the constraints that CREATE TABLE would merge into an equal one before them."""
        seen: set[object] = set()
        found = []
        for each in self._indexed(derived):
            if _substance(each) in seen:
                found.append(each)
            seen.add(_substance(each))
        return found

    def _add_repeated(self) -> Iterator[str]:
        for each in self._repeated(self.partitions.attached(self.table)):
            name, body = constraint(each)
            yield f"ALTER TABLE {self.table.id}\n    ADD {name} {body};"

    def _checks_above(self, parent: Table | None) -> Iterator[Check]:
        """Yield the checks that a table must have before it can be attached."""
        while parent is not None:
            yield from (check for check in parent.checks if not check.no_inherit)
            parent = self.partitions.parent(parent)

    def _stands_inline(self, subject: Check | ForeignKey) -> bool:
        return subject.name not in self.late and (subject.validated or not subject.enforced)

    def late_constraints(self) -> list[str]:
        """Return the statements that add what could not stand in the table: forward references, NOT VALID."""
        table = self.table
        statements = [
            f"ALTER TABLE {table.id}\n    ALTER COLUMN {quote_identifier(each.name)} SET DEFAULT {each.default};"
            for each in table.columns
            if each.default and each.name in self.late_defaults
        ]
        refusals: list[Check | ForeignKey] = [*table.checks, *table.foreign_keys]
        for each in refusals:
            if not self._stands_inline(each):
                not_valid = "" if each.validated or not each.enforced else " NOT VALID"
                name, body = constraint(each)
                statements.append(f"ALTER TABLE {table.id}\n    ADD {name} {body}{not_valid};")
                statements += constraint_comment(table.id, each)
        return statements

    # -- what follows the table ----------------------------------------------------------------------------------

    def _settings(self, parent: Table | None) -> list[str]:
        """Return what must be said of the table and its columns once it is there."""
        table = self.table
        return [
            *self._differences(parent),
            *(statement for column in table.columns for statement in late_settings(table, column)),
            *comment_on(f"{'FOREIGN TABLE' if table.external else 'TABLE'} {table.id}", table.comment),
            *column_comments(table.id, table.columns),
            *self._constraint_comments(),
        ]

    def _differences(self, parent: Table | None) -> Iterator[str]:
        """Yield what makes inherited columns differ from those above."""
        above: dict[str, Column] = {}
        if parent is not None and not self.partitions.attached(self.table):
            above = dict(parent.columns_by_name)
        for name in reversed(self.table.inherits):
            ancestor = self.partitions.model.tables_by_id.get(name)
            above |= ancestor.columns_by_name if ancestor else {}
        for column in self.table.columns:
            if column.name in above and (parent is not None or column.inherited):
                yield from differences(self.table, column, above[column.name])

    def _constraint_comments(self) -> Iterator[str]:
        table = self.table
        for each in (*table.keys, *table.exclusions, *table.checks, *table.foreign_keys):
            if isinstance(each, Check | ForeignKey) and not self._stands_inline(each):
                continue
            yield from constraint_comment(table.id, each)

    def _own_indexes(self) -> Iterator[str]:
        """Yield the indexes that the parent's will adopt when the table is attached."""
        for index in self._adopted():
            yield create_index(self.table.id, index)

    def _adopted(self) -> list[Index]:
        parent = self.partitions.parent(self.table)
        above = {each.name: each for each in parent.indexes} if parent else {}
        return [each for each in self.table.indexes if each.parent in above and not above[each.parent].only]

    def index_statements(self, index: Index) -> list[str]:
        """Return the statements that make one index of the table, if its parent's does not bring it."""
        table = self.table
        comment = comment_on(f"INDEX {qualified(table.schema, index.name)}", index.comment)
        parent = self.partitions.parent(table)
        above = next((each for each in parent.indexes if each.name == index.parent), None) if parent else None
        if parent is None or above is None:
            return [create_index(table.id, index, only=index.only), *comment]
        if not above.only:
            return comment
        attach = (
            f"ALTER INDEX {qualified(parent.schema, above.name)}\n"
            f"    ATTACH PARTITION {qualified(table.schema, index.name)};"
        )
        return [create_index(table.id, index, only=index.only), attach, *comment]

    def last_settings(self) -> list[str]:
        """Return what can only be said once the indexes are there, and the statistics."""
        table = self.table
        identity = {"full": "FULL", "nothing": "NOTHING"}.get(
            table.replica_identity, f"USING INDEX {quote_identifier(table.replica_identity)}"
        )
        replica = [f"ALTER TABLE ONLY {table.id} REPLICA IDENTITY {identity};"]
        cluster = [f"ALTER TABLE {table.id} CLUSTER ON {quote_identifier(table.clustered_on)};"]
        return [
            *(replica if table.replica_identity != "default" else []),
            *(cluster if table.clustered_on else []),
        ]

    def statistics(self) -> list[str]:
        """Return the extended statistics."""
        return [
            statement
            for each in self.table.statistics
            for statement in create_statistics(self.table.id, qualified(each.schema, each.name), each)
        ]

    def guards(self) -> Iterator[list[str]]:
        """Yield the triggers and the row-level security, a block each."""
        table = self.table
        for trigger in table.triggers:
            yield create_trigger(table.id, trigger)
        yield [
            *([f"ALTER TABLE {table.id} ENABLE ROW LEVEL SECURITY;"] if table.row_security else []),
            *([f"ALTER TABLE {table.id} FORCE ROW LEVEL SECURITY;"] if table.force_row_security else []),
        ]
        for policy in table.policies:
            yield create_policy(table.id, policy)


def _substance(subject: _Indexed) -> object:
    """Return what PostgreSQL compares to find that two keys are one. Source: ``transformIndexConstraints``."""
    when = (subject.deferrable, subject.initially_deferred)
    if isinstance(subject, Exclusion):
        return subject.method, subject.elements, subject.include, subject.predicate, when
    nulls = isinstance(subject, Unique) and subject.nulls_not_distinct
    return subject.columns, subject.include, subject.without_overlaps, nulls, when
