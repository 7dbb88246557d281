"""The outcome of a linting: what was found, in what, and what was let pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from planroom.display import Displayable
from planroom.errors import FormatError
from planroom.files import write_whole
from planroom.findings import Severity
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planroom.findings import Edit, Finding, Location
    from planroom.model import Unread

__all__ = ["MOST_LINES", "Report", "Taken", "headline", "spanned"]


MOST_LINES = 8
"""How many lines of a statement are shown."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a source was taken for, and why."""

    source: str
    subject: str
    why: str


@dataclass(frozen=True, repr=False)
class Report(Displayable):
    """Everything that a linting has to say.

    Attributes:
        findings: Sorted by place.
        taken: What each source was taken for.
        unread: Statements that are not judged, each with its reason; broken ones are findings too.
        allowed: Findings that a comment in the source lets pass, each with the comment's reason in ``facts``.
        known: Findings that the baseline lists.
        stale: Entries of the baseline that nothing matched, as ``code subject``.
        lines: The lines of the sources that findings point at, by source and number.
        sources: The scripts that were judged.
        texts: Their texts, for the edits in them.
    """

    findings: tuple[Finding, ...] = ()
    taken: tuple[Taken, ...] = ()
    unread: tuple[Unread, ...] = ()
    allowed: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    stale: tuple[str, ...] = ()
    lines: Mapping[tuple[str, int], str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)

    def edits_of(self, finding: Finding) -> tuple[Edit, ...]:
        """Return the edits that do what a finding's fix says; none where they are not certain in its text."""
        if finding.fix is None or not finding.fix.edits:
            return ()
        from planroom.linting.statement_parts import placed

        return placed(finding.fix.edits, self.texts)

    @cached_property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        counted = Counter(each.severity for each in self.findings)
        return {severity: counted[severity] for severity in reversed(Severity)}

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings that are as bad as ``severity``, or worse."""
        return tuple(each for each in self.findings if each.severity >= severity)

    def line_of(self, finding: Finding) -> str:
        """Return the line that a finding points at; empty where its source has none."""
        return self.lines.get((finding.location.source, finding.location.line), "")

    def span_of(self, finding: Finding) -> tuple[tuple[str, int, int], ...]:
        """Return the lines that a finding's place spans, at most `MOST_LINES`, each with the columns of its part."""
        return tuple(islice(self._spanned(finding), MOST_LINES))

    def text_of(self, finding: Finding) -> str:
        """Return the lines that a finding's place spans; empty where its source has none."""
        return "\n".join(line for line, _, _ in self._spanned(finding))

    def last_line(self, finding: Finding) -> int:
        """Return the number of the last line that a finding's place spans."""
        return finding.location.line + max(sum(1 for _ in self._spanned(finding)) - 1, 0)

    def _spanned(self, finding: Finding) -> Iterator[tuple[str, int, int]]:
        source = finding.location.source
        return spanned(finding.location, lambda number: self.lines.get((source, number)))

    def end_of(self, finding: Finding) -> int:
        """Return the column behind a finding's place; a place that goes on in later lines ends with its own."""
        place = finding.location
        end = place.column + max(place.length, 1)
        line = self.line_of(finding)
        return max(min(end, len(line) + 1), place.column + 1) if line else end

    @property
    def markdown(self) -> str:
        """The report for a pull request."""
        from planroom.linting.reporting.markdown import markdown

        return markdown(self)

    @property
    def sarif(self) -> str:
        """The report as SARIF 2.1.0, for code scanning."""
        from planroom.linting.reporting.sarif import sarif

        return sarif(self)

    @property
    def github(self) -> str:
        """The report as annotations of GitHub's workflows, a line each."""
        from planroom.linting.reporting.github import workflow_commands

        return workflow_commands(self)

    def save(self, path: str | Path) -> None:
        """Write the report as the suffix says: ``.json``, ``.sarif``, ``.md``, ``.html`` or ``.txt``.

        Raises:
            FormatError: The suffix is another.
        """
        suffix = PurePath(path).suffix.lower()
        if suffix not in _FORMS:
            raise FormatError(
                f"A report cannot be written as {str(path)!r}.",
                why=f"its suffix is none of {', '.join(_FORMS)}.",
                fix="name the file by one of them.",
            )
        write_whole(Path(path), _FORMS[suffix](self))

    def __str__(self) -> str:
        from planroom.linting.reporting.text import text

        return text(self)

    def __repr__(self) -> str:
        return f"<Report: {headline(self)}>"

    def _html(self) -> str:
        from planroom.linting.reporting.html import html

        return html(self)


def spanned(place: Location, line: Callable[[int], str | None]) -> Iterator[tuple[str, int, int]]:
    """Yield the lines that a place spans, each with the first column and the one behind the last.

    Args:
        place: The place.
        line: Returns the line of a number; None where it is not known.
    """
    number, first, left = place.line, max(place.column, 1), max(place.length, 1)
    text = line(number)
    while text is not None and left > 0:
        last = min(first + left, len(text) + 1)
        yield text, first, last
        left -= len(text) + 2 - first  # the end of the line counts too
        number, first = number + 1, 1
        text = line(number)


def headline(report: Report) -> str:
    """Return the one line that answers whether anything is wrong.

    Example:
        >>> headline(Report())
        'nothing found'
    """
    parts = [f"{number} {severity}{'s' * (number != 1)}" for severity, number in report.counts.items() if number]
    found = ", ".join(parts) or "nothing found"
    passed = len(report.allowed) + len(report.known)
    return found + (f" · {passed} let pass" if passed else "")


def _json(report: Report) -> str:
    from planroom.linting.reporting.plain import json_text

    return json_text(report)


def _page(report: Report) -> str:
    from planroom.linting.reporting.html import page_of

    return page_of(report)


_FORMS: Mapping[str, Callable[[Report], str]] = {
    ".json": _json,
    ".sarif": lambda report: report.sarif,
    ".md": lambda report: report.markdown,
    ".html": _page,
    ".txt": lambda report: f"{report}\n",
}
