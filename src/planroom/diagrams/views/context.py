"""One system as a black box, and who it deals with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.architecture import Kind
from planroom.diagrams.views._architecture import edge_of, graph_of, lifted_within, node_of, reached, seen
from planroom.diagrams.views.base import ArchitectureView

if TYPE_CHECKING:
    from planroom.architecture import System
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Graph

__all__ = ["ContextView"]


class ContextView(ArchitectureView):
    """The system context of C4."""

    summary = "one system, and who it deals with"

    def subjects(self, system: System) -> tuple[str, ...]:
        """Return the keys of the systems that are not somebody else's, this one first."""
        others = (each.key for each in system.elements.values() if each.kind is Kind.SYSTEM and not each.external)
        return tuple(dict.fromkeys((system.key, *others)))

    def graph(self, source: Scope) -> Graph:
        """Return a system, and the people and systems with a relation to it."""
        system = source.system
        centre = system.element(source.of) if source.of else system.own
        outer = {each.id for each in system.elements.values() if each.kind in {Kind.PERSON, Kind.SYSTEM}}
        kept, shown = seen(source, outer)
        flows = tuple(reached(lifted_within(source, kept, set(shown)), {centre.id}))
        near = {centre.id, *(end for flow in flows for end in (flow.source, flow.target))}
        nodes = (replace(node_of(system, system.elements[each]), strong=each == centre.id)
                 for each in system.elements if each in near)  # fmt: skip
        return graph_of(source, "system context", nodes, map(edge_of, flows), title=centre.name)
