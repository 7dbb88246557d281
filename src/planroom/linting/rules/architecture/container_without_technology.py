"""ARC010."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["ContainerWithoutTechnology"]


class ContainerWithoutTechnology(ArchitectureRule):
    """Nobody says what a container is built with.

    What it runs on decides who can work on it, how it scales and which holes it may have; a picture of containers
    that leaves it out says little more than one of systems.
    """

    code = "ARC010"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    fix = 'Say it: technology="PostgreSQL 18".'
    source = "https://c4model.com/diagrams/notation"
    bad = ('System("S", containers=[Container("a")])',)
    good = ('System("S", containers=[Container("a", technology="Go")])',)

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the containers without a technology."""
        for element in system.elements.values():
            if element.is_container and not element.external and not element.technology:
                yield self.found(system, f"{element.name} has no technology", element.id)
