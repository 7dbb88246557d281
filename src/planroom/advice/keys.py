"""What a column can point at, and which types can point at which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.model import qualified
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Column, Model, Table

__all__ = ["Key", "Kinds", "fills_itself", "keys_of", "own_tables"]

_FAMILIES = {
    "integer": """smallint integer bigint tinyint mediumint int hugeint utinyint usmallint uinteger ubigint uhugeint
        int8 int4 int2 oid""",
    "number": "numeric decimal number",
    "uuid": "uuid uniqueidentifier",
    "text": """text "character varying" character citext name bpchar varchar nvarchar nchar varchar2 nvarchar2 char
        string tinytext mediumtext longtext""",
    "bytes": "bytea binary varbinary blob raw",
}


def _by_name() -> dict[str, str]:
    import shlex

    return {name: family for family, names in _FAMILIES.items() for name in shlex.split(names)}


_FAMILY = _by_name()
_WIDTHS = {"tinyint": 1, "smallint": 2, "mediumint": 3, "integer": 4, "int": 4, "oid": 4, "bigint": 8}


@dataclass(frozen=True, slots=True)
class Key:
    """Columns of a table of which no two rows agree: its primary key, a unique constraint, or a unique index."""

    columns: tuple[str, ...]
    primary: bool


def own_tables(model: Model) -> tuple[Table, ...]:
    """Return the tables that stand for themselves: a partition is part of the table that it belongs to."""
    return tuple(table for table in model.tables if not table.partition_of)


def keys_of(table: Table) -> Iterator[Key]:
    """Yield the keys of a table, the primary one first, each set of columns once.

    A partial unique index is no key, nor is one over expressions, nor a key that only forbids overlaps.
    """
    seen: set[frozenset[str]] = set()
    candidates = [Key(key.columns, key is table.primary_key) for key in table.keys if not key.without_overlaps]
    candidates += [
        Key(tuple(part.column for part in index.columns), primary=False)
        for index in table.indexes
        if index.unique and index.predicate is None and all(part.column for part in index.columns)
    ]
    for key in candidates:
        if frozenset(key.columns) not in seen:
            seen.add(frozenset(key.columns))
            yield key


def fills_itself(column: Column) -> bool:
    """Whether the database gives each row a value of its own: by identity, a sequence or a random UUID, or computed."""
    default = str(column.default or "").lower()
    return bool(column.identity or column.generated) or "nextval(" in default or ("uuid" in default and "(" in default)


class Kinds:
    """Which types can be compared as keys; domains are looked through.

    Args:
        model: Whose domains and enums count.
    """

    def __init__(self, model: Model) -> None:
        self._domains = {domain.id: domain.type for domain in model.domains}
        self._enums = {enum.id for enum in model.enums}
        self._known: dict[DataType, str] = {}

    def family(self, kind: DataType) -> str:
        """Return the family of a type that can be a key, such as ``integer``; empty when it cannot be one."""
        if kind not in self._known:
            self._known[kind] = self._found(kind)
        return self._known[kind]

    def _found(self, kind: DataType) -> str:
        if kind.array:
            return ""
        if kind == DataType.UNKNOWN:
            return "unknown"
        for name in (qualified(kind.schema, kind.name), qualified("public", kind.name)):
            if name in self._domains:
                return self._found(self._domains[name])
            if name in self._enums:
                return name
        family = _FAMILY.get(kind.name.lower(), "")
        return "" if family == "number" and kind.modifiers[1:] not in {(), ("0",)} else family

    def agreement(self, child: DataType, parent: DataType) -> float | None:
        """Return how well the type of a reference fits that of its key, in log-odds; None when it does not."""
        mine, its = self.family(child), self.family(parent)
        if not mine or not its:
            return None
        if child == parent:
            return _SAME_DOMAIN if child.name not in _FAMILY and mine != "unknown" else 0.0
        if "unknown" in {mine, its}:
            return _UNKNOWN
        if {mine, its} == {"integer", "number"}:
            return _WIDER
        if mine != its:
            return None
        wider = _WIDTHS.get(child.name, 0) > _WIDTHS.get(parent.name, 9)
        return _WIDER if wider else _SIMILAR


_SAME_DOMAIN, _SIMILAR, _WIDER, _UNKNOWN = 1.0, -0.2, -0.5, -1.0
