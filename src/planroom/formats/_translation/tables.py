"""Tables in another dialect: keys, constraints, indexes, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from planroom.ddl.naming import default_name
from planroom.formats._translation.abilities import ABILITIES
from planroom.formats._translation.columns import Columns
from planroom.formats._translation.expressions import in_dialect
from planroom.formats._translation.naming import Namer, Places
from planroom.formats._translation.noting import Notes
from planroom.model import Check, Column, ForeignKey, Index, IndexColumn, Model, PrimaryKey, Table, Unique
from planroom.sqltext import DataType, Expression
from planroom.sqltext.dialect_expressions import expression_columns
from planroom.sqltext.dialect_types import read_type, write_type

__all__ = ["Tables"]

_UNINDEXABLE = frozenset({"json", "longblob", "mediumblob", "blob", "bytea", "geometry"})


class Tables:
    """The tables of one model in another dialect."""

    def __init__(self, model: Model, to: str, places: Places, columns: Columns, notes: Notes) -> None:
        self._model = model
        self._to = to
        self._target = ABILITIES[to]
        self._places = places
        self._columns = columns
        self._notes = notes
        self._index_names: dict[str, Namer] = {}
        self._constraint_names: dict[str, Namer] = {}

    def translated(self) -> list[Table]:
        """Return the tables; partitions of a dialect without them stay in their parents."""
        kept = [each for each in self._model.tables if not self._is_folded(each)]
        for table in kept:
            self._room(self._index_names, table).taken.add(self._places.of(table.schema, table.name)[1].casefold())
        return [self._table(each) for each in kept]

    def _is_folded(self, table: Table) -> bool:
        if table.partition_of and not self._target.partitions:
            self._note(
                "object-left-out",
                table,
                f"the partition {table.id} is left out: its rows stay in {table.partition_of.parent}",
            )
            return True
        if not table.columns and self._to != "postgres":
            self._note("object-left-out", table, f"the table {table.id} has no columns, and is left out")
            return True
        return False

    def _note(self, slug: str, table: Table, message: str, *, why: str = "") -> None:
        self._notes.add(slug, table.id, message, table.origin, why=why)

    def _room(self, rooms: dict[str, Namer], table: Table) -> Namer:
        return rooms.setdefault(self._places.of(table.schema, table.name)[0], Namer())

    # -- one table ---------------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> Table:
        self._columns.written.add(table.id)
        keyed = self._keyed[table.id]
        pairs = [self._columns.translated(table, each, keyed) for each in table.columns]
        columns = tuple(column for column, _ in pairs)
        by_name = {each.name: each for each in columns}
        schema, name = self._places.of(table.schema, table.name)
        primary = self._primary(table, name)
        checks = [*(check for _, found in pairs for check in found), *self._checks(table)]
        self._left_out(table)
        return Table(
            schema=schema,
            name=name,
            columns=columns,
            primary_key=primary,
            unique_constraints=_sorted(self._unique(table)),
            foreign_keys=_sorted(self._foreign_keys(table)),
            checks=_sorted(self._named_checks(table, checks)),
            indexes=_sorted(self._indexes(table, by_name)),
            comment=table.comment if self._target.comments else "",
            annotations=table.annotations,
            origin=table.origin,
        )

    def _left_out(self, table: Table) -> None:
        gone = [
            *(f"the trigger {each.name} on {table.id}" for each in table.triggers),
            *(f"the policy {each.name} on {table.id}" for each in table.policies),
            *(f"the exclusion constraint {each.name} on {table.id}" for each in table.exclusions),
        ]
        for each in gone:
            self._note("object-left-out", table, f"{each} is left out")
        properties = [
            *(f"the statistics {each.name}" for each in table.statistics),
            *(["row-level security"] if table.row_security else []),
            *(["the partitioning"] if table.partitioning else []),
            *(["the inheritance"] if table.inherits else []),
            *(f"the option {name}" for name, _ in table.storage if name not in _OWN_OPTIONS),
            *(["that it is not logged"] if table.unlogged else []),
        ]
        if properties:
            self._note("property-left-out", table, f"of {table.id}: {', '.join(properties)}, left out")

    @cached_property
    def _keyed(self) -> dict[str, frozenset[str]]:
        """The columns of each table that a key, an index or a foreign key is over, at either end."""
        found: dict[str, set[str]] = {table.id: set() for table in self._model.tables}
        for table in self._model.tables:
            mine = found[table.id]
            for columns in (*(key.columns for key in table.keys), *(key.columns for key in table.foreign_keys)):
                mine.update(columns)
            mine.update(part.column for index in table.indexes for part in index.columns if self._keeps(index))
            for key in table.foreign_keys:
                found.setdefault(key.referenced_table, set()).update(key.referenced_columns)
        return {name: frozenset(columns) for name, columns in found.items()}

    def _keeps(self, index: Index) -> bool:
        return index.method in self._target.methods and not (index.predicate and not self._target.partial_indexes)

    # -- keys --------------------------------------------------------------------------------------------------------

    def _primary(self, table: Table, name: str) -> PrimaryKey | None:
        key = table.primary_key
        if key is None:
            return None
        self._note_key(table, key)
        own = {"mysql": "PRIMARY"}.get(self._to) or (
            default_name(name, "", "pkey") if key.name == "PRIMARY" else key.name
        )
        if self._to == "postgres":
            own = self._room(self._index_names, table)(own, name)
        return PrimaryKey(name=own, columns=key.columns, origin=key.origin)

    def _unique(self, table: Table) -> Iterable[Unique]:
        for key in table.unique_constraints:
            self._note_key(table, key)
            own = self._index_name(table, key.name)
            if key.nulls_not_distinct and not self._target.nulls_not_distinct:
                self._note(
                    "type-checks-less", table, f"the key {key.name} of {table.id} lets several rows with NULL in"
                )
            distinct = key.nulls_not_distinct and self._target.nulls_not_distinct
            yield Unique(
                name=own,
                columns=key.columns,
                nulls_not_distinct=distinct,
                comment=self._comment(key.comment),
                origin=key.origin,
            )

    def _note_key(self, table: Table, key: PrimaryKey | Unique) -> None:
        lost = [
            *(["deferral"] if key.deferrable and not self._target.deferrable_keys else []),
            *(["INCLUDE"] if key.include and not self._target.include else []),
            *(["WITHOUT OVERLAPS"] if key.without_overlaps else []),
        ]
        if lost:
            self._note("property-left-out", table, f"{', '.join(lost)} of the key {key.name} of {table.id}, left out")

    def _index_name(self, table: Table, name: str) -> str:
        """Return a free name; where index names are the table's own, the room is the table's."""
        schema, own = self._places.of(table.schema, table.name)
        room = schema if self._target.one_room_of_indexes else f"{schema}.{own}"
        chosen = self._index_names.setdefault(room, Namer())(name, own)
        if chosen != name:
            self._note("object-changed", table, f"the index {name} of {table.id} is called {chosen} there",
                       why=f"{self._target.product} wants names of indexes that no other table's has.")  # fmt: skip
        return chosen

    def _comment(self, text: str) -> str:
        return text if self._target.comments else ""

    def _foreign_keys(self, table: Table) -> Iterable[ForeignKey]:
        for key in table.foreign_keys:
            target = self._model.tables_by_id.get(key.referenced_table)
            if target is None or (target.partition_of and not self._target.partitions):
                self._note(
                    "object-left-out", table, f"the foreign key {key.name} of {table.id} is left out with its target"
                )
                continue
            if not key.enforced and not self._target.unenforced:
                self._note(
                    "object-left-out", table, f"the foreign key {key.name} of {table.id} is not enforced, and left out"
                )
                continue
            if self._to == "mysql" and self._types(table, key.columns) != self._types(target, key.referenced_columns):
                reason = "its columns have other types than those that they refer to"
                self._note("object-left-out", table, f"the foreign key {key.name} of {table.id} is left out: {reason}")
                continue
            yield self._foreign_key(table, key, target)

    def _types(self, table: Table, columns: Iterable[str]) -> list[DataType]:
        """Return the types of columns there, as far as MySQL compares them: integers, and their sign."""
        kinds = (table.columns_by_name[name].type for name in columns if name in table.columns_by_name)
        written = (write_type(each, model_dialect=self._model.dialect, to=self._to).text for each in kinds)
        return [read_type(each if "int" in each else each.partition("(")[0], self._to) for each in written]

    def _foreign_key(self, table: Table, key: ForeignKey, target: Table) -> ForeignKey:
        actions = [key.on_delete, key.on_update]
        required = any(
            not table.columns_by_name[each].nullable for each in key.columns if each in table.columns_by_name
        )
        taken = self._target.actions - ({"set null"} if required and self._to == "mysql" else set())
        lost = [each for each in actions if each not in taken]
        lost += ["MATCH FULL"] if key.match_full and not self._target.match_full and len(key.columns) > 1 else []
        lost += ["deferral"] if key.deferrable and not self._target.deferrable_foreign_keys else []
        lost += ["the columns of SET"] if key.on_delete_columns else []
        if lost:
            self._note(
                "property-left-out",
                table,
                f"{', '.join(lost).upper()} of the foreign key {key.name} of {table.id}, left out",
            )
        schema, name = self._places.of(table.schema, table.name)
        own = key.name
        if self._target.one_room_of_constraints:
            own = self._constraint_names.setdefault(schema, Namer())(key.name, name)
        deferrable = key.deferrable and self._target.deferrable_foreign_keys
        return ForeignKey(
            name=own,
            columns=key.columns,
            referenced_table=self._places.id(target.schema, target.name),
            referenced_columns=key.referenced_columns,
            on_update=key.on_update if key.on_update in taken else "no action",
            on_delete=key.on_delete if key.on_delete in taken else "no action",
            match_full=key.match_full and self._target.match_full,
            deferrable=deferrable,
            initially_deferred=deferrable and key.initially_deferred,
            origin=key.origin,
        )

    # -- checks and indexes ------------------------------------------------------------------------------------------

    def _expression(self, table: Table, expression: Expression, what: str) -> Expression | None:
        found, reason = in_dialect(
            expression, self._model.dialect, self._to,
            own_types=self._columns.own_types, booleans=self._columns.booleans(table), texts=self._columns.texts,
        )  # fmt: skip
        if found is None:
            self._note("expression-left-out", table, f"{what} of {table.id} is left out: {reason}",
                       why="The expression has no translation that is sure to mean the same.")  # fmt: skip
        return found

    def _checks(self, table: Table) -> Iterable[Check]:
        for check in table.checks:
            if not check.enforced and not self._target.unenforced:
                self._note(
                    "object-left-out", table, f"the check {check.name} of {table.id} is not enforced, and left out"
                )
                continue
            if self._to == "mysql" and self._counts(table, check.expression):
                said = f"the check {check.name} of {table.id} is left out: it names a column that counts"
                why = "MySQL lets no check depend on an AUTO_INCREMENT column."
                self._note("object-left-out", table, said, why=why)
                continue
            expression = self._expression(table, check.expression, f"the check {check.name}")
            if expression:
                yield Check(
                    name=check.name,
                    expression=expression,
                    enforced=check.enforced,
                    validated=check.enforced,
                    origin=check.origin,
                )

    def _counts(self, table: Table, expression: Expression) -> bool:
        """Whether an expression names a column that numbers itself there."""
        counting = {each.name for each in table.columns if self._columns.counts(table, each)}
        return bool(counting) and any(
            name in counting for name in expression_columns(expression.text, self._model.dialect)
        )

    def _named_checks(self, table: Table, checks: Iterable[Check]) -> Iterable[Check]:
        schema, name = self._places.of(table.schema, table.name)
        room = self._constraint_names.setdefault(schema, Namer()) if self._target.one_room_of_constraints else Namer()
        return [replace(each, name=room(each.name, name)) for each in checks]

    def _indexes(self, table: Table, columns: dict[str, Column]) -> Iterable[Index]:
        for index in table.indexes:
            reason = self._why_no_index(index, columns)
            if reason:
                self._note("object-left-out", table, f"the index {index.name} of {table.id} is left out: {reason}")
                continue
            found = self._index(table, index)
            if found:
                yield found

    def _why_no_index(self, index: Index, columns: dict[str, Column]) -> str:
        if index.method not in self._target.methods:
            return f"there is no {index.method}"
        if index.predicate and not self._target.partial_indexes:
            return "it is partial"
        if not self._target.expression_indexes and any(part.expression for part in index.columns):
            return "MariaDB has no indexes over expressions"
        if self._to == "mysql":
            kinds = {columns[part.column].type.name for part in index.columns if part.column in columns}
            return f"{min(kinds & _UNINDEXABLE)} cannot be indexed" if kinds & _UNINDEXABLE else ""
        return ""

    def _index(self, table: Table, index: Index) -> Index | None:
        parts = [self._part(table, index, part) for part in index.columns]
        predicate = self._expression(table, index.predicate, f"the index {index.name}") if index.predicate else None
        if any(part is None for part in parts) or (index.predicate and predicate is None):
            return None
        lost = [
            *(["INCLUDE"] if index.include and not self._target.include else []),
            *(["NULLS NOT DISTINCT"] if index.nulls_not_distinct and not self._target.nulls_not_distinct else []),
            *(["the prefix lengths"] if any(part.operator_class_options for part in index.columns) else []),
            *(["operator classes"] if any(part.operator_class for part in index.columns) else []),
        ]
        if lost:
            self._note(
                "property-left-out", table, f"{', '.join(lost)} of the index {index.name} of {table.id}, left out"
            )
        return Index(
            name=self._index_name(table, index.name),
            columns=tuple(part for part in parts if part),
            method=index.method,
            unique=index.unique,
            predicate=predicate,
            comment=self._comment(index.comment),
            origin=index.origin,
        )

    def _part(self, table: Table, index: Index, part: IndexColumn) -> IndexColumn | None:
        made = IndexColumn(column=part.column, descending=part.descending, nulls_first=part.descending)
        if part.expression is None:
            return made
        expression = self._expression(table, part.expression, f"the index {index.name}")
        return replace(made, expression=expression) if expression else None


_OWN_OPTIONS = frozenset({"strict", "without_rowid", "engine", "charset", "collation"})


def _sorted(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda each: each.name))
