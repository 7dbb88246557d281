"""Synthetic rows: against libraries that make one value after the other, at ten million rows, and into PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtLeast, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

CUSTOMERS = 100_000
MANY = 10_000_000
LOADED = 2_000_000
PLANROOM, FAKER, MIMESIS = "planroom", "Faker", "mimesis"
PATIENCE_S = 300.0


class Generating(Benchmark):
    """Rows a second, with every constraint asked of the engine, and the ways into PostgreSQL."""

    order: ClassVar[int] = 70

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison of peers, one of size, one of routes."""
        del inputs
        yield Comparison(
            f"{CUSTOMERS:,} customers: key, unique address, name, country, time",
            (
                _rows(PLANROOM, "customers", CUSTOMERS),
                _peer(FAKER, "faker_rows.py"),
                _peer(MIMESIS, "mimesis_rows.py"),
            ),
            (AtLeast(PLANROOM, FAKER, 50),),
            unit="row",
            note="planroom's rows are in a database at the end, its start included; the peers' are Python's tuples.",
        )
        yield Comparison(
            f"{MANY:,} rows of 6 tables, keys and foreign keys, skewed",
            (_rows("planroom", "all", MANY), _rows("planroom, every constraint asked", "verified", MANY)),
            unit="row",
        )
        yield Comparison(
            f"{LOADED:,} rows from DuckDB into PostgreSQL",
            (
                _load("binary COPY", "binary"),
                _load("CSV file, COPY", "csv"),
                _load("binary COPY, foreign keys validated, planroom's way", "proven"),
            ),
            unit="row",
            note="CPU is the client's; the server's shows in the wall time. Primary keys are there while rows arrive.",
        )


def _rows(name: str, what: str, count: int) -> Contestant:
    return Contestant(name, "planroom_rows.py", (what, str(count)), units=count, timeout_s=PATIENCE_S, most_runs=3)


def _peer(name: str, program: str) -> Contestant:
    return Contestant(name, program, (str(CUSTOMERS),), Runtime.PEERS, units=CUSTOMERS, timeout_s=PATIENCE_S)


def _load(name: str, route: str) -> Contestant:
    arguments = (route, str(LOADED))
    return Contestant(name, "planroom_load.py", arguments, units=LOADED, timeout_s=PATIENCE_S, most_runs=3)
