"""A comparison as plain data, for programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from planroom.plans.comparing.changes import NodeChange, State
from planroom.plans.comparing.text import tree_lines
from planroom.plans.shapes import fingerprint, shape_lines

if TYPE_CHECKING:
    from planroom.plans.comparing.comparison import PlanComparison
    from planroom.plans.comparing.measures import Measure
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["SCHEMA", "json_text", "plain"]

SCHEMA = "planroom.plan-comparison/1"
"""The form's name and version; within a version, fields are only added."""


def plain(comparison: PlanComparison) -> dict[str, Any]:
    """Return a comparison as dictionaries, lists, texts and numbers; nodes by their number in their own plan."""
    states = Counter(change.state for change in comparison.changes)
    return {
        "verdict": comparison.verdict,
        "flipped": comparison.flipped,
        "by": comparison.by,
        "tolerance": comparison.tolerance,
        "measures": [_measure(each) for each in comparison.measures],
        "circumstances": list(comparison.circumstances),
        "sentences": list(comparison.sentences),
        "nodes": {str(state): states[state] for state in State},
        "changes": [_change(each) for each in comparison.changes if each.state is not State.SAME],
        "tree": list(tree_lines(comparison.merged)),
        "names": list(comparison.names),
        "old": _plan(comparison.old),
        "new": _plan(comparison.new),
    }


def json_text(comparison: PlanComparison) -> str:
    """Return a comparison as one JSON object in ASCII that ends with a newline."""
    return json.dumps({"schema": SCHEMA, **plain(comparison)}, indent=2) + "\n"


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "unit": "ms" if measure.name == "time" else measure.unit,
        "old": measure.old,
        "new": measure.new,
        "trend": str(measure.trend),
        "reason": measure.reason,
    }


def _change(change: NodeChange) -> dict[str, Any]:
    return {
        "state": str(change.state),
        "old": _node(change.old),
        "new": _node(change.new),
        "facets": [{"name": each.name, "old": each.old, "new": each.new} for each in change.facets],
    }


def _node(node: PlanNode | None) -> dict[str, Any] | None:
    if node is None:
        return None
    return {"number": node.number, "operator": node.title, "target": node.target, "index": node.index}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "engine": plan.engine,
        "version": plan.version,
        "shape": fingerprint(plan),
        "lines": list(shape_lines(plan)),
    }
