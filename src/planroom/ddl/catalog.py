"""The catalog under construction: what the statements so far have made.

Every object in it is a frozen value of the model; a statement replaces values, it never changes them. Whatever a
statement did is undone when it fails, and when its transaction is rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from planroom.changing import replace
from planroom.ddl.extensions import EXTENSION_TYPES
from planroom.ddl.naming import choose, default_name
from planroom.ddl.store import ABSENT, Journal, Store
from planroom.findings import Location
from planroom.model import (
    Column,
    CompositeType,
    Domain,
    Enum,
    Extension,
    Model,
    RangeType,
    Routine,
    Schema,
    Sequence,
    Table,
    Unread,
    View,
    qualified,
    quote_identifier,
)
from planroom.model.names import DEFAULT_SCHEMA
from planroom.sqltext import DataType, Statement, Tree, parse_type

__all__ = ["NOR_SCHEMA", "Catalog", "Postponed", "Problem", "Skipped", "not_null_names"]

NOR_SCHEMA = ", nor a schema"
"""What the reason says of a name in a schema of which nothing is known."""

V = TypeVar("V")

Key = tuple[str, str]
"""Schema and name."""

_SECRET = re.compile(r"(\bpassword\s+)(?:E?'(?:[^']|'')*')", re.IGNORECASE)


class Problem(Exception):  # noqa: N818  (it never leaves this floor: it becomes an `Unread`)
    """A statement cannot be folded into the catalog; ``missing`` when it names what is not there (yet)."""

    def __init__(self, reason: str, *, missing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.missing = missing


class Skipped(Exception):  # noqa: N818  (as above)
    """A statement is none of the model's business; ``kind`` and ``reason`` are those of an `Unread`."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class Postponed(NamedTuple):
    """A foreign key to what is missing: its table, its Constraint node, and where it is said."""

    table: Key
    fields: Tree
    statement: Statement
    search_path: tuple[str, ...]
    new: bool


