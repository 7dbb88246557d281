"""ARC003."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind, lift
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["SharedDatabase"]


class SharedDatabase(ArchitectureRule):
    """More than one container writes to a database.

    What they share, none of them can change alone: each release of one has to suit the other, and each can fill the
    disk, the connections and the locks of the other. Who only reads is not counted.
    """

    code = "ARC003"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Give each writer a database of its own, or let one write for the others."
    source = "https://microservices.io/patterns/data/shared-database.html"
    bad = (
        (
            'System("S", containers=[Container("a"), Container("b"), Container("d", kind="database")], '
            'relations=[Relation("a", "d"), Relation("b", "d")])'
        ),
    )
    good = (
        (
            'System("S", containers=[Container("a"), Container("b"), Container("d", kind="database")], '
            'relations=[Relation("a", "d"), Relation("b", "d", read_only=True)])'
        ),
        (
            'System("S", containers=[Container("a", components=[Component("x"), Component("y")]), Container("d", '
            'kind="database")], relations=[Relation("a.x", "d"), Relation("a.y", "d")])'
        ),
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the databases that several containers write to."""
        containers = {each.id for each in system.elements.values() if each.is_container}
        for store in system.elements.values():
            if store.kind is not Kind.DATABASE:
                continue
            into = (flow for flow in system.flows if flow.target.id == store.id and not flow.relation.read_only)
            writers = sorted({lift(system, flow.source, containers) for flow in into} - {""})
            if len(writers) > 1:
                names = ", ".join(system.elements[each].name for each in writers)
                yield self.found(
                    system, f"{len(writers)} containers write to {store.name}: {names}", store.id, writers=writers
                )
