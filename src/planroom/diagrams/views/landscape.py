"""All people and systems, and how they depend on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind
from planroom.diagrams.views._architecture import edge_of, graph_of, lifted_within, node_of, seen
from planroom.diagrams.views.base import ArchitectureView

if TYPE_CHECKING:
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Graph

__all__ = ["LandscapeView"]


class LandscapeView(ArchitectureView):
    """The system landscape of C4."""

    summary = "all people and systems"

    def graph(self, source: Scope) -> Graph:
        """Return people and systems; what their parts say to each other is said by them."""
        system = source.system
        outer = {each.id for each in system.elements.values() if each.kind in {Kind.PERSON, Kind.SYSTEM}}
        kept, shown = seen(source, outer)
        flows = lifted_within(source, kept, set(shown))
        nodes = (node_of(system, system.elements[each]) for each in shown)
        return graph_of(source, "landscape", nodes, map(edge_of, flows))
