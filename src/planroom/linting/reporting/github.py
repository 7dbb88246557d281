"""A report as workflow commands, which GitHub shows beside the lines of a pull request.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions (what is escaped, and how).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Severity

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["workflow_commands"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def workflow_commands(report: Report) -> str:
    """Return a line for each finding."""
    return "".join(f"{_annotation(report, each)}\n" for each in report.findings)


def _annotation(report: Report, finding: Finding) -> str:
    place = finding.location
    given = {
        "file": place.source,
        "line": place.line,
        "col": place.column,
        "endColumn": report.end_of(finding) if place.column and place.length else 0,
        "title": f"{finding.code} {finding.slug}",
    }
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in given.items() if value)
    told = [finding.message, *([f"fix: {finding.fix.text}"] if finding.fix else [])]
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(chr(10).join(told))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
