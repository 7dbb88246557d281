"""Indexes for a workload: what the search costs, and whether what it says is true of indexes that are really built."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

PATIENCE_S = 1200.0
BUDGETS = ("50 MB", "500 MB", "2 GB")
BUILT = ("500 MB", "2 GB")
ADVICE_S = 6.0  # of this process and the server together


class AtScaleAdvice(Benchmark):
    """TPC-H at scale factor 1, with its keys alone: indexes for the 22 queries, each counted alike."""

    order: ClassVar[int] = 34

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison for the search, and one for what it says."""
        del inputs
        names = {f"a budget of {budget}": budget for budget in BUDGETS}
        contestants = [_advice(name, "advise", budget) for name, budget in names.items()]
        yield Comparison(
            "Indexes for TPC-H's 22 queries",
            (*contestants, _advice("no budget", "advise")),
            tuple(AtMost(name, ADVICE_S / 2) for name in names),
            note="CPU is of the client; that of the server is told beside it, and is about as much.",
        )
        yield Comparison(
            "The advised indexes really built",
            tuple(_advice(f"a budget of {budget}", "built", budget) for budget in BUILT),
            note="Rows are loaded once, the indexes built on them as the advice has them, and what came out is kept.",
        )


def _advice(name: str, *arguments: str) -> Contestant:
    return Contestant(name, "planroom_index_advice.py", arguments, timeout_s=PATIENCE_S, most_runs=3)
