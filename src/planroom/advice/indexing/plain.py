"""Index advice as JSON has it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.advice.indexing.results import IndexAdvice

__all__ = ["SCHEMA", "json_text", "plain"]

SCHEMA = "planroom.indexes/1"
"""The form's name and version; within a version, fields are only added."""


def json_text(advice: IndexAdvice) -> str:
    """Return the advice as one JSON object in ASCII that ends with a newline."""
    return json.dumps({"schema": SCHEMA, **plain(advice)}, indent=2) + "\n"


def plain(advice: IndexAdvice) -> dict[str, Any]:
    """Return the advice as dictionaries and lists; costs are in the planner's units, sizes in bytes."""
    return {
        "before": advice.before,
        "after": advice.after,
        "size_bytes": round(advice.size_bytes),
        "budget_bytes": advice.budget_bytes,
        "indexes": [
            {
                "name": each.candidate.name,
                "table": each.candidate.table,
                "ddl": each.candidate.ddl,
                "size_bytes": round(each.size_bytes),
                "gain": each.gain,
                "upkeep": each.upkeep,
                "serves": [{"query": name, "gain": gain} for name, gain in each.serves],
            }
            for each in advice.chosen
        ],
        "drops": [
            {
                "name": each.existing.name,
                "table": each.existing.table,
                "ddl": each.existing.drop,
                "size_bytes": round(each.size_bytes),
                "upkeep": each.upkeep,
                "reason": each.reason,
            }
            for each in advice.dropped
        ],
        "queries": [
            {
                "name": each.name,
                "calls": each.calls,
                "before": each.before,
                "after": each.after,
                "uses": list(each.uses),
                "reason": each.reason,
                "location": str(each.location),
            }
            for each in advice.queries
        ],
        "candidates": advice.candidates,
        "costs_asked": advice.asked,
        "alike": advice.alike,
        "notes": list(advice.notes),
    }
