"""What a system is made of, and who each part deals with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind
from planroom.diagrams.views._architecture import edge_of, frame_of, graph_of, lifted_within, node_of, reached, seen
from planroom.diagrams.views.base import ArchitectureView

if TYPE_CHECKING:
    from planroom.architecture import System
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Graph

__all__ = ["ContainerView"]


class ContainerView(ArchitectureView):
    """The container view of C4."""

    summary = "what a system is made of"

    def subjects(self, system: System) -> tuple[str, ...]:
        """Return the keys of the systems that are made of containers."""
        homes = {each.parent for each in system.elements.values() if each.is_container} | {system.own.id}
        found = (each.key for each in system.elements.values() if each.kind is Kind.SYSTEM and each.id in homes)
        return tuple(dict.fromkeys((system.key, *found)))

    def graph(self, source: Scope) -> Graph:
        """Return a system's containers in its frame, and around it the people and systems that they deal with."""
        system = source.system
        home = system.element(source.of) if source.of else system.own
        inside = {each.id for each in system.children(home)}
        outer = {each.id for each in system.elements.values() if each.kind in {Kind.PERSON, Kind.SYSTEM}} - {home.id}
        kept, shown = seen(source, inside | outer)
        flows = tuple(reached(lifted_within(source, kept, set(shown)), inside))
        near = inside & set(shown) | {end for flow in flows for end in (flow.source, flow.target)}
        order = [each for each in shown if each in near]
        frame = frame_of(home, [each for each in order if each in inside])
        nodes = (node_of(system, system.elements[each]) for each in order)
        return graph_of(source, "containers", nodes, map(edge_of, flows), [frame] if frame.nodes else [],
                        title=home.name)  # fmt: skip
