"""A report as text: a line for each finding that greps and that editors jump from, then why and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import on_one_line
from planroom.linting.reporting.report import headline
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["text"]

_FEW = 3
_MOST_SHOWN = 120  # characters of a line of the source


def text(report: Report) -> str:
    """Return the findings, what each source was taken for, and the count."""
    lines = [line for finding in report.findings for line in _finding(report, finding)]
    lines += _taken(report)
    lines += [f"the baseline lists what is gone: {each}" for each in report.stale]
    return "\n".join([*map(on_one_line, lines), headline(report)])


def _taken(report: Report) -> Iterator[str]:
    """Yield what the sources were taken for; many that are alike in one line."""
    alike: dict[tuple[str, str], list[str]] = {}
    for each in report.taken:
        alike.setdefault((each.subject, each.why), []).append(each.source)
    for (subject, why), sources in alike.items():
        few = len(sources) <= _FEW
        for source in sources if few else sources[:1]:
            more = "" if few else f" and {format_count(len(sources) - 1)} more"
            yield f"{source}{more}: taken as {subject}: {why}"


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    yield str(finding)
    shown = report.line_of(finding)
    if shown:
        yield from _marked(shown, finding.location.column, finding.location.length)
    if finding.why:
        yield f"    why: {finding.why}"
    if finding.fix:
        yield f"    fix: {finding.fix.text}"


def _marked(line: str, column: int, length: int) -> Iterator[str]:
    """Yield a line of the source, cut around the place, and a mark below the place."""
    start = max(column - 1, 0)
    first = max(0, min(start - _MOST_SHOWN // 3, len(line) - _MOST_SHOWN))
    shown = line[first : first + _MOST_SHOWN].rstrip()
    clean = on_one_line(shown)
    if not clean.strip():
        return
    yield f"    | {clean}"
    if clean == shown and start - first < len(shown):
        width = max(1, min(length or 1, len(shown) - (start - first)))
        yield f"    | {' ' * (start - first)}{'^' * width}"
