"""How the cost grows with the input: time per table should stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import Benchmark, Comparison, Contestant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.inputs import Inputs

SIZES = (100, 1_000, 10_000)
BRANCHES = (2, 10, 50, 200)
PATIENCE_S = 20.0


class Growth(Benchmark):
    """Reading, Mermaid text and overviews of ever larger schemas; views with ever longer chains of UNION ALL."""

    order: ClassVar[int] = 60

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison for each kind of work."""
        yield _growth("Reading pg_dump's script", "planroom_read.py", lambda size: (inputs.ddl("dump", tables=size),))
        yield _growth(
            "Mermaid text from a model", "planroom_mermaid.py", lambda size: (inputs.ddl("plain", tables=size),)
        )
        yield _growth("Overview as SVG", "planroom_svg.py", lambda size: ("overview", inputs.ddl("plain", tables=size)))
        yield _chains(inputs)


def _growth(title: str, program: str, arguments: Callable[[int], tuple[str, ...]]) -> Comparison:
    contestants = tuple(
        Contestant(f"{size:,} tables", program, arguments(size), units=size, most_runs=3) for size in SIZES
    )
    return Comparison(f"As the schema grows: {title}", contestants, unit="table")


def _chains(inputs: Inputs) -> Comparison:
    contestants = tuple(
        Contestant(
            f"{count} branches",
            "planroom_read.py",
            (inputs.chained_view(count),),
            units=count,
            most_runs=3,
            timeout_s=PATIENCE_S,
        )
        for count in BRANCHES
    )
    return Comparison("As a view grows: SELECT ... UNION ALL SELECT ...", contestants, unit="branch")
