"""DuckDB's plans of files that are not there, beside its plans on the real files of TPC-H at scale factor 1."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import planroom as pr
from planroom.engines._scaled_duckdb import duckdb_statistics, read_footers, scaled_duckdb
from planroom.engines.duckdb import DuckDBEngine
from planroom.scaling.volumes import asked_rows
from tests.benchmarks.tpch_parquet import documents, loaded, on_files
from tests.benchmarks.tpch_rows import rows
from tests.tpch.duckdb import ROWS, alike, declared


def prepare(what, scale="1"):
    """Ask DuckDB for the plans of the real files, and return what makes them without."""
    real = on_files(1)
    if what == "footers":
        folder = rows(float(scale), "parquet")
        return lambda: scaled_duckdb(None, ROWS, footers=read_footers(folder)), real
    if what == "statistics":
        path = loaded(float(scale))
        return lambda: _of_statistics(path), real
    model = declared(pr.read)
    return lambda: scaled_duckdb(model, asked_rows(model, ROWS)), real


def _of_statistics(path):
    with DuckDBEngine(path) as own:
        model = own.model()
        return scaled_duckdb(model, asked_rows(model, ROWS), statistics=duckdb_statistics(own))


def work(prepared):
    make, real = prepared
    with make() as scaled:
        found = documents(scaled)
        size = sum(len(each.file) for each in scaled.database.tables)
    others, errors = alike(found, real)
    same = len(real) - len(others)
    middle, high = errors[len(errors) // 2], errors[int(0.95 * len(errors))]
    missed = f", not {' '.join(others)}" if others else ""
    return f"{same} of {len(real)} join trees, q-error {middle:.2f} (95 %: {high:.2f}), {size:,} bytes{missed}"
