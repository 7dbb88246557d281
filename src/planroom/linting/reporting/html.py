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
    from collections.abc import Iterator, Sequence

    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["html", "page_of"]

_MOST_RULES = 12
_MOST_OF_A_RULE = 20
_AROUND = 70  # characters of the line to each side of the place
_COLOURS = {
    Severity.ERROR: "var(--jp-error-color1, #cf222e)",
    Severity.WARNING: "var(--jp-warn-color1, #9a6700)",
    Severity.NOTE: "var(--jp-info-color1, #0969da)",
}


def html(report: Report) -> str:
    """Return the card: the worst rules first, notes and what does not fit a screen folded, then what was judged."""
    ordered = sorted(report.findings, key=lambda each: (-each.severity, each.code, each.location, each.subject))
    groups = [(key[0], list(found)) for key, found in groupby(ordered, lambda each: (each.severity, each.code))]
    worst = groups[0][0] if groups else Severity.NOTE
    seen = [found for severity, found in groups if severity > Severity.NOTE or severity is worst]
    notes = [found for severity, found in groups if severity is Severity.NOTE] if worst > Severity.NOTE else []
    parts = [_rule(report, found) for found in seen[:_MOST_RULES]]
    for title, folded in ((_of_rules(seen[_MOST_RULES:]), seen[_MOST_RULES:]), (_of_notes(notes), notes)):
        parts += [details(title, "".join(_rule(report, found) for found in folded))] if folded else []
    if report.allowed:
        rows = [(each.code, str(each.location), each.facts.get("because", "")) for each in report.allowed]
        parts.append(details(f"{len(rows)} let pass by a comment", html_table(("rule", "where", "because"), rows)))
    taken = [(each.source, each.subject, each.why) for each in report.taken]
    parts.append(details("What was judged", html_table(("source", "taken as", "why"), taken)) if taken else "")
    return card(f"Lint: {headline(report)}", *parts)


def _of_rules(groups: Sequence[Sequence[Finding]]) -> str:
    found = sum(map(len, groups))
    return f"{found} more finding{'s' * (found != 1)} of {len(groups)} rule{'s' * (len(groups) != 1)}"


def _of_notes(groups: Sequence[Sequence[Finding]]) -> str:
    found = sum(map(len, groups))
    return f"{found} note{'s' * (found != 1)}"


def page_of(report: Report) -> str:
    """Return the report as a page of its own."""
    return page("Lint", html(report))


def _rule(report: Report, findings: Sequence[Finding]) -> str:
    first = findings[0]
    glyph = f'<span style="color:{_COLOURS[first.severity]}">{first.severity.glyph}</span>'
    title = f"{glyph} <b>{first.severity} {escape(first.code)}</b> {escape(first.slug.replace('-', ' '))}"
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
    where = f'<span style="color:{SECONDARY_INK};font-size:11px;overflow-wrap:anywhere">{escape(place)}</span>'
    return f'<div style="padding:4px 0 0 16px">{escape(finding.message)} {where}{_source(report, finding)}</div>'


def _source(report: Report, finding: Finding) -> str:
    """Return the lines of source around the place, which is marked by a line below it and by weight."""
    span = report.span_of(finding)
    if not any(line.strip() for line, _, _ in span):
        return ""
    mark = f"font-weight:600;text-decoration:underline {_COLOURS[finding.severity]};text-underline-offset:3px"
    shown = [_line(line, first, last, mark) for line, first, last in span]
    left_out = report.last_line(finding) - finding.location.line + 1 - len(span)
    more = "\n…" if left_out > 0 else ""
    style = f"display:block;white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px;color:{INK}"
    return f'<code style="{style};background:transparent;padding:2px 0">{chr(10).join(shown)}{more}</code>'


def _line(line: str, first: int, last: int, mark: str) -> str:
    line = line.removesuffix("\r")
    start = min(first - 1, len(line))
    end = min(max(last - 1, start), start + 2 * _AROUND)
    indented = len(line) - len(line.lstrip())
    if first <= indented < end:  # blanks are not marked
        start = indented
    before, inside, after = line[max(0, start - _AROUND) : start], line[start:end], line[end : end + _AROUND]
    cut = "…" if start > _AROUND else ""
    more = "…" if end + _AROUND < len(line) else ""
    return f'{cut}{escape(before)}<span style="{mark}">{escape(inside)}</span>{escape(after)}{more}'
