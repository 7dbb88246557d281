"""Judging migrations and queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

FILES, STATEMENTS_A_FILE = 2_000, 5
QUERIES, TABLES = 1_000, 300
QUERIES_CPU_S = 3.0
PROGRAM = "linter_process.py"
OF_PLANROOM = ("planroom", '"code":', "lint", "--format", "json")
OF_SQUAWK = ("squawk", '"rule_name":', "--reporter", "json", "--pg-version", "18")
SUBJECT = "planroom lint"


class Linting(Benchmark):
    """planroom's and squawk's commands, whole processes; squawk knows no schema and judges no queries."""

    order: ClassVar[int] = 45

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return a large folder of migrations, one small file, and queries that meet a model."""
        folder, one = inputs.migrations(FILES), inputs.migrations(1)
        note = "planroom follows the schema from file to file, and squawk looks at each statement by itself."
        yield Comparison(
            f"Linting {FILES:,} migrations with {FILES * STATEMENTS_A_FILE:,} statements",
            _pair(folder, f"{folder}/*.sql", FILES),
            unit="file",
            note=note,
        )
        yield Comparison("Linting one migration", _pair(one, f"{one}/*.sql", 0))
        queries, schema = inputs.queries(QUERIES, TABLES), inputs.ddl("plain", tables=TABLES)
        arguments = (*OF_PLANROOM, queries, "--model", schema)
        yield Comparison(
            f"Linting {QUERIES:,} queries beside a model of {TABLES} tables",
            (Contestant(SUBJECT, PROGRAM, arguments, units=QUERIES),),
            (AtMost(SUBJECT, QUERIES_CPU_S),),
            unit="query",
        )


def _pair(folder: str, files: str, units: int) -> tuple[Contestant, ...]:
    return (
        Contestant(SUBJECT, PROGRAM, (*OF_PLANROOM, folder), units=units),
        Contestant("squawk", PROGRAM, (*OF_SQUAWK, files), Runtime.PEERS, units=units),
    )
