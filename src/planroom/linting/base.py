"""What every rule of the linter declares beside what any rule does: examples, which are its tests, and its proof."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Finding, Rule

if TYPE_CHECKING:
    from planroom.model import Unread

__all__ = ["Judged", "LintRule", "Subject"]


class Subject(enum.StrEnum):
    """What is judged: a design as a whole, the steps that change one, the queries that use one, or a system."""

    SCHEMA = "schema"
    MIGRATIONS = "migrations"
    QUERIES = "queries"
    ARCHITECTURE = "architecture"


class LintRule(Rule):
    """A rule of the linter.

    The first line of the docstring says what is wrong with what it finds; the rest is its page.

    Attributes:
        subject: What it judges.
        before: DDL of the tables that the examples stand on, for rules about migrations and queries.
        bad: Scripts in which the rule finds something, each of them; of rules about systems, Python expressions.
        good: Scripts in which it finds nothing, though they look like it.
        unproven: Why no experiment on a server stands behind it; empty where one does.
    """

    subject: ClassVar[Subject]
    before: ClassVar[str] = ""
    bad: ClassVar[tuple[str, ...]] = ()
    good: ClassVar[tuple[str, ...]] = ()
    unproven: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of judging one design, or some scripts.

    Attributes:
        findings: In the order of their places.
        unread: The statements that could not be judged, each with its place and reason.
    """

    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
