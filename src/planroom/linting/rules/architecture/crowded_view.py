"""ARC012."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.diagrams import graphs_of
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["CrowdedView"]

MOST_ELEMENTS = 25


class CrowdedView(ArchitectureRule):
    """A view shows more than 25 elements.

    Nobody takes in more at once: a picture that shows everything explains nothing. Counted are the boxes of each
    view that is kept, or of all that can be drawn.
    """

    code = "ARC012"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = 'Draw several views, each of a part: include=owner("team-...").'
    source = "https://docs.structurizr.com/cli/inspect"
    bad = ('System("S", containers=[Container(f"c{n}") for n in range(26)], views=[Picture("all", "container")])',)
    good = ('System("S", containers=[Container(f"c{n}") for n in range(25)], views=[Picture("all", "container")])',)

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the views with too many elements."""
        for picture, graph in graphs_of(system):
            if len(graph.nodes) > MOST_ELEMENTS:
                message = f"the view {picture.key!r} shows {len(graph.nodes)} elements"
                yield self.found(system, message, f"view:{picture.key}", elements=len(graph.nodes))
