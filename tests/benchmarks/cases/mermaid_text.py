"""Mermaid text of a large schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtLeast, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

TABLES = "1000"
FROM_MODEL = "planroom, its model"
FROM_METADATA = "planroom, MetaData"
PEER = "paracelsus, MetaData"


class MermaidText(Benchmark):
    """Two lines for planroom: the peers begin with MetaData, planroom with its model, or with MetaData too."""

    order: ClassVar[int] = 20

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison over 1,000 tables with eight columns each."""
        contestants = (
            Contestant(FROM_MODEL, "planroom_mermaid.py", (inputs.ddl("plain", tables=int(TABLES)),)),
            Contestant(FROM_METADATA, "planroom_mermaid.py", (TABLES,)),
            Contestant(PEER, "paracelsus_mermaid.py", (TABLES,), Runtime.PEERS),
            Contestant("eralchemy2, MetaData", "eralchemy2_render.py", ("mermaid_er", TABLES), Runtime.PEERS),
        )
        targets = (AtLeast(FROM_MODEL, PEER, 1.0), AtLeast(FROM_METADATA, PEER, 1.0))
        yield Comparison("Mermaid text of 1,000 tables", contestants, targets)
