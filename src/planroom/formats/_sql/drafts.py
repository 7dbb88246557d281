"""Tables in the making: what statements change until the whole script is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from planroom.ddl.naming import choose, columns_part
from planroom.findings import Location
from planroom.model import Column, Enum, IndexColumn, Partitioning, Sequence, Unread, View
from planroom.sqltext import Expression
from planroom.sqltext.lexis import unquoted

__all__ = ["DEFAULT_SCHEMAS", "Catalog", "KeyDraft", "LeftAlone", "Problem", "TableDraft", "mentioned_columns"]

DEFAULT_SCHEMAS = {"sqlite": "main", "duckdb": "main", "tsql": "dbo"}
"""The schema of what is named without one; the other dialects have none, or one named after the database."""


class Problem(Exception):  # noqa: N818  (it is no error of the reader's)
    """A statement contradicts what was read before."""


class LeftAlone(Exception):  # noqa: N818
    """A statement, or a clause, that the model has no place for.

    Attributes:
        kind: The kind of `Unread`.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


@dataclass
class KeyDraft:
    """A constraint or index in the making.

    Attributes:
        kind: ``primary``, ``unique``, ``foreign``, ``check``, ``index``, or ``unique index``.
        named: Somebody named it.
        target: The parts of the referenced table's name.
    """

    kind: str
    name: str = ""
    named: bool = False
    parts: tuple[IndexColumn, ...] = ()
    expression: Expression | None = None
    target: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    on_update: str = "no action"
    on_delete: str = "no action"
    match_full: bool = False
    deferrable: bool = False
    initially_deferred: bool = False
    enforced: bool = True
    method: str = "btree"
    include: tuple[str, ...] = ()
    storage: tuple[tuple[str, str], ...] = ()
    comment: str = ""
    origin: Location = field(default_factory=Location)

    @property
    def columns(self) -> tuple[str, ...]:
        """The plain columns."""
        return tuple(part.column for part in self.parts)

    @property
    def is_plain(self) -> bool:
        """Whether it is over whole columns in their order, as a constraint of the model is."""
        return all(part == IndexColumn(column=part.column) and part.column for part in self.parts)


@dataclass
class TableDraft:
    """A table in the making."""

    schema: str
    name: str
    columns: list[Column] = field(default_factory=list)
    keys: list[KeyDraft] = field(default_factory=list)
    storage: dict[str, str] = field(default_factory=dict)
    partitioning: Partitioning | None = None
    comment: str = ""
    origin: Location = field(default_factory=Location)

    def place(self, name: str) -> int:
        """Return where a column stands; names differ in more than their case.

        Raises:
            Problem: There is no such column.
        """
        for number, column in enumerate(self.columns):
            if column.name.casefold() == name.casefold():
                return number
        raise Problem(f"the table {self.name} has no column {name}")

    def spelled(self, name: str) -> str:
        """Return a column's name as it was written where it was made; the name itself where there is none."""
        return next((each.name for each in self.columns if each.name.casefold() == name.casefold()), name)

    def key(self, name: str, kinds: Iterable[str]) -> KeyDraft:
        """Return the constraint or index of a name.

        Raises:
            Problem: There is none.
        """
        for each in self.keys:
            if each.kind in kinds and each.name.casefold() == name.casefold():
                return each
        raise Problem(f"the table {self.name} has no constraint or index called {name}")


