"""A report as plain data: the JSON of ``planroom lint --format json``."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["SCHEMA", "json_text", "plain", "plain_finding"]

SCHEMA = "planroom.lint/1"


def plain(report: Report) -> dict[str, object]:
    """Return a report as data; statements themselves are left out, for they may hold rows."""
    return {
        "findings": [{**plain_finding(each), "edits": _edits(report, each)} for each in report.findings],
        "taken": [{"source": each.source, "as": each.subject, "why": each.why} for each in report.taken],
        "unread": [
            {
                "kind": each.kind, "what": each.what, "reason": each.reason,
                "file": each.location.source, "line": each.location.line, "column": each.location.column,
            }
            for each in report.unread
        ],
        "allowed": [plain_finding(each) for each in report.allowed],
        "known": len(report.known),
        "stale": list(report.stale),
        "counts": {str(severity): number for severity, number in report.counts.items()},
    }  # fmt: skip


def _edits(report: Report, finding: Finding) -> list[dict[str, object]]:
    return [
        {
            "file": each.location.source, "line": each.location.line, "column": each.location.column,
            "length": each.location.length, "text": each.text,
        }
        for each in report.edits_of(finding)
    ]  # fmt: skip


def plain_finding(finding: Finding) -> dict[str, object]:
    """Return one finding as data."""
    fix = finding.fix
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": str(finding.severity),
        "effect": str(finding.effect),
        "message": finding.message,
        "subject": finding.subject,
        "file": finding.location.source,
        "line": finding.location.line,
        "column": finding.location.column,
        "length": finding.location.length,
        "why": finding.why,
        "fix": fix.text if fix else "",
        "replacement": fix.replacement if fix else None,
        "source": finding.source,
        "facts": {name: _plain_fact(value) for name, value in finding.facts.items()},
    }


def _plain_fact(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no form for it
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [_plain_fact(each) for each in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    if hasattr(value, "items"):
        return {str(key): _plain_fact(each) for key, each in value.items()}
    return str(value)


def json_text(report: Report, **more: object) -> str:
    """Return a report as one JSON object in ASCII, a finding a line; with more fields where they are given."""
    fields = {"schema": SCHEMA, **plain(report), **more}
    return "{\n" + ",\n".join(f" {json.dumps(name)}: {_value(value)}" for name, value in fields.items()) + "\n}\n"


def _value(value: object) -> str:
    """Return a value of an object; the items of a list stand on lines of their own."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"  {json.dumps(each)}" for each in value) + "\n ]"
    return json.dumps(value)
