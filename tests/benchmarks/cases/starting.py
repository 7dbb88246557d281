"""What it costs to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

PLANROOM = "import planroom"
IMPORT_CPU_S = 0.050
RUNS = 15


class Starting(Benchmark):
    """Imports, and the command line's help."""

    order: ClassVar[int] = 40

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison of imports; the process column holds Python's own start too."""
        contestants = (
            Contestant(PLANROOM, "import_module.py", ("planroom",), most_runs=RUNS),
            Contestant("import sqlalchemy", "import_module.py", ("sqlalchemy",), most_runs=RUNS),
            Contestant("import sqlglot", "import_module.py", ("sqlglot",), most_runs=RUNS),
            Contestant("planroom --help", "planroom_command.py", ("--help",), most_runs=RUNS),
        )
        yield Comparison("Importing and starting", contestants, (AtMost(PLANROOM, IMPORT_CPU_S),))