class Catalog:
    """Everything that the statements so far have made, by schema and name.

    Attributes:
        relations: What kind of thing bears a name: tables, views, indexes, sequences and row types share one space.
        index_tables: The table or view of each index, and of each key's index.
        search_path: Where bare names are looked for, and the first of which new objects go to.
        unread: What the model does not hold.
        postponed: What can wait until all else is made, while it may: foreign keys to what is missing; None while
            nothing may wait.
        appeared: The relations that bear a name since the last statement that was folded.
        vanished: The names that it took away.
        obscure: The tables and views that were made in a way that tells no columns; no other field holds them.
    """

    def __init__(self) -> None:
        self._journal: Journal = []
        self._savepoint: int | None = None
        self._named: list[tuple[str, int]] = []
        self._path_before: tuple[str, ...] = ()
        self._path_after: tuple[str, ...] | None = None
        self.schemas: Store[str, Schema] = Store(self._journal)
        self.extensions: Store[str, Extension] = Store(self._journal)
        self.tables: Store[Key, Table] = Store(self._journal)
        self.views: Store[Key, View] = Store(self._journal)
        self.enums: Store[Key, Enum] = Store(self._journal)
        self.domains: Store[Key, Domain] = Store(self._journal)
        self.composite_types: Store[Key, CompositeType] = Store(self._journal)
        self.range_types: Store[Key, RangeType] = Store(self._journal)
        self.sequences: Store[Key, Sequence] = Store(self._journal)
        self.routines: Store[str, Routine] = Store(self._journal)
        self.routine_names: Store[Key, int] = Store(self._journal)
        self.relations: Store[Key, str] = Store(self._journal)
        self.index_tables: Store[Key, Key] = Store(self._journal)
        self.constraint_names: Store[Key, int] = Store(self._journal)
        self.children: Store[Key, tuple[Key, ...]] = Store(self._journal)
        self.search_path: tuple[str, ...] = (DEFAULT_SCHEMA,)
        self.unread: list[Unread] = []
        self.postponed: list[Postponed] | None = None
        self.appeared: frozenset[Key] = frozenset()
        self.vanished: frozenset[Key] = frozenset()
        self.obscure: set[Key] = set()

    # -- transactions ------------------------------------------------------------------------------------------------

    def attempt(self, change: Callable[[], None]) -> None:
        """Make the change of one statement; everything that it did is undone if it raises."""
        mark, path = len(self._journal), self.search_path
        unread, postponed = len(self.unread), len(self.postponed or ())
        self.appeared = self.vanished = frozenset()
        try:
            change()
        except Skipped:
            self._undo(mark)  # the search path stays: setting it is nothing that the model holds
            raise
        except Exception:
            self._undo(mark)
            self.search_path = path
            del self.unread[unread:]
            if self.postponed is not None:
                del self.postponed[postponed:]
            raise
        self._note_names(mark)
        if self._savepoint is None:
            self._journal.clear()

    def _note_names(self, mark: int) -> None:
        """Note which names of relations changed since a place in the journal: O(changes)."""
        before: dict[Key, bool] = {}
        for store, key, value in self._journal[mark:]:
            if store is self.relations:
                before.setdefault(key, value is not ABSENT)
        if before:
            self.appeared = frozenset(key for key, was in before.items() if not was and key in self.relations)
            self.vanished = frozenset(key for key, was in before.items() if was and key not in self.relations)

    def begin(self) -> None:
        """Start a transaction."""
        if self._savepoint is None:
            self._savepoint = len(self._journal)
            self._path_before, self._path_after = self.search_path, None

    def set_path(self, path: tuple[str, ...], *, local: bool = False) -> None:
        """Set the search path; locally, until the transaction that is open ends."""
        if self._savepoint is not None and local and self._path_after is None:
            self._path_after = self.search_path
        elif not local:
            self._path_after = None
        self.search_path = path

    def commit(self) -> None:
        """Keep what the transaction did."""
        if self._savepoint is not None and self._path_after is not None:
            self.search_path = self._path_after
        self._savepoint = None
        self._named.clear()

    def save(self, name: str) -> None:
        """Set a savepoint in the transaction."""
        if self._savepoint is not None:
            self._named.append((name, len(self._journal)))

    def release(self, name: str) -> None:
        """Forget a savepoint, and those set after it."""
        if name in dict(self._named):
            while self._named.pop()[0] != name:
                pass

    def rollback_to(self, name: str) -> None:
        """Undo what the transaction did since a savepoint, which stays."""
        if name in dict(self._named):
            while self._named[-1][0] != name:
                self._named.pop()
            self._undo(self._named[-1][1])

    def rollback(self) -> None:
        """Undo what the transaction did."""
        if self._savepoint is not None:
            self._undo(self._savepoint)
            self._savepoint = None
            self.search_path = self._path_before
            self._named.clear()

    def _undo(self, mark: int) -> None:
        while len(self._journal) > mark:
            store, key, value = self._journal.pop()
            store.restore(key, value)

    @property
    def type_stores(self) -> tuple[Store[Key, Any], ...]:
        """Where types are kept: enums, domains, composites, ranges."""
        return self.enums, self.domains, self.composite_types, self.range_types

    # -- names -------------------------------------------------------------------------------------------------------

    def creation_key(self, schema: str, name: str) -> Key:
        """Return where a new object goes; the schema is made known if no statement made it."""
        schema = schema or (self.search_path[0] if self.search_path else DEFAULT_SCHEMA)
        if schema not in self.schemas:
            self.schemas[schema] = Schema(name=schema)
        return schema, name

    def find(self, store: Mapping[Key, V], schema: str, name: str) -> Key | None:
        """Return the key under which ``store`` holds a name, by search path when the schema is not given."""
        for each in (schema,) if schema else self.search_path:
            if (each, name) in store:
                return each, name
        return None

    def table_key(self, schema: str, name: str) -> Key:
        """Return the key of a table.

        Raises:
            Problem: There is none.
        """
        key = self.find(self.tables, schema, name)
        if key is None:
            raise self.missing("table", schema, name)
        return key

    def missing(self, what: str, schema: str, name: str) -> Problem | Skipped:
        """Return the error about a name that nothing known bears: there is no such thing, or no more is known of it.

        It says so where nothing was made in the schema either.
        """
        if self.obscured(schema, name):
            return Skipped("structure", f"the columns of {qualified(schema, name)} are not known")
        elsewhere = schema and schema not in self.schemas and schema != DEFAULT_SCHEMA
        nor = f"{NOR_SCHEMA} {quote_identifier(schema)}" if elsewhere else ""
        return Problem(f"there is no {what} {qualified(schema, name)}{nor}", missing=True)

    def obscured(self, schema: str, name: str) -> Key | None:
        """Return the key of a table or view of which nothing else is known; None where no such one bears the name."""
        keys = ((each, name) for each in ((schema,) if schema else self.search_path))
        return next((key for key in keys if key in self.obscure), None)

    def relation_is_free(self, schema: str, name: str) -> bool:
        """Whether no table, view, index or sequence of the schema bears the name."""
        return (schema, name) not in self.relations

    def taken_by_relation(self, schema: str) -> Callable[[str], bool]:
        """Return the test for names of indexes and sequences."""
        return lambda name: (schema, name) in self.relations

    def taken_by_key(self, schema: str) -> Callable[[str], bool]:
        """Return the test for names of constraints that have an index."""
        return lambda name: (schema, name) in self.relations or (schema, name) in self.constraint_names

    def taken_by_constraint(self, schema: str) -> Callable[[str], bool]:
        """Return the test for names of checks and foreign keys."""
        return lambda name: (schema, name) in self.constraint_names

    def note_constraint(self, schema: str, name: str) -> None:
        """Remember that a constraint of the schema bears the name."""
        self.constraint_names[schema, name] = self.constraint_names.get((schema, name), 0) + 1

    def forget_constraint(self, schema: str, name: str) -> None:
        """Remember that one constraint less bears the name."""
        left = self.constraint_names.get((schema, name), 0) - 1
        if left > 0:
            self.constraint_names[schema, name] = left
        elif (schema, name) in self.constraint_names:
            del self.constraint_names[schema, name]

    # -- what names mean in expressions (planroom.sqltext.names.Names) ------------------------------------------------

    def type_schema(self, name: str) -> str | None:
        """Return the schema of a user-defined type that a bare name reaches; None when it is not known."""
        for store in (*self.type_stores, self.tables, self.views):
            key = self.find(store, "", name)
            if key:
                return key[0]
        return self._extension_schema(name)

    def _extension_schema(self, type_name: str) -> str | None:
        for extension in self.extensions.values():
            if type_name in EXTENSION_TYPES.get(extension.name, ()):
                return extension.schema
        return None

    def routine_schema(self, name: str) -> str | None:
        """Return the schema of a routine that a bare name reaches; None when it is not known."""
        key = self.find(self.routine_names, "", name)
        return key[0] if key else None

    def relation(self, schema: str, name: str) -> tuple[str, Mapping[str, DataType]] | None:
        """Return the schema and the columns of a table or view; of an index or sequence, no columns."""
        for store in (self.tables, self.views):
            key = self.find(store, schema, name)
            if key:
                columns = store[key].columns
                return key[0], {column.name: column.type for column in columns}
        key = self.find(self.relations, schema, name)
        return (key[0], {}) if key else None

    def domain_base(self, schema: str, name: str) -> DataType | None:
        """Return the type that a domain narrows; None for what is no domain."""
        domain = self.domains.get((schema, name))
        return domain.type if domain else None

    def composite_fields(self, schema: str, name: str) -> Mapping[str, DataType] | None:
        """Return the fields of a composite type; None for what is none."""
        composite = self.composite_types.get((schema, name))
        return {each.name: each.type for each in composite.fields} if composite else None

    def routine_result(self, schema: str, name: str) -> DataType | None:
        """Return what a routine returns when all routines of that name return the same; None otherwise."""
        results = {
            routine.returns for routine in self.routines.values() if (routine.schema, routine.name) == (schema, name)
        }
        return parse_type(results.pop().removeprefix("SETOF "), self) if len(results) == 1 and results != {""} else None

    # -- objects -----------------------------------------------------------------------------------------------------

    def put_table(self, table: Table) -> Table:
        """Store a table under its name and return it, with its NOT NULL constraints named as the server names them."""
        held = self.tables.get((table.schema, table.name))
        if held is None or held.columns is not table.columns:
            table = self._with_named_not_nulls(held, table)
        self.tables[table.schema, table.name] = table
        return table

    def _with_named_not_nulls(self, held: Table | None, table: Table) -> Table:
        before, after = (held.columns_by_name if held else {}), table.columns_by_name
        old = not_null_names(table, [each for name, each in before.items() if after.get(name) is not each])
        new = not_null_names(table, [each for name, each in after.items() if before.get(name) is not each])
        for column, name in old.items():
            if new.get(column) != name:
                self.forget_constraint(table.schema, name)
        renamed: dict[str, str] = {}
        for column, name in new.items():
            if old.get(column) == name:
                continue
            chosen = name
            if not table.columns_by_name[column].not_null_name:
                chosen = choose(table.name, column, "not_null", self.taken_by_constraint(table.schema))
            if chosen != name:
                renamed[column] = chosen
            self.note_constraint(table.schema, chosen)
        if not renamed:
            return table
        columns = (
            replace(each, not_null_name=renamed[each.name]) if each.name in renamed else each for each in table.columns
        )
        return replace(table, columns=tuple(columns))

    def indexed(self, schema: str, name: str) -> tuple[Table | View, Key]:
        """Return the table or view that has an index (or a key's index) of that name, and the index's key.

        Raises:
            Problem: There is none.
        """
        key = self.find(self.index_tables, schema, name)
        if key is None:
            raise self.missing("index", schema, name)
        owner = self.index_tables[key]
        return (self.tables.get(owner) or self.views[owner]), key

    def descendants(self, key: Key) -> Iterator[Key]:
        """Yield the partitions and inheritance children of a table, and theirs."""
        yield from self._below(key, set())

    def _below(self, key: Key, seen: set[Key]) -> Iterator[Key]:
        for child in self.children.get(key, ()):
            if child not in seen:  # it may inherit by two ways
                seen.add(child)
                yield child
                yield from self._below(child, seen)

    def leave_unread(
        self, kind: str, what: str, reason: str, text: str, location: Location, *, subject: str = ""
    ) -> None:
        """Keep a statement that the model does not hold, or a part of one, without the secrets in it."""
        if "password" in text.lower():
            text = _SECRET.sub(r"\1'***'", text)
        self.unread.append(Unread(kind=kind, what=what, reason=reason, text=text, location=location, subject=subject))

    def _is_empty_public(self, schema: Schema) -> bool:
        """Whether it is the schema public, which every database has, and nothing is in it or said of it."""
        if schema.name != DEFAULT_SCHEMA or schema.comment or schema.origin.line:
            return False
        stores: tuple[Store[Key, Any], ...] = (*self.type_stores, self.relations, self.routine_names)
        placed = (each.schema for each in self.extensions.values())
        return schema.name not in placed and not any(key[0] == schema.name for store in stores for key in store)

    def model(self, name: str = "") -> Model:
        """Return what the statements so far have made."""
        return Model(
            name=name,
            extensions=_by_name(self.extensions.values()),
            schemas=_by_name(each for each in self.schemas.values() if not self._is_empty_public(each)),
            tables=_by_id(_tidy(table) for table in self.tables.values()),
            views=_by_id(_tidy_view(view) for view in self.views.values()),
            enums=_by_id(self.enums.values()),
            domains=_by_id(self.domains.values()),
            composite_types=_by_id(self.composite_types.values()),
            range_types=_by_id(self.range_types.values()),
            sequences=_by_id(self.sequences.values()),
            routines=_by_id(self.routines.values()),
            unread=tuple(sorted(self.unread, key=lambda each: each.location)),
        )

    def part(self, names: Iterable[tuple[str, str]]) -> Model:
        """Return a model of some relations, and of all enums and domains: what a query on them needs, in little time.

        Args:
            names: Schema and name; without a schema, whatever bears the name.
        """
        schemas = {*self.schemas, *self.search_path, DEFAULT_SCHEMA}
        keys = sorted({(each, name) for schema, name in names for each in ((schema,) if schema else schemas)})
        return Model(
            tables=_by_id(self.tables[key] for key in keys if key in self.tables),
            views=_by_id(self.views[key] for key in keys if key in self.views),
            sequences=_by_id(self.sequences[key] for key in keys if key in self.sequences),
            enums=_by_id(self.enums.values()),
            domains=_by_id(self.domains.values()),
        )


def not_null_names(table: Table, columns: Iterable[Column]) -> dict[str, str]:
    """Return the names of the NOT NULL constraints of some of a table's columns, by column."""
    return {
        column.name: column.not_null_name or default_name(table.name, column.name, "not_null")
        for column in columns
        if not column.nullable
    }


def _by_id(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda each: each.id))


def _by_name(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda each: each.name))


def _tidy(table: Table) -> Table:
    """Return the table with its constraints, indexes, triggers and policies sorted by name."""
    return replace(
        table,
        foreign_keys=_by_name(table.foreign_keys),
        unique_constraints=_by_name(table.unique_constraints),
        checks=_by_name(table.checks),
        exclusions=_by_name(table.exclusions),
        indexes=_by_name(table.indexes),
        statistics=_by_name(table.statistics),
        triggers=_by_name(table.triggers),
        policies=_by_name(table.policies),
    )


def _tidy_view(view: View) -> View:
    return replace(view, indexes=_by_name(view.indexes), triggers=_by_name(view.triggers))
