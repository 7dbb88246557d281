"""TPC-H's rows, made by tpchgen-cli and loaded into PostgreSQL; what was asked of them is kept for the next run.

``python -m tests.benchmarks.tpch`` records what the tests hold plans at scale to. A scale factor of 1 takes a gigabyte
for the rows and two more where the server's data are.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.statistics import read_statistics
from planroom.scaling.storing import statistics_from, statistics_text
from planroom.sqltext import parse_postgres
from tests.benchmarks.tpch_rows import folder, rows
from tests.tpch import PLANS, QUERIES, SCHEMA, SMALL_STATISTICS, STATISTICS, outline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planroom.scaling.statistics import Statistics

__all__ = ["ANALYSES", "Measured", "Outlines", "analysed", "loaded", "measured", "record"]

ANALYSES = 5
"""How often the rows are analysed to see what chance does to plans."""

Outlines = dict[str, tuple[str, float]]
"""By query: the shape of its plan and its cost, as `tests.tpch.outline` gives them."""

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Measured:
    """What a server with the rows says.

    Attributes:
        statistics: What its planner knows.
        plans: The plans of all queries.
        keys_only: The same, without the indexes that no key has.
    """

    statistics: Statistics
    plans: Outlines
    keys_only: Outlines


@contextlib.contextmanager
def loaded(scale: float) -> Iterator[OwnedPostgres]:
    """Open a database of planroom's own with all rows, keys, foreign keys and indexes, analysed."""
    source = rows(scale)
    statements = parse_postgres(SCHEMA)
    with OwnedPostgres() as database:
        database.run("SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 1")
        for statement in statements:
            if statement.kind == "CreateStmt":
                database.run(statement.text)
                _copy(database, source / f"{statement.tree['relation']['relname']}.csv")
        for statement in statements:
            if statement.kind not in {"CreateStmt", "empty"}:
                database.run(statement.text)
        database.run("VACUUM ANALYZE")
        yield database


def _copy(database: OwnedPostgres, file: Path) -> None:
    with file.open("rb") as content:
        chunks = iter(lambda: content.read(_CHUNK_BYTES), b"")
        database.copy_in(f"COPY {file.stem} FROM STDIN WITH (FORMAT csv, HEADER)", chunks)


def measured(scale: float) -> Measured:
    """Return what a server with the rows says; asked once, and kept."""
    kept = folder() / f"sf{scale:g}.json"
    if not kept.exists():
        with loaded(scale) as database:
            statistics = read_statistics(database, ends=True)
            plans = _plans(database)
            _drop_indexes(database)
            told = {"statistics": statistics_text(statistics), "plans": plans, "keys_only": _plans(database)}
        kept.write_text(json.dumps(told), encoding="utf-8")
    told = json.loads(kept.read_text(encoding="utf-8"))
    return Measured(statistics_from(told["statistics"]), _outlines(told["plans"]), _outlines(told["keys_only"]))


def analysed(scale: float) -> list[Outlines]:
    """Return the plans of the same rows after each of several ANALYZEs, which look at others by chance; kept, too."""
    kept = folder() / f"sf{scale:g}.analyses.json"
    if not kept.exists():
        found = []
        with loaded(scale) as database:
            for _ in range(ANALYSES):
                database.run("ANALYZE")
                found.append(_plans(database))
        kept.write_text(json.dumps(found), encoding="utf-8")
    return [_outlines(each) for each in json.loads(kept.read_text(encoding="utf-8"))]


def _outlines(told: dict[str, list[Any]]) -> Outlines:
    return {name: (shape, cost) for name, (shape, cost) in told.items()}


def _plans(database: OwnedPostgres) -> Outlines:
    return {name: outline(database.explain(sql).document) for name, sql in QUERIES.items()}


def _drop_indexes(database: OwnedPostgres) -> None:
    for statement in parse_postgres(SCHEMA):
        if statement.kind == "IndexStmt":
            database.run(f"DROP INDEX {statement.tree['idxname']}")


def record() -> None:
    """Write down what the tests hold plans at scale to: statistics and plans of scale factor 1, statistics of 0.1."""
    found = measured(1)
    SMALL_STATISTICS.write_text(statistics_text(measured(0.1).statistics), encoding="utf-8")
    STATISTICS.write_text(statistics_text(found.statistics), encoding="utf-8")
    plans = {"all indexes": found.plans, "keys alone": found.keys_only}
    PLANS.write_text(json.dumps(plans, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
