"""What names mean inside a catalog: the `Names` that expressions are read with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.datatypes import data_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planroom.engines.postgres.catalog.columns import ColumnRow
    from planroom.engines.postgres.catalog.session import Session
    from planroom.sqltext import DataType

__all__ = ["CatalogNames"]

_PATH = "public"  # the server prints every other schema


@dataclass(frozen=True)
class CatalogNames:
    """Answers from the catalog, each kind of question with one query, asked when it is first needed."""

    session: Session
    relations: Mapping[tuple[str, str], int]
    columns: Mapping[int, tuple[ColumnRow, ...]]

    def type_schema(self, name: str) -> str | None:
        """Return the schema of a user-defined type reached by a bare name."""
        return _PATH if (_PATH, name) in self._types else None

    def routine_schema(self, name: str) -> str | None:
        """Return the schema of a user-defined routine reached by a bare name."""
        return _PATH if (_PATH, name) in self._routines else None

    def relation(self, schema: str, name: str) -> tuple[str, Mapping[str, DataType]] | None:
        """Return a relation's schema and its columns in order."""
        key = (schema or _PATH, name)
        if key not in self.relations:
            return None
        return key[0], {column.name: column.type for column in self.columns.get(self.relations[key], ())}

    def domain_base(self, schema: str, name: str) -> DataType | None:
        """Return the type that a domain constrains."""
        return self._types.get((schema, name))

    def routine_result(self, schema: str, name: str) -> DataType | None:
        """Return what a routine returns, when all routines of that name return the same."""
        results = self._routines.get((schema, name), set())
        return next(iter(results)) if len(results) == 1 else None

    @cached_property
    def _types(self) -> Mapping[tuple[str, str], DataType | None]:
        """The types outside pg_catalog, extensions' too, each with the base type if it is a domain."""
        rows = self.session.run("""
            SELECT n.nspname, t.typname, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND t.typcategory <> 'A'""")
        return {(schema, name): data_type(base) if base else None for schema, name, base in rows}

    @cached_property
    def _routines(self) -> Mapping[tuple[str, str], set[DataType]]:
        rows: Iterable[tuple[str, str, str]] = self.session.run("""
            SELECT DISTINCT n.nspname, p.proname, format_type(p.prorettype, NULL)
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND p.prorettype <> 0""")
        found: dict[tuple[str, str], set[DataType]] = defaultdict(set)
        for schema, name, result in rows:
            found[schema, name].add(data_type(result))
        return found
