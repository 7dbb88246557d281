"""What a DuckDB database knows of its own rows: the statistics that it keeps with each column."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from planroom.engines._scaled_duckdb.asking import identifier, literal, qualified_name, rows_of
from planroom.errors import EngineError
from planroom.model import qualified
from planroom.plans.value_widths import width_of
from planroom.scaling.statistics import Assumption, ColumnStatistics, RelationStatistics, Statistics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.duckdb import DuckDBEngine

__all__ = ["duckdb_statistics"]

_ENDS = re.compile(r"(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(.*|FLOAT|DOUBLE|DATE|TIMESTAMP.*|BOOLEAN)")
_AT_ONCE = 200


def duckdb_statistics(engine: DuckDBEngine) -> Statistics:
    """Return the rows of each table, and the ends, distinct values and widths of its columns.

    DuckDB keeps them as it writes: reading them reads one row of each table. They are exact for the ends of numbers
    and moments; distinct values are an estimate (HyperLogLog). Texts have no ends here, as DuckDB keeps but their
    first letters. Ends are values of rows: before these statistics are stored or shown, they go through
    `planroom.scaling.privacy`; `scaled_duckdb` leaves out those of personal data by itself.

    Raises:
        StatementFailedError: The catalog may not be read.
    """
    tables = rows_of(
        engine,
        "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() "
        "WHERE database_name = current_database() AND NOT internal ORDER BY ALL",
    )
    columns: list[ColumnStatistics] = []
    assumptions: list[Assumption] = []
    for schema, name, rows in tables:
        try:
            columns += _columns(engine, schema, name, rows)
        except (EngineError, ValueError):
            assumptions.append(
                Assumption(qualified(schema, name), "DuckDB does not tell the statistics of its columns")
            )
    relations = tuple(
        RelationStatistics(schema=schema, name=name, pages=0, rows=float(rows)) for schema, name, rows in tables
    )
    return Statistics(
        relations=relations,
        columns=tuple(sorted(columns, key=lambda each: (each.schema, each.table, each.column))),
        source=engine.url,
        assumptions=tuple(assumptions),
    )


def _columns(engine: DuckDBEngine, schema: str, table: str, rows: int) -> Iterator[ColumnStatistics]:
    """Yield the statistics of a table's columns.

    Raises:
        EngineError: This version of DuckDB has no statistics as JSON.
    """
    found = rows_of(
        engine,
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() "  # noqa: S608
        f"AND schema_name = {literal(schema)} AND table_name = {literal(table)} ORDER BY column_index",
    )
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        asked = ", ".join(f"CAST(CAST(stats({identifier(name)}) AS JSON) AS VARCHAR)" for name, _ in part)
        answer = rows_of(engine, f"SELECT {asked} FROM {qualified_name(schema, table)} LIMIT 1")  # noqa: S608
        for (name, kind), told in zip(part, answer[0] if answer else (), strict=bool(answer)):
            yield _column((schema, table, name), kind, json.loads(told, parse_float=Decimal) if told else {}, rows)


def _column(place: tuple[str, str, str], kind: str, told: dict[str, Any], rows: int) -> ColumnStatistics:
    low, high = told.get("min"), told.get("max")
    length = told.get("total_string_length")
    mean = float(length) / rows if length is not None and rows else None
    return ColumnStatistics(
        schema=place[0],
        table=place[1],
        column=place[2],
        width=round(mean) if mean is not None else round(width_of(kind)),
        distinct=float(told.get("approx_unique") or 0),
        ends=(_text(low), _text(high)) if low is not None and high is not None and _ENDS.fullmatch(kind) else None,
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
