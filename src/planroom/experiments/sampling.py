"""A bounded look at large tables: how many rows an engine believes they have, and a sample by pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.errors import StatementFailedError, StatementRefusedError
from planroom.model import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines import Engine
    from planroom.model import Table

__all__ = ["named", "sampled", "table_sizes"]

_SIZES = {
    "postgres": """SELECT n.nspname, c.relname, c.reltuples FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')""",
    "duckdb": "SELECT schema_name, table_name, estimated_size FROM duckdb_tables()",
}
_MOST_TABLES = 1_000_000


def table_sizes(engine: Engine) -> Mapping[tuple[str, str], float]:
    """Return how many rows the engine believes each table (schema, name) has; nothing when it does not say."""
    try:
        rows = engine.query(_SIZES[engine.name], limit=_MOST_TABLES) if engine.name in _SIZES else ()
    except (StatementFailedError, StatementRefusedError):
        rows = ()
    return {(str(schema), str(name)): float(str(size)) for schema, name, size in rows}


def named(table: Table) -> str:
    """Return the table's name as SQL, with its schema."""
    return (
        f"{quote_identifier(table.schema)}.{quote_identifier(table.name)}"
        if table.schema
        else quote_identifier(table.name)
    )


def sampled(table: Table, dialect: str, rows: float, *, wanted: int) -> str:
    """Return the table as FROM takes it, sampled by pages where it is large; the same pages each time.

    Args:
        table: The table.
        dialect: The engine's name.
        rows: How many rows it is believed to have.
        wanted: How many rows are going to be looked at.
    """
    if rows <= 10 * wanted:
        return named(table)
    percent = max(0.01, min(100.0, 200.0 * wanted / rows))
    if dialect == "duckdb":
        return f"{named(table)} TABLESAMPLE system({percent:.4f}%) REPEATABLE (1)"
    return (
        f"{named(table)} TABLESAMPLE SYSTEM ({percent:.4f}) REPEATABLE (1)" if dialect == "postgres" else named(table)
    )
