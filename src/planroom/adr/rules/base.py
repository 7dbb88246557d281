"""What a rule about a decision log declares, and what it looks at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Finding, Location, Rule, Severity
from planroom.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.adr.log import DecisionLog
    from planroom.adr.record import Record
    from planroom.model import Model

__all__ = ["RECORD_RULES", "RecordRule", "Surroundings", "lint_log", "record"]


def record(status: str, *front: str, body: str = "") -> str:
    """Return a small record for the example of a rule: its status, more lines of front matter, and more sections."""
    head = "\n".join(["---", f"status: {status}", "date: 2026-01-01", *front, "---"])
    return f"{head}\n\n# A\n\n## Context and Problem Statement\n\nWhy.\n\n{body}\n"


@dataclass(frozen=True)
class Surroundings:
    """A log, and what is around it as far as it is known.

    Attributes:
        log: The records.
        model: The design that decisions are about.
        rows: Rows by table id, beside what annotations say.
        today: The date by which what has to be revisited is due; empty to leave dates alone.
        names: What selectors other than those of the model name: ``container:billing`` ...; None where nobody said.
    """

    log: DecisionLog
    model: Model | None = None
    rows: Mapping[str, float] = field(default_factory=dict)
    today: str = ""
    names: frozenset[str] | None = None


class RecordRule(Rule, ABC):
    """A rule about a log; its examples are logs.

    Attributes:
        bad: Logs, as texts by file name, in which it finds something.
        good: Logs in which it finds nothing.
        ddl: The design that the examples are about.
        today: The date on which they are judged.
    """

    bad: ClassVar[tuple[Mapping[str, str], ...]]
    good: ClassVar[tuple[Mapping[str, str], ...]]
    ddl: ClassVar[str] = ""
    today: ClassVar[str] = ""

    @abstractmethod
    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield what is wrong with a log."""

    def of(
        self, about: Record, message: str, *, start: int = -1, severity: Severity | None = None, **facts: object
    ) -> Finding:
        """Return a finding about a record, at a place in it; the first line where there is none."""
        before = about.text[: max(start, 0)]
        place = Location(about.source, before.count("\n") + 1, len(before) - before.rfind("\n") if start >= 0 else 1)
        found = self.finding(message, subject=about.id, location=place, **facts)
        return found if severity is None else replace(found, severity=severity)


RECORD_RULES: Registry[RecordRule] = Registry(
    "rule",
    "planroom.adr.rules",
    RecordRule,  # type: ignore[type-abstract]
    listing="planroom rules",
)


def lint_log(around: Surroundings) -> tuple[Finding, ...]:
    """Return what the rules find in a log, by place; nothing that a record names is run."""
    found = [finding for rule in RECORD_RULES for finding in rule.check(around)]
    return tuple(sorted(found, key=lambda each: (each.location, each.code, each.message)))
