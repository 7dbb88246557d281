"""Which data goes where, and where personal data crosses a trust boundary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.architecture import Kind
from planroom.diagrams.views._architecture import edge_of, graph_of, lifted_within, node_of, seen
from planroom.diagrams.views.base import ArchitectureView
from planroom.drawing.graph import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.architecture import Boundary, Lifted
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Edge, Graph

__all__ = ["DataFlowView"]

_MOST_DATA = 3


class DataFlowView(ArchitectureView):
    """Containers and people within trust boundaries, and the data between them."""

    summary = "which data goes where, over which trust boundary"

    def graph(self, source: Scope) -> Graph:
        """Return the flows that say what they carry; those with personal data have a shield."""
        system = source.system
        made = {each.parent for each in system.elements.values() if each.is_container}
        parts = {
            each.id for each in system.elements.values() if each.kind is not Kind.COMPONENT and each.id not in made
        }
        kept, shown = seen(source, parts)
        flows = [
            flow
            for flow in lifted_within(source, kept, set(shown))
            if flow.pii or any(one.relation.data for one in flow.flows)
        ]
        near = {end for flow in flows for end in (flow.source, flow.target)}
        order = [each for each in shown if each in near]
        nodes = (replace(node_of(system, system.elements[each]), text="") for each in order)
        return graph_of(source, "data flow", nodes, map(_edge, flows), _frames(source, order))


def _edge(flow: Lifted) -> Edge:
    data = list(map(_short, flow.data))
    more = f", +{len(data) - _MOST_DATA}" if len(data) > _MOST_DATA else ""
    what = ", ".join(data[:_MOST_DATA]) + more
    pii = ", ".join(flow.pii)
    return edge_of(flow, label=what or pii, note=pii if what else flow.protocol)


def _short(data: str) -> str:
    return data.rpartition(":")[2].rpartition(".")[2]


def _frames(scope: Scope, order: Sequence[str]) -> Iterator[Cluster]:
    """Yield the boundaries around the nodes, outer ones before those that they hold."""
    system = scope.system
    within: dict[str, list[str]] = {each.key: [] for each in system.boundaries}
    for node in order:
        for boundary in system.boundaries_of(system.elements[node]):
            within[boundary.key].append(node)
    for boundary in sorted(system.boundaries, key=lambda each: _depth(scope, each)):
        if within[boundary.key]:
            note = "[trust boundary]" if boundary.trust else ""
            parent = f"boundary:{boundary.inside}" if boundary.inside else ""
            name = boundary.name or boundary.key
            members = tuple(within[boundary.key])
            yield Cluster(f"boundary:{boundary.key}", name, members, parent=parent, note=note, kind="boundary")


def _depth(scope: Scope, boundary: Boundary) -> int:
    inside = scope.system.boundaries_by_key.get(boundary.inside)
    return 1 + _depth(scope, inside) if inside else 0
