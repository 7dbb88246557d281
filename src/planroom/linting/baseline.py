"""A list of findings that were there before, so that only new ones fail.

An entry is known by its rule, file, subject and line of source, not by the number of that line. Where several findings
are alike, as many are known as the list holds.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError
from planroom.linting.reporting.fingerprints import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["SCHEMA", "against_baseline", "baseline_of"]

SCHEMA = "planroom.baseline/1"
_ALONE = re.compile("[\ud800-\udfff]")


def baseline_of(report: Report, called: Callable[[str], str] = str) -> str:
    """Return the baseline that knows every finding of a report, as sorted JSON that diffs well.

    Args:
        report: What was found.
        called: Returns what the baseline calls a file: wherever one stands, it has to be the same.
    """
    entries = [
        {
            "fingerprint": fingerprint(each, report.text_of(each), called(each.location.source)),
            "code": each.code,
            "file": called(each.location.source),
            "subject": each.subject,
        }
        for each in (*report.findings, *report.known)
    ]
    entries.sort(key=lambda each: (each["file"], each["code"], each["subject"], each["fingerprint"]))
    text = json.dumps({"schema": SCHEMA, "findings": entries}, indent=1, ensure_ascii=False) + "\n"
    return _ALONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)  # bytes of a path that are no UTF-8


def against_baseline(
    report: Report,
    text: str,
    source: str,
    *,
    called: Callable[[str], str] = str,
    judged: Callable[[str], bool] = bool,
) -> Report:
    """Return the report with what the baseline knows set apart.

    Args:
        report: What was found now.
        text: The baseline, as `baseline_of` writes it.
        source: What the baseline's file is called, for messages.
        called: Returns what the baseline calls a file.
        judged: Whether a file that the baseline names was judged, so that what is not found there is gone.

    Raises:
        SourceError: The text is no baseline.
    """
    entries = _entries(text, source)
    left = Counter(each["fingerprint"] for each in entries)
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in report.findings:
        mark = fingerprint(finding, report.text_of(finding), called(finding.location.source))
        (known if left[mark] > 0 else new).append(finding)
        left[mark] -= 1
    stale = tuple(_named(each) for each in entries if _taken(left, each["fingerprint"]) and _is(judged, each))
    return replace(report, findings=tuple(new), known=(*report.known, *known), stale=stale)


def _taken(left: Counter[str], mark: str) -> bool:
    """Take one that is left of a kind; of three entries, one that is gone is told once."""
    left[mark] -= 1
    return left[mark] >= 0


def _is(judged: Callable[[str], bool], entry: Mapping[str, Any]) -> bool:
    file = str(entry.get("file", ""))
    return not file or judged(file)


def _named(entry: Mapping[str, Any]) -> str:
    return f"{entry.get('code', '')} {entry.get('file', '')} {entry.get('subject', '')}".strip()


def _entries(text: str, source: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text)
        if data["schema"] != SCHEMA:
            raise ValueError(f"its schema is {data['schema']!r}, not {SCHEMA!r}")
        entries: list[dict[str, Any]] = data["findings"]
        if not all(isinstance(each["fingerprint"], str) for each in entries):
            raise TypeError("an entry has no fingerprint")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(
            f"{source!r} is no baseline of planroom.",
            where=source,
            why=f"{error}." if str(error) else "",
            fix="write a new one with `planroom lint --write-baseline FILE`.",
        ) from None
    return entries
