"""ARC011."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.diagrams import graphs_of
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["ElementInNoView"]


class ElementInNoView(ArchitectureRule):
    """An element is in none of the views that are kept.

    Who reads the views never learns that it is there. Where a system keeps no views of its own, all that can be
    drawn count; a frame around its parts shows an element too.
    """

    code = "ARC011"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Add it to a view, or remove it."
    source = "https://docs.structurizr.com/cli/inspect"
    bad = (
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b")], '
            'views=[Picture("left", "container", include=named("a"))])'
        ),
    )
    good = (
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b")], '
            'views=[Picture("all", "container")])'
        ),
        'System("S", containers=[Container("a"), Container("b")])',
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the elements that no view shows."""
        seen: set[str] = set()
        for _, graph in graphs_of(system):
            seen |= {node.id.rpartition("/")[2] for node in graph.nodes} | {frame.id for frame in graph.clusters}
        for element in system.elements.values():
            if element.id not in seen and element.id != system.own.id:
                yield self.found(system, f"no view shows {element.name}", element.id)
