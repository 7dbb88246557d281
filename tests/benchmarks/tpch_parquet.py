"""TPC-H as Parquet files, made by tpchgen-cli, and what DuckDB plans on them.

``python -m tests.benchmarks.tpch_parquet`` records what the tests hold plans on footers alone to.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from planroom.engines._scaled_duckdb import read_footers, scaled_duckdb
from planroom.engines.duckdb import DuckDBEngine
from tests.benchmarks.tpch_rows import rows
from tests.tpch import QUERIES
from tests.tpch.duckdb import FOOTERS, PLANS, ROWS

if TYPE_CHECKING:
    from pathlib import Path

    from planroom.engines import Engine

__all__ = ["documents", "loaded", "on_files", "record"]


def documents(engine: Engine) -> dict[str, str]:
    """Return the plan of each query."""
    return {name: engine.explain(sql).document for name, sql in QUERIES.items()}


def on_files(scale: float) -> dict[str, str]:
    """Return what DuckDB plans on the real files."""
    folder = rows(scale, "parquet")
    with DuckDBEngine() as engine:
        for table in ROWS:
            engine.run(f"CREATE VIEW {table} AS FROM read_parquet('{folder / table}.parquet')")
        return documents(engine)


def loaded(scale: float) -> Path:
    """Return a DuckDB file with the rows in tables of its own; made if need be."""
    folder = rows(scale, "parquet")
    path = folder / "tpch.duckdb"
    if not path.exists():
        import duckdb

        with duckdb.connect(str(path)) as connection:
            for table in ROWS:
                connection.execute(f"CREATE TABLE {table} AS FROM read_parquet('{folder / table}.parquet')")
    return path


def record() -> None:
    """Write down the footers of scale factor 1, and DuckDB's plans on the real files."""
    with scaled_duckdb(footers=read_footers(rows(1, "parquet"))) as scaled:
        scaled.save(FOOTERS)
        version = scaled.version
    plans = {name: json.loads(document) for name, document in on_files(1).items()}
    lines = [
        f'"{name}":{json.dumps(plan, separators=(",", ":"))}' for name, plan in {"version": version, **plans}.items()
    ]
    PLANS.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    record()
