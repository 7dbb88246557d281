"""Comparing two large schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtLeast, AtMost, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

TABLES = 1_000
SIZES = (1_000, 10_000)
SUBJECT, PEER = "planroom", "alembic compare_metadata"
CPU_S, FACTOR = 0.1, 25.0


class Comparing(Benchmark):
    """planroom compares two models; Alembic compares MetaData with a database, which it reads on the way."""

    order: ClassVar[int] = 25

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return planroom beside Alembic, and planroom as the schema grows."""
        contestants = (
            Contestant(SUBJECT, "planroom_diff.py", (inputs.ddl("plain", tables=TABLES),)),
            Contestant(PEER, "alembic_compare.py", (str(TABLES),), Runtime.PEERS),
        )
        note = "Alembic cannot compare two MetaData: its time holds reflecting SQLite in memory."
        targets = (AtMost(SUBJECT, CPU_S), AtLeast(SUBJECT, PEER, FACTOR))
        yield Comparison(f"Comparing two schemas of {TABLES:,} tables with 50 changes", contestants, targets, note=note)
        grown = tuple(
            Contestant(
                f"{size:,} tables", "planroom_diff.py", (inputs.ddl("plain", tables=size),), units=size, most_runs=3
            )
            for size in SIZES
        )
        yield Comparison("As the schema grows: comparing", grown, unit="table")
