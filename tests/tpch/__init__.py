"""TPC-H: its schema, its 22 queries with the validation's values, and what a server with its rows once said of them.

``sf1.statistics.json``, ``sf0.1.statistics.json`` and ``sf1.plans.json`` are recorded by ``tests.benchmarks.tpch``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["NOTES", "PLANS", "QUERIES", "SCHEMA", "SMALL_STATISTICS", "STATISTICS", "outline"]

_HERE = Path(__file__).parent
SCHEMA = (_HERE / "schema.sql").read_text(encoding="utf-8")
QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((_HERE / "queries").glob("*.sql"))}
NOTES = _HERE / "notes.yml"
STATISTICS = _HERE / "sf1.statistics.json"
SMALL_STATISTICS = _HERE / "sf0.1.statistics.json"
PLANS = _HERE / "sf1.plans.json"

_SHAPE = ("Join Type", "Strategy", "Partial Mode", "Relation Name", "Index Name", "Workers Planned")


def outline(document: str) -> tuple[str, float]:
    """Return the shape of a plan, as a line a node, and its total cost.

    Args:
        document: What EXPLAIN (FORMAT JSON) says.
    """
    plan = json.loads(document)[0]["Plan"]
    return "\n".join(_lines(plan, 0)), plan["Total Cost"]


def _lines(node: dict[str, Any], depth: int) -> list[str]:
    told = [
        node.get("Parent Relationship", ""),
        node["Node Type"],
        *(str(node[name]) for name in _SHAPE if name in node),
    ]
    return [
        f"{'  ' * depth}{' '.join(filter(None, told))}",
        *(each for child in node.get("Plans", ()) for each in _lines(child, depth + 1)),
    ]
