"""Pictures of large schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtMost, Benchmark, Comparison, Contestant, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

SIZES = (200, 1_000)
OVERVIEW = "planroom, overview"
POSTER = "planroom, poster"
SHEET_CPU_S = 3.0
PATIENCE_S = 60.0


class Svg(Benchmark):
    """planroom's picture that can be read, its overview, posters and explorer; eralchemy2's picture of everything."""

    order: ClassVar[int] = 30

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return one comparison a size."""
        for size in SIZES:
            large = size == max(SIZES)
            targets = tuple(AtMost(name, SHEET_CPU_S) for name in (OVERVIEW, POSTER)) if large else ()
            yield Comparison(
                f"SVG of {size:,} tables", _contestants(str(size), inputs.ddl("plain", tables=size)), targets
            )


def _contestants(size: str, path: str) -> tuple[Contestant, ...]:
    return (
        Contestant("planroom, all columns", "planroom_svg.py", ("full", path), timeout_s=PATIENCE_S),
        Contestant("planroom, default", "planroom_svg.py", ("default", path), timeout_s=PATIENCE_S),
        Contestant(OVERVIEW, "planroom_svg.py", ("overview", path), timeout_s=PATIENCE_S),
        Contestant(POSTER, "planroom_svg.py", ("poster", path), timeout_s=PATIENCE_S),
        Contestant("planroom, explorer", "planroom_explorer.py", (path,), timeout_s=PATIENCE_S),
        Contestant("eralchemy2", "eralchemy2_render.py", ("svg", size), Runtime.PEERS, timeout_s=PATIENCE_S),
    )
