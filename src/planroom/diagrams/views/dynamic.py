"""A scenario: who says what to whom, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.diagrams.views._architecture import graph_of, node_of
from planroom.diagrams.views.base import ArchitectureView
from planroom.drawing.graph import Edge, End, LineStyle, Notation
from planroom.errors import ModelError, UnknownNameError

if TYPE_CHECKING:
    from planroom.architecture import Scenario, Step, System
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Graph

__all__ = ["DynamicView"]


class DynamicView(ArchitectureView):
    """The dynamic view of C4, drawn as a collaboration or as a sequence."""

    summary = "a scenario, step by step; as a collaboration, or with sequence as a sequence"

    def subjects(self, system: System) -> tuple[str, ...]:
        """Return the keys of the scenarios."""
        return tuple(each.key for each in system.scenarios)

    def graph(self, source: Scope) -> Graph:
        """Return the elements of a scenario in the order of their first step, and the steps, numbered.

        Raises:
            ModelError: There are no scenarios.
            UnknownNameError: None is called so.
        """
        system, scenario = source.system, self._scenario(source)
        ends = dict.fromkeys(system.element(key).id for step in scenario.steps for key in (step.source, step.target))
        nodes = [node_of(system, system.elements[each]) for each in ends]
        if source.sequence:  # many stand side by side: only what tells them apart
            nodes = [replace(node, subtitle=system.elements[node.id].kind, text="", icon="") for node in nodes]
        edges = (_edge(system, step, at) for at, step in enumerate(scenario.steps, 1))
        notation = Notation.SEQUENCE if source.sequence else Notation.BOXES
        name = scenario.name or scenario.key
        return graph_of(source, name[:1].lower() + name[1:], nodes, edges, notation=notation)

    def _scenario(self, scope: Scope) -> Scenario:
        known = {name: each for each in scope.system.scenarios for name in (each.key, each.name)}
        if not known:
            raise ModelError("There is no scenario to draw.", why="the system has none.")
        wanted = scope.of.removeprefix("scenario:") or scope.system.scenarios[0].key
        if wanted not in known:
            raise UnknownNameError.of("scenario", wanted, self.subjects(scope.system))
        return known[wanted]


def _edge(system: System, step: Step, number: int) -> Edge:
    source, target = system.element(step.source), system.element(step.target)
    ends = {(flow.source.id, flow.target.id): flow.relation.sync for flow in system.flows}
    sync = ends.get((source.id, target.id), True) and not step.reply
    return Edge(
        source.id,
        target.id,
        head_end=End.ARROW,
        label=f"{number}. {step.what}",
        style=LineStyle.SOLID if sync else LineStyle.DASHED,
        meaning="waits for the answer" if sync else "does not wait, or answers",
    )
