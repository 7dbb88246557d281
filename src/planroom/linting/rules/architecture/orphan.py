"""ARC001."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["Orphan"]


class Orphan(ArchitectureRule):
    """Nothing leads to an element, and nothing from it.

    What nobody uses and what uses nobody is either dead, or its relations were forgotten; in both cases the picture
    is wrong. What an element is made of counts as itself.
    """

    code = "ARC001"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Draw its relations, or remove it."
    source = "https://c4model.com/abstractions/container"
    bad = ('System("S", containers=[Container("a"), Container("b"), Container("c")], relations=[Relation("a", "b")])',)
    good = (
        'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b")])',
        (
            'System("S", containers=[Container("a", components=[Component("x")]), Container("b")], '
            'relations=[Relation("a.x", "b")])'
        ),
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the people, other systems and containers that no relation touches."""
        touched = {
            each.id for flow in system.flows for end in (flow.source, flow.target) for each in system.line_of(end)
        }
        for element in system.elements.values():
            if element.kind is Kind.COMPONENT or element.id in touched:
                continue
            if element.id != system.own.id and not touched & {each.id for each in system.children(element)}:
                yield self.found(system, f"nothing leads to {element.name} or from it", element.id)
