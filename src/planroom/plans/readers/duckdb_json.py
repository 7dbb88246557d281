"""DuckDB's plans in JSON, plain, analyzed or from the profiler; versions 1.x and 2.x."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.errors import SyntaxProblem
from planroom.plans.readers.base import PlanReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.plans.plan import Plan

__all__ = ["DuckdbJson"]

_SIGNS = re.compile(r'"(extra_info|operator_type|operator_timing|intermediate_rows|extra-info)"')
WRAPPERS = frozenset({"RESULT_COLLECTOR", "EXPLAIN_ANALYZE", "QUERY", ""})


class DuckdbJson(PlanReader):
    """A list of nodes (plain), an object of the whole run (analyzed), or the profiler's file."""

    order: ClassVar[int] = 2

    def describe(self) -> str:
        """Return what it reads, in a few words."""
        return "DuckDB's JSON plans"

    def recognises(self, text: str) -> bool:
        """Return whether the text has keys that only DuckDB writes."""
        return bool(_SIGNS.search(text[:50_000]))

    def read(self, text: str, *, source: str = "") -> Plan:
        """Return the plan; the nodes that only collect the result for EXPLAIN are left out."""
        from planroom.plans._duckdb.checking import check
        from planroom.plans._duckdb.nodes import tree_of
        from planroom.plans._json import as_document
        from planroom.plans.plan import Plan, Planning

        value = as_document(text, source=source)
        document: Mapping[str, Any] = value if isinstance(value, dict) else {}
        top = _top(value)
        if top is None:
            raise SyntaxProblem(
                "This JSON holds no plan of DuckDB.",
                where=source,
                why="no object in it is an operator.",
                fix="paste the output of EXPLAIN (FORMAT json) ... or EXPLAIN (ANALYZE, FORMAT json) ....",
            )
        check(top, source=source)
        query, system = document.get("query") or document, document.get("system") or document
        return Plan(
            engine="duckdb",
            root=tree_of(top),
            sql=_sql(document),
            source=source,
            planning=Planning(time_ms=_planning_ms(document)),
            execution_ms=_ms(query.get("total_time") or query.get("latency") or document.get("result")),
            peak_memory_bytes=system.get("peak_buffer_memory") or system.get("system_peak_buffer_memory") or None,
            temp_bytes=system.get("peak_temp_dir_size") or system.get("system_peak_temp_dir_size") or None,
            raw=document or {"Plan": top},
        )


def _top(value: Any) -> Mapping[str, Any] | None:
    """Return the topmost operator that does the statement's work."""
    if isinstance(value, dict) and isinstance(value.get("operator"), list):
        value = value["operator"]
    while True:
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict):
            return None
        name = _name(value)
        if name.upper() not in WRAPPERS:
            return value
        if not value.get("children"):
            return None
        value = value["children"]


def _name(raw: Mapping[str, Any]) -> str:
    return str(raw.get("operator_name") or raw.get("type") or raw.get("operator_type") or raw.get("name") or "").strip()


def _sql(document: Mapping[str, Any]) -> str:
    query = document.get("query")
    text = (
        query.get("sql", "")
        if isinstance(query, dict)
        else document.get("query_name") or document.get("extra-info") or ""
    )
    return re.sub(r"^\s*explain\s*(\([^)]*\)|analyze)?\s*", "", str(text), flags=re.IGNORECASE)


def _ms(seconds: Any) -> float | None:
    return float(seconds) * 1000 if seconds else None


def _planning_ms(document: Mapping[str, Any]) -> float | None:
    """Return what planning took: groups in version 2, numbers in a detailed profile of version 1."""
    parts = [document.get(name) for name in ("planner", "optimizer", "all_optimizers", "physical_planner")]
    times = [part.get("total_time") if isinstance(part, dict) else part for part in parts]
    return _ms(sum(time for time in times if isinstance(time, int | float)))
