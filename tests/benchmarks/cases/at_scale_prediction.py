"""Plans foretold: whether they are those of the rows that come."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import Benchmark, Comparison, Contestant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

PATIENCE_S = 3600.0
DECLARED, GROWN = "from declarations alone", "from the statistics of scale factor 0.1"


class AtScalePrediction(Benchmark):
    """Statistics that nobody has yet, held against those that ANALYZE finds."""

    order: ClassVar[int] = 33

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison for declarations, one for growth; each says how many plans are those of the rows."""
        del inputs
        yield Comparison(
            "The commerce schema with ten million rows in its largest table",
            (_prediction(DECLARED, "declared"),),
            note="Held against made-up rows of the same model, loaded once, analysed, and kept.",
        )
        yield Comparison(
            "TPC-H at scale factor 1",
            (_prediction(GROWN, "grown"),),
            note="ANALYZE looks at 30,000 rows by chance, so the plans are held against those that are recorded for the"
            " tests and those after five more ANALYZEs of the same rows, kept; tests/tpch/notes.yml says what does not"
            " grow.",
        )


def _prediction(name: str, *arguments: str) -> Contestant:
    return Contestant(name, "planroom_prediction.py", arguments, timeout_s=PATIENCE_S, most_runs=1)
