"""What runs where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.architecture import lifted_flows
from planroom.diagrams.views._architecture import edge_of, graph_of, node_of, seen
from planroom.diagrams.views.base import ArchitectureView
from planroom.drawing.graph import Cluster
from planroom.errors import ModelError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.architecture import DeploymentNode, System
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Edge, Graph, Node

__all__ = ["DeploymentView"]


class DeploymentView(ArchitectureView):
    """The deployment view of C4, of one environment."""

    summary = "what runs where"

    def subjects(self, system: System) -> tuple[str, ...]:
        """Return the environments."""
        return tuple(dict.fromkeys(node.environment for node in system.deployment))

    def graph(self, source: Scope) -> Graph:
        """Return the deployment nodes as nested frames, the containers that run there, and what these say.

        Raises:
            ModelError: Nothing is deployed.
            UnknownNameError: There is no such environment.
        """
        known = self.subjects(source.system)
        if not known:
            raise ModelError("There is no deployment to draw.", why="the system has no deployment nodes.")
        environment = source.of or known[0]
        if environment not in known:
            raise UnknownNameError.of("environment", environment, known)
        roots = [node for node in source.system.deployment if node.environment == environment]
        return _Deployed(source, roots).graph(environment)


class _Deployed:
    def __init__(self, scope: Scope, roots: Sequence[DeploymentNode]) -> None:
        self.scope, self.system = scope, scope.system
        _, shown = seen(scope, {each.id for each in self.system.elements.values() if each.is_container})
        self.shown = frozenset(shown)
        self.nodes: list[Node] = []
        self.clusters: list[Cluster] = []
        for root in roots:
            self._enter(root, "")

    def _enter(self, node: DeploymentNode, parent: str) -> list[str]:
        at, me = len(self.clusters), f"node:{node.key}"
        inside = [self._instance(key, me) for key in node.runs if self.system.element(key).id in self.shown]
        for inner in node.nodes:
            inside += self._enter(inner, me)
        if inside:
            times = f" × {node.instances}" if node.instances > 1 else ""
            name = node.name or node.key
            note = f"[{node.technology}]" if node.technology else ""
            self.clusters.insert(
                at, Cluster(me, f"{name}{times}", tuple(inside), parent=parent, note=note, kind="node")
            )
        return inside

    def _instance(self, key: str, home: str) -> str:
        element = self.system.element(key)
        instance = f"{home}/{element.id}"
        self.nodes.append(replace(node_of(self.system, element), id=instance, text=""))
        return instance

    def _edges(self) -> Iterator[Edge]:
        instances: dict[str, list[str]] = {}
        for node in self.nodes:
            instances.setdefault(node.id.partition("/")[2], []).append(node.id)
        for flow in lifted_flows(self.system, self.system.flows, instances.keys()):
            for tail in instances[flow.source]:
                for head in instances[flow.target]:
                    yield replace(edge_of(flow, label=""), tail=tail, head=head)

    def graph(self, environment: str) -> Graph:
        return graph_of(self.scope, f"deployment, {environment}", self.nodes, self._edges(), self.clusters)
