"""ARC002."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule
from planroom.linting.rules.architecture._waiting import circles, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["SynchronousCycle"]


class SynchronousCycle(ArchitectureRule):
    """Containers wait for each other in a circle.

    A request that comes back to where it began ties up the threads of everyone on the way, and neither can be
    started, tested or released without the others.
    """

    code = "ARC002"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Let one of them learn by an event what it asks for now."
    source = "https://learn.microsoft.com/azure/architecture/antipatterns/synchronous-io/"
    bad = (
        'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b"), Relation("b", "a")])',
    )
    good = (
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b"), Relation("b", '
            '"a", sync=False)])'
        ),
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the circles of synchronous relations, each once."""
        for circle in circles(waiting(system)):
            names = " → ".join(system.elements[each].name for each in (*circle, circle[0]))
            yield self.found(system, f"they wait for each other: {names}", circle[0], circle=circle)
