"""DuckDB's plans from footers alone: whether they are those of real Parquet files, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

PATIENCE_S = 1200.0
CALL_S = 1.0
SOURCES = {
    "footers of scale factor 1": ("footers", "1"),
    "footers of 0.1, ten times": ("footers", "0.1"),
    "a DuckDB file of 0.1, ten times": ("statistics", "0.1"),
    "declarations alone": ("declarations",),
}
NOTE = """\
Each line makes the footers, opens DuckDB on them and asks for 22 plans. "What came out" compares with the plans of the
real files at scale factor 1: the joins with their probe and build sides, and the estimated rows of every operator of
those that are the same. No design is given with footers; declarations are keys, foreign keys, NOT NULL, the step of
one sequence, the distinct values of four columns, and the rows of each table."""


class AtScaleDuckDB(Benchmark):
    """TPC-H at scale factor 1 as Parquet, foretold from less and less."""

    order: ClassVar[int] = 34

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison for the files, one for their plans without them."""
        del inputs
        for scale in ("0.1", "1"):
            made = Contestant(
                "tpchgen-cli", "tpchgen_rows.py", (scale, "parquet"), Runtime.PEERS, timeout_s=PATIENCE_S, most_runs=1
            )
            yield Comparison(
                f"TPC-H as Parquet at scale factor {scale}", (made,), note="Kept where PLANROOM_TPCH says."
            )
        contestants = tuple(
            Contestant(name, "duckdb_at_scale.py", arguments, timeout_s=PATIENCE_S, most_runs=3)
            for name, arguments in SOURCES.items()
        )
        targets = tuple(AtMost(name, CALL_S) for name in SOURCES)
        yield Comparison("DuckDB's 22 plans from footers alone", contestants, targets, note=NOTE)
