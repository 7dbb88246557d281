"""A report as Markdown for a pull request: what is wrong in sight, notes folded, never longer than is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Severity
from planroom.linting.reporting.report import headline
from planroom.markup import code, prose, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["LIMIT", "markdown"]

LIMIT = 65_536
"""Characters that GitHub takes in a comment or the description of a pull request."""

_ROOM = 58_000
_MOST_TOLD = 400
_HEADER = ("", "where", "rule", "what", "fix")


def markdown(report: Report) -> str:
    """Return the headline, then a table for each severity."""
    blocks, room = [f"**planroom lint**: {prose(headline(report))}"], _ROOM
    for severity in reversed(Severity):
        alike = [each for each in report.findings if each.severity is severity]
        if alike:
            section, used = _section(severity, alike, room)
            blocks.append(section)
            room -= used
    return "\n\n".join(blocks) + "\n"


def _section(severity: Severity, findings: Sequence[Finding], room: int) -> tuple[str, int]:
    rows, used = [], 0
    for finding in findings:
        row = _row(finding)
        size = sum(map(len, row)) + 20
        if used + size > room:
            break
        rows.append(row)
        used += size
    left = len(findings) - len(rows)
    shown = table(_HEADER, rows) if rows else ""
    shown += f"\n\n… and {left} more" if left else ""
    title = f"{severity.glyph} {len(findings)} {severity}{'s' * (len(findings) != 1)}"
    if severity is Severity.NOTE:
        return f"<details>\n<summary>{title}</summary>\n\n{shown}\n\n</details>", used
    return f"#### {title}\n\n{shown}", used


def _row(finding: Finding) -> tuple[str, ...]:
    place = str(finding.location) or finding.subject
    fix = finding.fix.text if finding.fix else ""
    return finding.severity.glyph, code(_cut(place)), code(finding.code), prose(_cut(finding.message)), prose(_cut(fix))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TOLD else f"{text[: _MOST_TOLD - 1]}…"
