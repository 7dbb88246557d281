"""Reading a large query plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

NODES = 6_006
SIZES = (600, 6_000, 60_000)
READ, FIND = "planroom: read", "planroom: read and find"
FIND_S = 0.15
PARSE, ANALYZE, GO = "dataxplan: parse", "dataxplan: analyze", "pgplan: analyze"


class Plans(Benchmark):
    """planroom beside dataxplan, in Python, and pgplan, in Go, on eight megabytes of FORMAT JSON."""

    order: ClassVar[int] = 28

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return planroom beside its peers, and planroom as the plan grows."""
        path = inputs.plan(NODES)
        contestants = (
            Contestant(READ, "planroom_plan.py", (path, "read")),
            Contestant(FIND, "planroom_plan.py", (path, "findings")),
            Contestant(PARSE, "dataxplan_plan.py", (path, "parse"), Runtime.PEERS),
            Contestant(ANALYZE, "dataxplan_plan.py", (path, "analyze"), Runtime.PEERS),
            Contestant(GO, "pgplan_plan.py", (path,), Runtime.PEERS),
        )
        note = "planroom's reading charges time, cost and blocks to each node; pgplan's CPU holds starting its program."
        targets = (AtMost(FIND, FIND_S),)
        yield Comparison(f"Reading a plan of {NODES:,} nodes", contestants, targets, note=note)
        grown = tuple(
            Contestant(f"{size:,} nodes", "planroom_plan.py", (inputs.plan(size), "read"), units=size, most_runs=3)
            for size in SIZES
        )
        yield Comparison("As a plan grows: reading", grown, unit="node")
