"""A check of plans as text, Markdown, HTML and plain data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planroom.display import card, details, escape, html_table, on_one_line, preformatted, text_table
from planroom.markup import code, prose, table
from planroom.plans.checking import CheckedQuery, PlanCheck, Standing
from planroom.plans.comparing.markdown import diff_fence
from planroom.plans.comparing.measures import Trend
from planroom.plans.comparing.text import tree_lines
from planroom.plans.shapes import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.comparing.comparison import PlanComparison

__all__ = ["SCHEMA", "html", "json_text", "markdown", "plain", "text"]

SCHEMA = "planroom.plan-check/1"
"""The form's name and version; within a version, fields are only added."""

_HEADER = ("", "query", "plan", "cost", "since it was accepted", "where")
_LIMIT = 60_000  # of 65,536 characters that GitHub takes in a comment


def _told(check: PlanCheck) -> list[CheckedQuery]:
    return [each for each in check.queries if each.standing is not Standing.SAME]


def _row(each: CheckedQuery) -> tuple[str, ...]:
    severity = each.standing.severity
    cost = each.cost
    told = f"{cost.shown(cost.old)} → {cost.shown(cost.new)}" if cost and cost.old != cost.new else ""
    return (
        severity.glyph if severity else "✓",
        each.name,
        str(each.standing),
        told if cost and cost.trend is not Trend.UNKNOWN else "",
        "; ".join(each.reasons),
        str(each.location),
    )


def text(check: PlanCheck) -> str:
    """Return the verdict, a line for each query that is not as it was, and the difference of each plan that flipped."""
    blocks = [on_one_line(f"plans: {check.verdict}")]
    if rows := [_row(each) for each in _told(check)]:
        blocks.append(text_table((), rows))
    blocks += ["\n".join(_flip(each)) for each in check.queries if each.standing is Standing.FLIPPED]
    return "\n\n".join(blocks)


def _flip(each: CheckedQuery) -> Iterator[str]:
    comparison = each.comparison
    if comparison is None:
        return
    yield on_one_line(f"== {each.name}: {comparison.verdict}")
    for reason in each.reasons:
        yield on_one_line(f"since: {reason}")
    for sentence in comparison.sentences:
        yield on_one_line(f"- {sentence}")
    yield ""
    yield from tree_lines(comparison.merged)


def markdown(check: PlanCheck) -> str:
    """Return the check for a pull request, never longer than is allowed."""
    rows = [
        (row[0], code(row[1]), *map(prose, row[2:5]), code(row[5]) if row[5] else "") for row in map(_row, _told(check))
    ]
    parts = [f"**planroom plan check**: {prose(check.verdict)}", *([table(_HEADER, rows)] if rows else [])]
    room = _LIMIT - sum(map(len, parts))
    for each in check.queries:
        if each.standing is Standing.FLIPPED and each.comparison:
            part = _flip_in_markdown(each, each.comparison)
            room -= len(part)
            if room < 0:
                parts.append("... and more: `--format text` shows all of it.")
                break
            parts.append(part)
    return "\n\n".join(parts) + "\n"


def _flip_in_markdown(each: CheckedQuery, comparison: PlanComparison) -> str:
    sentences = "\n".join(f"- {prose(told)}" for told in (*each.reasons, *comparison.sentences))
    title = f"#### {prose(each.name)}: {prose(comparison.verdict)}"
    return "\n\n".join(part for part in (title, sentences, diff_fence(comparison.merged)) if part)


def html(check: PlanCheck) -> str:
    """Return the check as a card."""
    rows = list(map(_row, _told(check)))
    parts = [html_table(_HEADER, rows)] if rows else []
    for each in check.queries:
        if each.standing is Standing.FLIPPED and each.comparison:
            reasons = "".join(f"<li>{escape(reason)}</li>" for reason in each.reasons)
            first = each is check.queries[0]
            parts.append(details(each.name, f"<ul>{reasons}</ul>{each.comparison.html}", opened=first))
    same = [each.name for each in check.queries if each.standing is Standing.SAME]
    parts += [details(f"{len(same)} as accepted", preformatted("\n".join(map(on_one_line, same))))] if same else []
    return card(f"plans: {check.verdict}", *parts)


def plain(check: PlanCheck) -> dict[str, Any]:
    """Return the check as dictionaries, lists, texts and numbers."""
    return {
        "verdict": check.verdict,
        "failed": check.failed,
        "snapshots": check.source,
        "queries": [_query(each) for each in check.queries],
    }


def _query(each: CheckedQuery) -> dict[str, Any]:
    comparison = each.comparison if each.standing is Standing.FLIPPED else None
    place, cost = each.location, each.cost
    return {
        "name": each.name,
        "standing": str(each.standing),
        "severity": str(each.standing.severity) if each.standing.severity else "",
        "reasons": list(each.reasons),
        "cost": {"accepted": cost.old, "now": cost.new} if cost else None,
        "sentences": list(comparison.sentences) if comparison else [],
        "tree": list(tree_lines(comparison.merged)) if comparison else [],
        "shape": fingerprint(each.current.plan) if each.current and each.current.plan else "",
        "file": place.source,
        "line": place.line,
        "column": place.column,
    }


def json_text(check: PlanCheck) -> str:
    """Return the check as one JSON object in ASCII that ends with a newline."""
    return json.dumps({"schema": SCHEMA, **plain(check)}, indent=2) + "\n"
