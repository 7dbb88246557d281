"""Expressions from the server's own text, in planroom's two forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.sqltext.canonical import bound, parse_expression, parse_query
from planroom.sqltext.statements import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.columns import ColumnRow
    from planroom.engines.postgres.catalog.names import CatalogNames
    from planroom.sqltext import DataType, Expression

__all__ = ["Expressions"]

_NO_COLUMNS: Mapping[str, DataType] = {}


@dataclass(frozen=True)
class Expressions:
    """Turns the server's text into expressions, knowing what the names in it mean."""

    names: CatalogNames
    columns: Mapping[int, tuple[ColumnRow, ...]]
    _known: dict[tuple[str, object, DataType | None], Expression] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """Many tables say the same about the same columns: each is parsed once."""

    def of(self, text: str | None, relation: int = 0, target: DataType | None = None) -> Expression | None:
        """Return an expression over the columns of a relation (by its oid); None for no text."""
        return self.given(text, relation, target) if text else None

    def given(self, text: str, relation: int = 0, target: DataType | None = None) -> Expression:
        """Return an expression over the columns of a relation (by its oid).

        Args:
            text: What the server prints.
            relation: The oid of the relation whose columns it names; 0 for none.
            target: The type of what it is assigned to: a default's column.
        """
        columns = self._columns(relation)
        key = (text, tuple(columns.items()), target)
        if key not in self._known:
            self._known[key] = parse_expression(text, columns, self.names, target)
        return self._known[key]

    def of_value(self, text: str, type_: DataType) -> Expression:
        """Return the check of a domain, in which VALUE is of the type that the domain narrows."""
        return parse_expression(text, {"value": type_}, self.names)

    def query(self, text: str) -> Expression:
        """Return the query of a view; the server ends it with a semicolon."""
        return parse_query(text.strip().removesuffix(";"), self.names)

    def bound(self, text: str, types: tuple[DataType, ...]) -> Expression:
        """Return the bound of a partition, given the types of the partition key."""
        (statement,) = parse_postgres(f"CREATE TABLE part PARTITION OF whole {text}")
        return bound(statement.tree["partbound"], types, self.names)

    def _columns(self, relation: int) -> Mapping[str, DataType]:
        if relation not in self.columns:
            return _NO_COLUMNS
        return {column.name: column.type for column in self.columns[relation]}
