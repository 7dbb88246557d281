"""What was there before: findings of a baseline, and lines that did not change since a git revision."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from planroom.files import write_whole
from planroom.linting.baseline import against_baseline, baseline_of
from planroom.workbench.files import read_text
from planroom.workbench.lint_settings import file_of
from planroom.workbench.revisions import changed_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.findings import Finding
    from planroom.linting.reporting import Report

__all__ = ["changed_since", "with_baseline", "write_baseline_file"]


def with_baseline(report: Report, path: str, *, whole: bool = True) -> Report:
    """Return the report with what a baseline knows set apart.

    Args:
        report: What was found.
        path: The baseline; it calls files as they are called from its folder.
        whole: Every rule was asked, so that what is not found in a file that was judged is gone.

    Raises:
        SourceError: The file is missing, or no baseline.
    """
    called = _called_from(path)
    sources = {called(each) for each in report.sources}

    def judged(file: str) -> bool:
        return whole and (file in sources or not (Path(path).parent / file_of(file)).exists())

    return against_baseline(report, read_text(Path(path)), path, called=called, judged=judged)


def write_baseline_file(report: Report, path: str) -> None:
    """Write the baseline that knows every finding of a report, whole or not at all."""
    write_whole(Path(path), baseline_of(report, _called_from(path)))


def _called_from(path: str) -> Callable[[str], str]:
    """Return what gives a file its name as it is from the folder of a baseline; a source that is no file keeps its."""
    folder = Path(path).resolve().parent

    @cache
    def called(source: str) -> str:
        if not source or not Path(file_of(source)).exists():
            return source
        return PurePath(os.path.relpath(Path(source).resolve(), folder)).as_posix()

    return called


def changed_since(report: Report, revision: str) -> Report:
    """Return the report with the findings alone whose places hold a line that changed since a git revision.

    Of a notebook, which keeps its cells in lines of its own, all count when it changed.

    Raises:
        SourceError: This is no repository, or there is no such revision.
    """
    changes = changed_lines(revision)

    def new(finding: Finding) -> bool:
        source, first = finding.location.source, finding.location.line
        lines = changes.get(str(Path(file_of(source)).resolve()))
        if lines is None or not first or file_of(source) != source:
            return lines is not None
        return any(begin <= report.last_line(finding) and first <= end for begin, end in lines)

    return replace(report, findings=tuple(each for each in report.findings if new(each)))