@dataclass
class Catalog:
    """What a script has made so far.

    Attributes:
        dialect: As sqlglot names it.
        database: What USE last named.
    """

    dialect: str
    database: str = ""
    tables: dict[tuple[str, str], TableDraft] = field(default_factory=dict)
    views: dict[tuple[str, str], View] = field(default_factory=dict)
    enums: dict[tuple[str, str], Enum] = field(default_factory=dict)
    sequences: dict[tuple[str, str], Sequence] = field(default_factory=dict)
    schemas: dict[str, Location] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)

    @property
    def default_schema(self) -> str:
        """The schema of what is named without one."""
        return DEFAULT_SCHEMAS.get(self.dialect, "")

    def place(self, parts: tuple[str, ...]) -> tuple[str, str]:
        """Return the schema and name that a dotted name means."""
        schema = parts[-2] if len(parts) > 1 else self.default_schema
        own = self.dialect == "mysql" and schema.casefold() == self.database.casefold()
        return ("" if own else schema), parts[-1]

    def key(self, parts: tuple[str, ...]) -> tuple[str, str]:
        """Return the same, as dictionaries know it: names that differ in case alone are one."""
        schema, name = self.place(parts)
        return schema.casefold(), name.casefold()

    def table(self, parts: tuple[str, ...]) -> TableDraft:
        """Return the table of a name.

        Raises:
            Problem: There is none.
        """
        found = self.tables.get(self.key(parts))
        if found is None:
            raise Problem(f"there is no table {'.'.join(parts)}")
        return found

    def add_key(self, table: TableDraft, key: KeyDraft) -> None:
        """Add a constraint or index, named as the engine names it where nobody did.

        Raises:
            Problem: The table has a primary key already, or the name is taken.
        """
        if key.kind == "primary" and any(each.kind == "primary" for each in table.keys):
            raise Problem(f"the table {table.name} has a primary key already")
        taken = {each.name.casefold() for each in table.keys if _one_room(each.kind) == _one_room(key.kind)}
        if self.dialect in {"mysql", "duckdb"} or not key.name:
            key.name = _NAMERS.get(self.dialect, _default_name)(table, key, taken)
        elif key.name.casefold() in taken and self.dialect != "sqlite":
            raise Problem(f"{key.name} is there already on {table.name}")
        table.keys.append(key)


def _one_room(kind: str) -> str:
    """Return in which room of names a kind of constraint lives: keys and indexes share one."""
    return kind if kind in {"foreign", "check"} else "key"


_LABELS = {"primary": "pkey", "unique": "key", "foreign": "fkey", "check": "check"}


def _default_name(table: TableDraft, key: KeyDraft, taken: set[str]) -> str:
    """Return the name that planroom gives: PostgreSQL's default."""
    columns = () if key.kind == "primary" else key.columns or mentioned_columns(table, key)[:1]
    label = _LABELS.get(key.kind, "idx")
    return choose(table.name, columns_part(each or "expr" for each in columns), label, lambda x: x.casefold() in taken)


def mentioned_columns(table: TableDraft, key: KeyDraft) -> tuple[str, ...]:
    """Return the columns that a check names, in the order in which it does."""
    names = {each.name.casefold(): each.name for each in table.columns}
    text = key.expression.text if key.expression else ""
    found = (unquoted(word) if word[0] in '"`[' else word for word in _WORD.findall(text))
    return tuple(dict.fromkeys(names[word.casefold()] for word in found if word.casefold() in names))


_WORD = re.compile(r"\"(?:[^\"]|\"\")+\"|`(?:[^`]|``)+`|\[[^\]]+\]|[^\W\d]\w*")


def _mysql_name(table: TableDraft, key: KeyDraft, taken: set[str]) -> str:
    if key.kind == "primary":
        return "PRIMARY"
    if key.name:
        if key.name.casefold() in taken:
            raise Problem(f"{key.name} is there already on {table.name}")
        return key.name
    if key.kind in {"foreign", "check"}:
        label = "ibfk" if key.kind == "foreign" else "chk"
        return next(
            name for n in range(1, len(taken) + 2) if (name := f"{table.name}_{label}_{n}").casefold() not in taken
        )
    base = key.parts[0].column or "functional_index"
    return _numbered(base, taken)


def _numbered(base: str, taken: set[str]) -> str:
    if base.casefold() not in taken:
        return base
    return next(name for n in range(2, len(taken) + 3) if (name := f"{base}_{n}").casefold() not in taken)


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""DuckDB folds no other letters."""


def _duckdb_name(table: TableDraft, key: KeyDraft, taken: set[str]) -> str:
    """Return the name that DuckDB's catalog gives, whatever the author called it; indexes keep theirs."""
    if key.kind in {"index", "unique index"}:
        return key.name
    columns = {"foreign": (*key.columns, *key.target_columns), "check": mentioned_columns(table, key)}.get(
        key.kind, key.columns
    )
    base = "_".join([table.name, *(each.translate(_ASCII_LOWER) for each in columns), _LABELS[key.kind]])
    same = sum(1 for each in taken if each == base.casefold() or each.startswith(base.casefold()))
    return f"{base}{same}" if same else base


_NAMERS = {"mysql": _mysql_name, "duckdb": _duckdb_name}
