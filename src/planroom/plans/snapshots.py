"""Plans written down as right: what a repository keeps of each query's plan, in a text that diffs well.

It is JSON, a query an object, its shape a line a node::

    {
      "schema": "planroom.plans/1",
      "queries": {
        "orders_of_customer": {
          "query": "5f0c6c8d2f1e9a37",
          "engine": "PostgreSQL 18.6",
          "settings": {"work_mem": "64MB"},
          "statistics": "9a1c22d07b3e",
          "indexes": "77b0c51e02aa",
          "cost": 8.3,
          "rows": 10,
          "shape": [
            "Index Scan using orders_customer_id_idx on orders"
          ]
        }
      }
    }

Queries stand in the order of their names. Numbers are rounded to three digits, so that a new sample of the rows does
not touch every line. There are no dates and no places in it: moving a query within its file changes nothing.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.plans.comparing.naming import product
from planroom.plans.shapes import shape_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planroom.plans.workloads.planned import PlannedQuery

__all__ = ["SCHEMA", "Snapshot", "snapshot_of", "snapshots_of_text", "text_of_snapshots"]

SCHEMA = "planroom.plans/1"
"""The form's name and version; within a version, fields are only added."""

_DIGITS = 3
_GENERIC = "plan_cache_mode"  # how planroom asks PostgreSQL for a plan for any values
_FIX = "take the file from git again, or remove it and let `planroom plan accept` write it anew."


@dataclass(frozen=True)
class Snapshot:
    """What is kept of one query's plan.

    Attributes:
        name: The query's name.
        query: The query's fingerprint; see `planroom.sqltext.identity`.
        engine: The engine and its version, such as ``PostgreSQL 18.6``.
        settings: The planner's settings that differed from their defaults.
        statistics: A hash of what the engine knew of the tables; empty where it did not say.
        indexes: A hash of the tables' indexes.
        values: ``any`` where the plan is the one for any values of the parameters.
        cost: The plan's cost, three digits; None where there are no costs.
        rows: The rows that were expected, three digits.
        shape: A line a node; see `planroom.plans.shapes`.
    """

    name: str
    query: str
    engine: str
    shape: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()
    statistics: str = ""
    indexes: str = ""
    values: str = ""
    cost: float | None = None
    rows: float | None = None


def snapshot_of(planned: PlannedQuery) -> Snapshot | None:
    """Return what is kept of a query's plan; None where it has none."""
    plan = planned.plan
    if plan is None:
        return None
    return Snapshot(
        name=planned.name,
        query=planned.query,
        engine=f"{product(plan.engine)} {plan.version}".rstrip(),
        shape=shape_lines(plan),
        settings=tuple(sorted(pair for pair in plan.settings if not (planned.generic and pair[0] == _GENERIC))),
        statistics=planned.statistics,
        indexes=planned.indexes,
        values="any" if planned.generic else "",
        cost=_rounded(plan.total_cost),
        rows=_rounded(plan.root.estimated_rows),
    )


def _rounded(value: float | None) -> float | None:
    """Return a number with three digits: 8.296 is 8.3, 43127 is 43100."""
    if value is None or not value or not math.isfinite(value):
        return value
    digits = _DIGITS - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def text_of_snapshots(snapshots: Iterable[Snapshot]) -> str:
    """Return the file: the same bytes for the same snapshots, in whatever order they come."""
    queries = {each.name: _plain(each) for each in sorted(snapshots, key=lambda each: each.name)}
    return json.dumps({"schema": SCHEMA, "queries": queries}, indent=2, ensure_ascii=False) + "\n"


def _plain(snapshot: Snapshot) -> dict[str, Any]:
    found = {
        "query": snapshot.query,
        "engine": snapshot.engine,
        "settings": dict(snapshot.settings),
        "statistics": snapshot.statistics,
        "indexes": snapshot.indexes,
        "values": snapshot.values,
        "cost": snapshot.cost,
        "rows": snapshot.rows,
        "shape": list(snapshot.shape),
    }
    return {name: value for name, value in found.items() if value not in ({}, "", None)}


def snapshots_of_text(text: str, *, source: str = "") -> tuple[Snapshot, ...]:
    """Return the snapshots that a file holds.

    Raises:
        SyntaxProblem: It is no such file, or of a later version; the message says where it is broken.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{source}:{error.lineno}:{error.colno}"
        conflict = "<<<<<<<" in text
        why = "it holds the marks of a merge conflict." if conflict else f"{error.msg}."
        fix = "solve the conflict, or take one side and run `planroom plan accept`." if conflict else _FIX
        raise SyntaxProblem("The accepted plans cannot be read.", where=place, why=why, fix=fix) from None
    if not isinstance(value, dict) or not isinstance(value.get("queries"), dict):
        raise SyntaxProblem("This file holds no accepted plans.", where=source, why="it has no queries.", fix=_FIX)
    if value.get("schema") != SCHEMA:
        raise SyntaxProblem(
            "The accepted plans are in a form that this planroom does not know.",
            where=source,
            why=f"its schema is {value.get('schema')!r}, and {SCHEMA!r} is read.",
            fix="upgrade planroom, or let it write the file anew.",
        )
    return tuple(_read(name, each, source) for name, each in value["queries"].items())


def _read(name: str, value: Any, source: str) -> Snapshot:
    try:
        settings: Mapping[str, Any] = value.get("settings", {})
        return Snapshot(
            name=name,
            query=str(value["query"]),
            engine=str(value["engine"]),
            shape=tuple(map(str, value["shape"])),
            settings=tuple(sorted((str(key), str(each)) for key, each in settings.items())),
            statistics=str(value.get("statistics", "")),
            indexes=str(value.get("indexes", "")),
            values=str(value.get("values", "")),
            cost=_number(value.get("cost")),
            rows=_number(value.get("rows")),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        why = f"{error.args[0]!r} is missing." if isinstance(error, KeyError) else "it is not what planroom writes."
        raise SyntaxProblem(f"The accepted plan of {name!r} cannot be read.", where=source, why=why, fix=_FIX) from None


def _number(value: Any) -> float | None:
    """Return a number so that it is written as it was read."""
    if value is None or isinstance(value, int):
        return value
    return float(value)
