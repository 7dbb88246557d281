"""What planroom itself asks DuckDB, and how it writes names and texts for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.engines.duckdb import DuckDBEngine

__all__ = ["identifier", "literal", "qualified_name", "rows_of"]


def rows_of(engine: DuckDBEngine, sql: str) -> list[tuple[Any, ...]]:
    """Return all rows of planroom's own query.

    Raises:
        StatementFailedError: DuckDB refused it.
    """
    return [row for batch in engine.batches(sql) for row in batch]


def identifier(name: str) -> str:
    """Return a name, quoted.

    Example:
        >>> identifier("order")
        '"order"'
    """
    return '"' + name.replace('"', '""') + '"'


def qualified_name(schema: str, name: str) -> str:
    """Return the name of a table with its schema, quoted."""
    return f"{identifier(schema or 'main')}.{identifier(name)}"


def literal(text: str) -> str:
    """Return a text, quoted.

    Example:
        >>> literal("it's")
        "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
