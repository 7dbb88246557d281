"""The tables of a model as queries name them: search path, quoted names, case."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.model.names import DEFAULT_SCHEMA
from planroom.resolving.query_names import KEYWORDS
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.model import Column, Index, Model, Table, View

__all__ = ["CASE_SENSITIVE", "SYSTEM_SCHEMAS", "QueryTables", "columns_of", "names_made_in"]

CASE_SENSITIVE = frozenset({"postgres", "redshift", "materialize", "risingwave"})
SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema", "sys", "mysql", "performance_schema"})
_OF_THE_SYSTEM = frozenset({"dual", "inserted", "deleted", "excluded"})

_MADE = re.compile(
    r"\b(?:create\s+(?:or\s+replace\s+)?(?:global\s+|local\s+)?(?:temp(?:orary)?\s+|unlogged\s+|foreign\s+|recursive\s+)?"
    r"(?:materialized\s+)?(?:table|view)|into(?:\s+temp(?:orary)?)?(?:\s+table)?)\s+(?:if\s+not\s+exists\s+)?"
    r"((?:\"[^\"]+\"|`[^`]+`|[\w$]+)(?:\s*\.\s*(?:\"[^\"]+\"|`[^`]+`|[\w$]+))*)",
    re.IGNORECASE,
)


def names_made_in(text: str, *, temporary: bool = False) -> Iterator[str]:
    """Yield the names of tables and views that a script makes, without schema, in lower case.

    Args:
        text: The script.
        temporary: Leave out those that stay when the session ends.
    """
    for found in _MADE.finditer(text):
        head = found[0][: found.start(1) - found.start()].lower()
        if "temp" in head or not (temporary or head.startswith("into")):
            yield found[1].rpartition(".")[2].strip(' "`').lower()


@dataclass(frozen=True)
class QueryTables:
    """A model's tables and views, found by the names of a dialect.

    Attributes:
        dialect: The queries' dialect.
        rows: Rows by table id.
        made: The names, in lower case, of what the scripts themselves make.
    """

    model: Model
    dialect: str
    rows: Mapping[str, float]
    made: frozenset[str] = frozenset()

    def folded(self, name: str) -> str:
        """Return a name of the model as the dialect compares it."""
        return name if self.dialect in CASE_SENSITIVE else name.lower()

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Table | View, ...]]:
        found: dict[str, tuple[Table | View, ...]] = {}
        for each in self.model.tables_and_views:
            name = self.folded(each.name)
            found[name] = (*found.get(name, ()), each)
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all tables and views, without schema."""
        return tuple(each.name for each in self.model.tables_and_views)

    def find(self, name: tuple[str, ...]) -> Table | View | None:
        """Return what a name, with or without its schema, means; None where nothing or more than one bears it."""
        found = self._by_name.get(name[-1], ())
        if len(name) > 1:
            return next((each for each in found if self.folded(each.schema) == name[-2]), None)
        if len(found) > 1:
            return next((each for each in found if each.schema == DEFAULT_SCHEMA), None)
        return found[0] if found else None

    def is_unknown(self, name: tuple[str, ...]) -> bool:
        """Whether nothing in the model, the scripts or the system bears a name."""
        bare = name[-1].lower()
        if (
            bare in self.made
            or bare.startswith(("pg_", "sqlite_", "duckdb_"))
            or bare in {"dual", "inserted", "deleted"}
        ):
            return False
        if bare in KEYWORDS or bare.endswith("_seq") or name[-1] in self._sequences:
            return False
        if len(name) > 1:
            schemas = {self.folded(each.schema) for each in self.model.tables_and_views}
            return name[-2] in schemas and self.find(name) is None
        return name[-1] not in self._by_name

    @cached_property
    def _sequences(self) -> frozenset[str]:
        return frozenset(self.folded(each.name) for each in self.model.sequences)

    @cached_property
    def _columns(self) -> dict[str, Mapping[str, Column]]:
        return {}

    def columns(self, table: Table | View) -> Mapping[str, Column]:
        """Return the columns of a table or view, by their names as the dialect compares them."""
        if table.id not in self._columns:
            self._columns[table.id] = {self.folded(each.name): each for each in table.columns}
        return self._columns[table.id]

    def keys(self, table: Table | View) -> tuple[frozenset[str], ...]:
        """Return the sets of columns that no two rows share, NULLs aside."""
        if table.id not in self._keys:
            self._keys[table.id] = tuple(self._found_keys(table))
        return self._keys[table.id]

    @cached_property
    def _keys(self) -> dict[str, tuple[frozenset[str], ...]]:
        return {}

    def _found_keys(self, table: Table | View) -> Iterator[frozenset[str]]:
        for key in getattr(table, "keys", ()):
            yield frozenset(self.folded(name) for name in key.columns)
        for index in table.indexes:
            if index.unique and index.predicate is None and (names := columns_of(index)):
                yield frozenset(self.folded(name) for name in names)

    def rows_of(self, table: Table | View) -> float | None:
        """Return how many rows a table has or is expected to have; None where nobody said."""
        given = self.rows.get(table.id)
        return given if given is not None else table.annotations.rows


def columns_of(index: Index) -> tuple[str, ...]:
    """Return the columns of an index; empty where a part of it is an expression."""
    names = tuple(each.column for each in index.columns)
    return names if all(names) else ()
