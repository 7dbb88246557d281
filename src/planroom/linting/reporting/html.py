"""A report as a card: findings by rule, each with its line of source and the place marked."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from planroom.display import (
    HAIRLINE,
    INK,
    SECONDARY_INK,
    caption_line,
    card,
    details,
    escape,
    html_table,
    page,
)
from planroom.findings import Severity
from planroom.linting.reporting.report import headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["html", "page_of"]

_MOST_OF_A_RULE = 20
_AROUND = 70  # characters of the line to each side of the place
_COLOURS = {
    Severity.ERROR: "var(--jp-error-color1, #cf222e)",
    Severity.WARNING: "var(--jp-warn-color1, #9a6700)",
    Severity.NOTE: SECONDARY_INK,
}


def html(report: Report) -> str:
    """Return the card: the worst rules first, then what each source was taken for."""
    ordered = sorted(report.findings, key=lambda each: (-each.severity, each.code, each.location, each.subject))
    parts = [
        _rule(report, code, list(findings))
        for code, findings in groupby(ordered, lambda each: (each.severity, each.code))
    ]
    if report.allowed:
        rows = [(each.code, str(each.location), each.facts.get("because", "")) for each in report.allowed]
        parts.append(details(f"{len(rows)} let pass by a comment", html_table(("rule", "where", "because"), rows)))
    taken = [(each.source, each.subject, each.why) for each in report.taken]
    parts.append(details("What was judged", html_table(("source", "taken as", "why"), taken)) if taken else "")
    return card(f"Lint: {headline(report)}", *parts)


def page_of(report: Report) -> str:
    """Return the report as a page of its own."""
    return page("Lint", html(report))


def _rule(report: Report, key: tuple[Severity, str], findings: list[Finding]) -> str:
    severity, code = key
    first = findings[0]
    mark = f'<span style="color:{_COLOURS[severity]};font-weight:600">{severity.glyph} {severity}</span>'
    title = f"{mark} <b>{escape(code)}</b> {escape(first.slug.replace('-', ' '))}"
    more = len(findings) - _MOST_OF_A_RULE
    told = "".join(_finding(report, each) for each in findings[:_MOST_OF_A_RULE])
    rest = caption_line("div", f"... and {more} more of this rule") if more > 0 else ""
    advice = "".join(_advice(first))
    style = f"border-top:1px solid {HAIRLINE};padding:6px 0 8px 0"
    return f'<div style="{style}"><div>{title}</div>{advice}{told}{rest}</div>'


def _advice(finding: Finding) -> Iterator[str]:
    for word, text in (("", finding.why), ("fix: ", finding.fix.text if finding.fix else "")):
        if text:
            yield f'<div style="color:{SECONDARY_INK};font-size:12px">{word}{escape(text)}</div>'


def _finding(report: Report, finding: Finding) -> str:
    place = str(finding.location) or finding.subject
    where = f'<span style="color:{SECONDARY_INK};font-size:11px">{escape(place)}</span>'
    line = report.line_of(finding)
    shown = _source(line, finding) if line.strip() else ""
    return f'<div style="padding:4px 0 0 16px">{escape(finding.message)} {where}{shown}</div>'


def _source(line: str, finding: Finding) -> str:
    """Return the line of source around the place, which is marked by a line below it and by weight."""
    start = min(max(finding.location.column - 1, 0), len(line))
    end = min(start + max(finding.location.length, 1), len(line), start + 2 * _AROUND)
    before, inside, after = line[max(0, start - _AROUND) : start], line[start:end], line[end : end + _AROUND]
    cut = "…" if start > _AROUND else ""
    more = "…" if end + _AROUND < len(line) else ""
    before = before.lstrip() if not cut else before
    marked = (
        f'<span style="font-weight:600;text-decoration:underline;text-decoration-color:{_COLOURS[finding.severity]};'
        f'text-underline-offset:3px">{escape(inside)}</span>'
    )
    style = f"white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px;color:{INK}"
    return (
        f'<div style="padding:2px 0"><code style="{style};background:transparent">'
        f"{cut}{escape(before)}{marked}{escape(after)}{more}</code></div>"
    )
