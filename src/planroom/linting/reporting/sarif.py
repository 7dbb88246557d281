"""A report as SARIF 2.1.0, which code scanning services take.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from planroom.findings import Severity
from planroom.linting.reporting.fingerprints import fingerprint
from planroom.linting.reporting.plain import plain_finding

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.linting.reporting.report import Report

__all__ = ["sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(report: Report) -> str:
    """Return the report as one SARIF log with one run."""
    rules = {each.code: _rule(each) for each in sorted(report.findings, key=lambda each: (each.code, each.severity))}
    places = {code: at for at, code in enumerate(rules)}
    driver = {
        "name": "planroom",
        "semanticVersion": metadata.version("planroom"),
        "rules": list(rules.values()),
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, each, places[each.code]) for each in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(finding: Finding) -> dict[str, object]:
    rule: dict[str, object] = {
        "id": finding.code,
        "name": "".join(part.capitalize() for part in finding.slug.split("-")),
        "shortDescription": {"text": finding.why or finding.slug},
        "help": {"text": finding.fix.text if finding.fix else finding.why or finding.slug},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }
    if finding.source.startswith("https://"):
        rule["helpUri"] = finding.source
    return rule


def _result(report: Report, finding: Finding, at: int) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": at,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "partialFingerprints": {"planroom/v1": fingerprint(finding, report.text_of(finding))},
        "properties": {"effect": str(finding.effect), "facts": plain_finding(finding)["facts"]},
    }
    location = _location(report, finding)
    if location:
        result["locations"] = [location]
    if changes := _changes(report, finding):
        result["fixes"] = [
            {"description": {"text": finding.fix.text if finding.fix else ""}, "artifactChanges": changes}
        ]
    return result


def _changes(report: Report, finding: Finding) -> list[dict[str, object]]:
    """Return what a finding's edits change, a change for each file."""
    by_file: dict[str, list[dict[str, object]]] = {}
    for edit in report.edits_of(finding):
        place = edit.location
        replaced = report.texts[place.source].split("\n", place.line - 1)[-1][place.column - 1 :][: place.length]
        lines = replaced.count("\n")
        end = len(replaced) - replaced.rfind("\n") if lines else place.column + place.length
        region = {
            "startLine": place.line, "startColumn": place.column, "endLine": place.line + lines, "endColumn": end,
        }  # fmt: skip
        replacement: dict[str, object] = {"deletedRegion": region}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        by_file.setdefault(place.source, []).append(replacement)
    return [
        {"artifactLocation": {"uri": _uri(source)}, "replacements": replacements}
        for source, replacements in by_file.items()
    ]


def _uri(source: str) -> str:
    return quote(PurePath(source).as_posix(), errors="surrogateescape")


def _location(report: Report, finding: Finding) -> dict[str, object]:
    place = finding.location
    if not place.source or place.source.startswith("<"):
        return {"logicalLocations": [{"fullyQualifiedName": finding.subject}]} if finding.subject else {}
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(place.source)}}
    if place.line:
        region = {"startLine": place.line}
        if place.column:
            region |= {"startColumn": place.column, "endColumn": report.end_of(finding)}
        physical["region"] = region
    return {"physicalLocation": physical}
