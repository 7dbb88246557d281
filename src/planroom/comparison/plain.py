"""A difference as plain data, for programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from planroom.comparison.card import headline
from planroom.comparison.changes import Impact
from planroom.model.codec import encode

if TYPE_CHECKING:
    from planroom.comparison.changes import Change
    from planroom.comparison.difference import Difference
    from planroom.findings import Location

__all__ = ["SCHEMA", "json_text", "plain"]

SCHEMA = "planroom.diff/1"
"""The form's name and version; within a version, fields are only added."""


def plain(difference: Difference) -> dict[str, Any]:
    """Return a difference as dictionaries, lists, texts and numbers."""
    impacts = Counter(change.impact for change in difference.changes)
    return {
        "outcome": difference.outcome,
        "summary": headline(difference),
        "impacts": {str(impact): impacts[impact] for impact in Impact},
        "changes": [_change(change) for change in difference.changes],
        "unknowns": [asdict(unknown) for unknown in difference.unknowns],
    }


def json_text(difference: Difference) -> str:
    """Return a difference as one JSON object in ASCII that ends with a newline."""
    return json.dumps({"schema": SCHEMA, **plain(difference)}, indent=2) + "\n"


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "state": str(change.state),
        "subject": change.subject,
        "former": change.former,
        "owner": change.owner,
        "impact": str(change.impact),
        "severity": str(change.severity),
        "reasons": [{"impact": str(each.impact), "reason": each.reason} for each in change.judgements],
        "facets": [{"name": facet.name, "old": encode(facet.old), "new": encode(facet.new)} for facet in change.facets],
        "score": change.score,
        "evidence": change.evidence,
        "repeated": change.repeated,
        "old_place": _place(change.old_location),
        "new_place": _place(change.new_location),
    }


def _place(location: Location) -> dict[str, Any]:
    return {"file": location.source, "line": location.line, "column": location.column}
