"""Reading DBML."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtLeast, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

TABLES = 1_000
SIZES = (100, 1_000, 10_000)


class Dbml(Benchmark):
    """planroom makes a model, the peers their own objects."""

    order: ClassVar[int] = 15

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison with peers, and one of planroom with itself as the text grows."""
        path = inputs.dbml(TABLES)
        contestants = (
            Contestant("planroom", "planroom_dbml.py", (path,)),
            Contestant("@dbml/core", "dbml_core_parse.js", (path,), Runtime.NODE),
            Contestant("pydbml", "pydbml_parse.py", (path,), Runtime.PEERS, most_runs=1),
        )
        targets = (AtLeast("planroom", "@dbml/core", 5.0), AtLeast("planroom", "pydbml", 20.0))
        yield Comparison(f"Reading DBML of {TABLES:,} tables", contestants, targets)
        growing = tuple(
            Contestant(f"{size:,} tables", "planroom_dbml.py", (inputs.dbml(size),), units=size, most_runs=3)
            for size in SIZES
        )
        yield Comparison("As the schema grows: Reading DBML", growing, unit="table")
