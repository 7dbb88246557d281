"""DuckDB at any scale: a database of planroom's own that plans on Parquet files which are nothing but their footers."""

from __future__ import annotations

from planroom.engines._scaled_duckdb.building import scaled_duckdb
from planroom.engines._scaled_duckdb.engine import ScaledDuckDB
from planroom.engines._scaled_duckdb.gathering import duckdb_statistics
from planroom.engines._scaled_duckdb.parquet_files import read_footers
from planroom.engines._scaled_duckdb.stored import load

__all__ = ["ScaledDuckDB", "duckdb_statistics", "load", "read_footers", "scaled_duckdb"]
