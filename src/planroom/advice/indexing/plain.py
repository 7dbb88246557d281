"""Index advice as JSON has it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.advice.indexing.results import AdvisedQuery, ChosenIndex, DroppedIndex, IndexAdvice

__all__ = ["SCHEMA", "json_text", "plain"]

SCHEMA = "planroom.indexes/1"
"""The form's name and version; within a version, fields are only added."""


def json_text(advice: IndexAdvice) -> str:
    """Return the advice as one JSON object in ASCII that ends with a newline."""
    return json.dumps({"schema": SCHEMA, **plain(advice)}, indent=2) + "\n"


def plain(advice: IndexAdvice) -> dict[str, Any]:
    """Return the advice as dictionaries and lists; costs are in the planner's units, sizes in bytes."""
    return {
        "cost_before": advice.before,
        "cost_after": advice.after,
        "size_bytes": advice.size_bytes,
        "budget_bytes": advice.budget_bytes,
        "candidates": advice.candidates,
        "costs_asked": advice.asked,
        "alike": advice.alike,
        "chosen": [_chosen(each) for each in advice.chosen],
        "dropped": [_dropped(each) for each in advice.dropped],
        "queries": [_query(each) for each in advice.queries],
        "notes": list(advice.notes),
    }


def _chosen(index: ChosenIndex) -> dict[str, Any]:
    return {
        "name": index.candidate.name,
        "table": index.candidate.table,
        "ddl": index.candidate.ddl,
        "size_bytes": index.size_bytes,
        "gain": index.gain,
        "upkeep": index.upkeep,
        "serves": dict(index.serves),
    }


def _dropped(index: DroppedIndex) -> dict[str, Any]:
    return {
        "name": index.existing.name,
        "table": index.existing.table,
        "ddl": index.existing.drop,
        "size_bytes": index.size_bytes,
        "upkeep": index.upkeep,
        "reason": index.reason,
    }


def _query(query: AdvisedQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "calls": query.calls,
        "before": query.before,
        "after": query.after,
        "uses": list(query.uses),
        "reason": query.reason,
        "location": str(query.location),
    }
