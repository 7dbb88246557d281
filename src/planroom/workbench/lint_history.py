"""What was there before: findings of a baseline, and lines that did not change since a git revision."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.files import write_whole
from planroom.linting.baseline import against_baseline, baseline_of
from planroom.workbench.files import read_text
from planroom.workbench.revisions import changed_lines

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.linting.reporting import Report

__all__ = ["changed_since", "with_baseline", "write_baseline_file"]


def with_baseline(report: Report, path: str) -> Report:
    """Return the report with what a baseline knows set apart.

    Raises:
        SourceError: The file is missing, or no baseline.
    """
    return against_baseline(report, read_text(Path(path)), path)


def write_baseline_file(report: Report, path: str) -> None:
    """Write the baseline that knows every finding of a report, whole or not at all."""
    write_whole(Path(path), baseline_of(report))


def changed_since(report: Report, revision: str) -> Report:
    """Return the report with the findings alone that stand in lines changed since a git revision.

    Raises:
        SourceError: This is no repository, or there is no such revision.
    """
    changes = changed_lines(revision)

    def new(finding: Finding) -> bool:
        lines = changes.get(str(Path(re.sub(r"#\d+$", "", finding.location.source)).resolve()))
        place = finding.location.line
        return lines is not None and (not place or any(first <= place <= last for first, last in lines))

    return replace(report, findings=tuple(each for each in report.findings if new(each)))
