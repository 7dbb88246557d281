"""Judging a system: what it is made of, and what is said between the parts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.findings import Location
from planroom.linting.base import Judged, LintRule, Subject
from planroom.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planroom.architecture import System
    from planroom.findings import Finding, Severity

__all__ = ["ARCHITECTURE_RULES", "ArchitectureRule", "lint_architecture"]


class ArchitectureRule(LintRule, ABC):
    """A rule about a system; its examples are Python expressions that make one.

    Attributes:
        before: DDL of the design that the examples' systems have, where the rule goes by that.
        notes: Annotations of that design, by selector.
    """

    subject: ClassVar[Subject] = Subject.ARCHITECTURE
    unproven: ClassVar[str] = "architecture is a matter of design, which no server judges"
    notes: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @abstractmethod
    def check(self, system: System) -> Iterator[Finding]:
        """Yield what is wrong."""

    def found(
        self, system: System, message: str, subject: str, *, severity: Severity | None = None, **facts: object
    ) -> Finding:
        """Return a finding about an element, a relation or a view, in the file that defines the system.

        Args:
            system: What is judged.
            message: What is wrong, with the user's names.
            subject: The id of what it is about.
            severity: How bad it is here, where that is not the rule's own.
            facts: What it rests on, for machines.
        """
        finding = self.finding(message, subject=subject, location=Location(system.source), **facts)
        return finding if severity is None else replace(finding, severity=severity)


ARCHITECTURE_RULES: Registry[ArchitectureRule] = Registry(
    "rule",
    "planroom.linting.rules.architecture",
    ArchitectureRule,  # type: ignore[type-abstract]
    listing="planroom rules",
)


def lint_architecture(system: System, *, rules: Iterable[ArchitectureRule] | None = None) -> Judged:
    """Return what the rules find in a system, sorted by code and subject.

    Args:
        system: The system.
        rules: Which rules to apply; all by default.
    """
    asked = ARCHITECTURE_RULES if rules is None else rules
    found = [finding for rule in asked for finding in rule.check(system)]
    return Judged(tuple(sorted(found, key=lambda each: (each.code, each.subject, each.message))))
