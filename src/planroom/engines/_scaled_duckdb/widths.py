"""How many bytes DuckDB holds the columns of forged tables in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines._scaled_duckdb.asking import rows_of
from planroom.plans.value_widths import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.engines._scaled_duckdb.forged_table import ForgedTable
    from planroom.engines.duckdb import DuckDBEngine

__all__ = ["widths_of"]


def widths_of(engine: DuckDBEngine, tables: Sequence[ForgedTable]) -> dict[tuple[str, str, str], float]:
    """Return the mean bytes of each column, by schema, table and column."""
    lengths = {(each.schema, each.name, column): mean for each in tables for column, mean in each.widths}
    wanted = {(each.schema, each.name) for each in tables}
    found = rows_of(engine, "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()")
    return {
        (schema, table, column): width_of(kind, lengths.get((schema, table, column)))
        for schema, table, column, kind in found
        if (schema, table) in wanted
    }
