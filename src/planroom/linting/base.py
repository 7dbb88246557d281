"""What every rule of the linter declares beside what any rule does: examples, which are its tests, and its proof."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import DocumentedRule, Finding
from planroom.values import dataclass

if TYPE_CHECKING:
    from planroom.model import Unread

__all__ = ["Judged", "LintRule", "Subject"]


class Subject(enum.StrEnum):
    """What is judged: a design as a whole, the steps that change one, the queries that use one, or a system."""

    SCHEMA = "schema"
    MIGRATIONS = "migrations"
    QUERIES = "queries"
    ARCHITECTURE = "architecture"


class LintRule(DocumentedRule):
    """A rule of the linter.

    Attributes:
        subject: What it judges.
        before: DDL of the tables that the examples stand on, for rules about migrations and queries.
        bad: Scripts in which the rule finds something, each of them; of rules about systems, Python expressions.
        good: Scripts in which it finds nothing, though they look like it.
    """

    subject: ClassVar[Subject]
    bad: ClassVar[tuple[str, ...]] = ()
    good: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of judging one design, or some scripts.

    Attributes:
        findings: In the order of their places.
        unread: The statements that could not be judged, each with its place and reason.
    """

    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
