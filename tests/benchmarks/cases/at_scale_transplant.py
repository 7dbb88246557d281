"""Plans from statistics alone: whether they are those of the rows, and what tables of any size cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

PATIENCE_S = 1200.0
BILLION, MOST = "10^9 rows a table", "10^11 rows a table"
SWEEP = "12 sizes of one table, 10^4 to 10^11 rows"
BUILD_S, SWEEP_S = 0.3, 2.0


class AtScaleTransplant(Benchmark):
    """TPC-H at scale factor 1, loaded once, its statistics in an empty database; then larger and larger."""

    order: ClassVar[int] = 32

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison for the rows, one for their plans without them, one for sizes."""
        del inputs
        rows = Contestant("tpchgen-cli", "tpchgen_rows.py", ("1",), Runtime.PEERS, timeout_s=PATIENCE_S, most_runs=1)
        yield Comparison("The rows of TPC-H at scale factor 1", (rows,), note="Kept where PLANROOM_TPCH says.")
        yield Comparison(
            "TPC-H's 22 plans from statistics alone",
            (_at_scale("planroom", "plans"),),
            note="What PostgreSQL says with the rows is asked once, loaded by COPY, and kept.",
        )
        yield Comparison(
            "A database at scale, built anew, with a first plan",
            (_at_scale(BILLION, "build", "1e9"), _at_scale(MOST, "build", "1e11")),
            (AtMost(BILLION, BUILD_S),),
        )
        yield Comparison("A sweep, with a plan at each size", (_at_scale(SWEEP, "sweep"),), (AtMost(SWEEP, SWEEP_S),))


def _at_scale(name: str, *arguments: str) -> Contestant:
    return Contestant(name, "planroom_at_scale.py", arguments, timeout_s=PATIENCE_S, most_runs=3)
