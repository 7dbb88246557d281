"""What a container is made of, and who each part deals with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind
from planroom.diagrams.views._architecture import edge_of, frame_of, graph_of, lifted_within, node_of, reached, seen
from planroom.diagrams.views.base import ArchitectureView
from planroom.errors import ModelError

if TYPE_CHECKING:
    from planroom.architecture import Element, System
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Graph

__all__ = ["ComponentView"]


class ComponentView(ArchitectureView):
    """The component view of C4."""

    summary = "what a container is made of"

    def subjects(self, system: System) -> tuple[str, ...]:
        """Return the keys of the containers that are made of components."""
        homes = {each.parent for each in system.elements.values() if each.kind is Kind.COMPONENT}
        return tuple(each.key for each in system.elements.values() if each.id in homes)

    def graph(self, source: Scope) -> Graph:
        """Return a container's components in its frame within its system's, and what they deal with.

        Raises:
            ModelError: No container has components.
        """
        system = source.system
        home = self._home(source)
        owner = system.elements[home.parent]
        inside = {each.id for each in system.children(home)}
        outer = {each.id for each in system.elements.values() if each.kind is not Kind.COMPONENT}
        outer -= {home.id, owner.id}
        kept, shown = seen(source, inside | outer | {home.id})
        flows = tuple(reached(lifted_within(source, kept, {*shown} | {home.id}), inside | {home.id}))
        whole = any(home.id in (flow.source, flow.target) for flow in flows)
        near = inside & set(shown) | {end for flow in flows for end in (flow.source, flow.target)}
        order = [each for each in system.elements if each in near]
        own = [each for each in order if each in inside or each == home.id]
        siblings = [each for each in order if system.elements[each].parent == owner.id and each not in own]
        frames = [frame_of(owner, [*own, *siblings]), frame_of(home, own, parent=owner.id)]
        caption = f"{home.name} stands within its frame for what is said of the whole." if whole else ""
        nodes = (node_of(system, system.elements[each]) for each in order)
        return graph_of(source, "components", nodes, map(edge_of, flows), frames, title=home.name, caption=caption)

    def _home(self, scope: Scope) -> Element:
        known = self.subjects(scope.system)
        if not (scope.of or known):
            raise ModelError("There is no component to draw.", why="no container has components.")
        return scope.system.element(scope.of or known[0])
