"""ARC009."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["ContainerWithoutOwner"]


class ContainerWithoutOwner(ArchitectureRule):
    """Nobody answers for a container.

    When it fails at night, or a library in it has a hole, somebody has to be found first. Containers of external
    systems are not asked.
    """

    code = "ARC009"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = 'Name the team: owner="team-...".'
    source = "https://backstage.io/docs/features/software-catalog/descriptor-format/"
    bad = ('System("S", containers=[Container("a")])',)
    good = ('System("S", containers=[Container("a", owner="team-a")])',)

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the containers without an owner."""
        for element in system.elements.values():
            if element.is_container and not element.external and not element.owner:
                yield self.found(system, f"{element.name} has no owner", element.id)
