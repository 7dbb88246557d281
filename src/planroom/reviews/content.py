"""What a review holds, as data; how it looks is told in `page`, `markdown` and `plain`."""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.display import Displayable
from planroom.files import write_form
from planroom.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.comparison import Difference
    from planroom.findings import Finding
    from planroom.linting.reporting import Report
    from planroom.model import Model
    from planroom.notebook.fragments import Fragment
    from planroom.plans.snapshots import Snapshot
    from planroom.workbench.decision_log import Decisions, Touched

__all__ = ["FileChange", "Judged", "PlanChange", "PlanState", "Review", "Since", "counted"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the linter says of one part of a project, and how that differs from before.

    Attributes:
        subject: ``schema``, ``queries`` or ``migrations``.
        source: The path.
        report: Everything that is found.
        new: What was not found at the revision; everything where nothing was there; empty without a revision.
        gone: What was found at the revision, and is no more.
    """

    subject: str
    source: str
    report: Report
    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()


class PlanState(enum.StrEnum):
    """What became of an accepted plan, the worst first."""

    FLIPPED = "flipped"
    REMOVED = "removed"
    ADDED = "added"
    REPRICED = "same plan, other cost"


@dataclass(frozen=True, slots=True)
class PlanChange:
    """An accepted plan that is not what it was."""

    name: str
    file: str
    state: PlanState
    old: Snapshot | None
    new: Snapshot | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that was added, removed or changed."""

    path: str
    state: str
    title: str = ""


@dataclass(frozen=True)
class Since:
    """What changed since a git revision.

    Attributes:
        revision: As the user named it.
        difference: Between the schema then and now; None where there is no schema, or none to compare with.
        plans: Accepted plans that are not what they were.
        touched: Decisions in force that the changes, or new findings, touch.
        records: Decision records that were added, removed or changed.
        notebooks: Notebooks likewise.
        untold: What could not be compared, and why.
    """

    revision: str
    difference: Difference | None = None
    plans: tuple[PlanChange, ...] = ()
    touched: tuple[Touched, ...] = ()
    records: tuple[FileChange, ...] = ()
    notebooks: tuple[FileChange, ...] = ()
    untold: tuple[str, ...] = ()


def counted(number: int, word: str, words: str = "") -> str:
    """Return a number of things: ``1 query``, ``2 queries``."""
    return f"{number} {word if number == 1 else words or f'{word}s'}"


@dataclass(frozen=True, repr=False)
class Review(Displayable):
    """One design review.

    Attributes:
        title: What the project is called.
        chapters: The notebooks, in order.
        model: The design; None where the project has none.
        judged: What the linter says, part by part.
        decisions: The decision log; None where there is none.
        records: The texts of its decisions, by the file of each.
        since: What changed since a revision; None where none was named.
        source: Where the design is.
    """

    title: str
    chapters: tuple[Fragment, ...] = ()
    model: Model | None = None
    judged: tuple[Judged, ...] = ()
    decisions: Decisions | None = None
    records: Mapping[str, Fragment] = field(default_factory=dict)
    since: Since | None = None
    source: str = ""

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that the linter found."""
        return tuple(each for judged in self.judged for each in judged.report.findings)

    @cached_property
    def new(self) -> tuple[Finding, ...]:
        """What the linter found that was not there at the revision."""
        return tuple(each for judged in self.judged for each in judged.new)

    @cached_property
    def gone(self) -> tuple[Finding, ...]:
        """What it found at the revision, and does no more."""
        return tuple(each for judged in self.judged for each in judged.gone)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the runs of the notebooks."""
        return tuple(f"{each.path.as_posix()}: {fault}" for each in self.chapters for fault in each.faults)

    def counts(self, findings: tuple[Finding, ...]) -> str:
        """Return how many findings there are of each severity, in words."""
        numbers = Counter(each.severity for each in findings)
        words = [counted(numbers[severity], str(severity)) for severity in reversed(Severity) if numbers[severity]]
        return ", ".join(words) or "nothing found"

    @property
    def headline(self) -> str:
        """What is reviewed, in a line."""
        parts = [counted(len(self.chapters), "notebook")]
        parts += [f"{self.counts(self.findings)}"] if self.judged else []
        parts += [self.decisions.headline] if self.decisions is not None else []
        return " · ".join(parts)

    def worst(self) -> Severity | None:
        """Return the worst that would hold a change up: of what is new where a revision is named, else of everything.

        A notebook whose run failed counts as an error, a decision whose check is known to be false too.
        """
        from planroom.adr.evidence import State

        found = [each.severity for each in (self.new if self.since else self.findings)]
        if self.since is not None and self.since.difference is not None:
            found += [each.severity for each in self.since.difference.findings]
        false = self.decisions is not None and any(each.state is State.FALSE for each in self.decisions.red)
        found += [Severity.ERROR] if false or any(" failed: " in each for each in self.faults) else []
        flipped = self.since is not None and any(each.state is PlanState.FLIPPED for each in self.since.plans)
        return max((*found, *([Severity.WARNING] if flipped or self.faults else [])), default=None)

    @property
    def html(self) -> str:
        """The review as one page that loads nothing and runs no script."""
        from planroom.reviews.page import page_of

        return page_of(self)

    @property
    def markdown(self) -> str:
        """A summary for a pull request, shorter than GitHub's limit for a comment."""
        from planroom.reviews.markdown import markdown

        return markdown(self)

    def save(self, path: str | Path) -> Path:
        """Write the review as the suffix says, whole or not at all: .html, .md or .json.

        Raises:
            UnknownNameError: The suffix is none of these.
            SourceError: The file cannot be written.
        """
        from planroom.reviews.plain import json_text

        forms: Mapping[str, Callable[[], str]] = {
            ".html": lambda: self.html,
            ".md": lambda: self.markdown,
            ".json": lambda: json_text(self),
        }
        return write_form(path, forms, what="form of a review")

    def __str__(self) -> str:
        from planroom.reviews.words import text

        return text(self)

    def __repr__(self) -> str:
        return f"<Review of {self.title}: {self.headline}>"
