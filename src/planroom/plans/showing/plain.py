"""A plan for programs: the typed fields of every node, those alone that say something."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["SCHEMA", "json_text", "plain"]

SCHEMA = "planroom.plan/1"

_UNTYPED = frozenset({"raw", "children", "root"})


def plain(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON values, by sorted names: the statement's, then a list of nodes with their parents."""
    parents = plan.parents
    nodes = []
    for node in plan.nodes:
        found = _plain(node)
        if node.number in parents:
            found["parent"] = parents[node.number].number
        nodes.append(dict(sorted(found.items())))
    return {**dict(sorted(_plain(plan).items())), "nodes": nodes}


def json_text(plan: Plan) -> str:
    """Return the plan as one JSON object."""
    return json.dumps({"schema": SCHEMA, **plain(plan)}, indent=2) + "\n"


def _plain(value: Any) -> dict[str, Any]:
    return {
        each.name: _value(held)
        for each in fields(value)
        if each.name not in _UNTYPED and (held := getattr(value, each.name)) != _default(each)
    }


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _value(value: Any) -> Any:
    if is_dataclass(value):
        return _plain(value)
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
