"""DuckDB's operators as `PlanNode`s: three layouts of the same facts.

Version 2 writes ``type``, ``timing`` and ``intermediate_rows``; 1.1 and later ``operator_type``, ``operator_timing``
and ``operator_cardinality``; 1.0 ``name``, ``timing`` and ``cardinality`` with its facts as one text. A plan that was
not run has ``name`` and ``extra_info`` alone. Timings are seconds that the threads spent in that operator alone,
together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planroom.plans.node import Condition, PlanNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["tree_of"]

# Names that the profiler and EXPLAIN write differently for one operator.
_ONE_NAME = {
    "DELETE_OPERATOR": "DELETE",
    "RECURSIVE_KEY_CTE": "REC_KEY_CTE",
    "RECURSIVE_RECURRING_CTE_SCAN": "REC_REC_CTE_SCAN",
    "TABLE_SCAN": "SEQ_SCAN",
    "RECURSIVE_CTE": "REC_CTE",
    "RECURSIVE_CTE_SCAN": "REC_CTE_SCAN",
    "SIMPLE_AGGREGATE": "UNGROUPED_AGGREGATE",
}
_CONDITIONS = {
    "Filters": "Filter",
    "Expression": "Filter",
    "Conditions": "Join Cond",
    "Condition": "Join Cond",
    "Dynamic Filters": "Dynamic Filter",
    "File Filters": "File Filter",
    "Top": "Limit",
    "Limit": "Limit",
    "Offset": "Offset",
}
_FIELDS = {
    "Projections", "Groups", "Aggregates", "Order By", "Join Type", "Table", "Text", "Type", "Function", "CTE Name",
    "CTE Index", "Table Index", "Estimated Cardinality", "__estimated_cardinality__", "__text__", "__order_by__",
    "__projections__", *_CONDITIONS,
}  # fmt: skip
_RELATIONSHIPS = {-1: "", 0: "Outer", 1: "Inner"}
_PIECE = re.compile(r"\n?\[INFOSEPARATOR\]\n?")
_NAME = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')


def tree_of(top: Mapping[str, Any]) -> PlanNode:
    """Return the tree below an operator; deep plans do not recurse."""
    row: list[tuple[Mapping[str, Any], list[int]]] = []
    waiting: list[tuple[Mapping[str, Any], int]] = [(top, -1)]
    while waiting:
        raw, parent = waiting.pop()
        at = len(row)
        row.append((raw, []))
        if parent >= 0:
            row[parent][1].append(at)
        waiting.extend((child, at) for child in reversed(raw.get("children") or ()))
    names = {
        str(info["Table Index"]): str(info["CTE Name"])
        for raw, _ in row
        for info in (_info(raw),)
        if "CTE Name" in info and "Table Index" in info
    }
    places = {child: place for _, below in row for place, child in enumerate(below)} | {0: -1}
    made: dict[int, PlanNode] = {}
    for at in range(len(row) - 1, -1, -1):
        raw, below = row[at]
        made[at] = _node(raw, at + 1, tuple(made[child] for child in below), names, places[at])
    return made[0]


def _info(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    info = raw.get("extra_info") or {}
    return info if isinstance(info, dict) else _from_text(str(info))


def _from_text(text: str) -> dict[str, Any]:
    """Return the facts of version 1.0's text, as far as they can be told apart."""
    info: dict[str, Any] = {}
    for place, piece in enumerate(filter(None, map(str.strip, _PIECE.split(text)))):
        if piece.startswith("EC: "):
            info["Estimated Cardinality"] = piece[4:].strip()
        elif piece.startswith("Filters: "):
            info["Filters"] = piece[9:].strip()
        elif place == 0:
            info["Text"] = piece
        else:
            info.setdefault("Projections", piece.splitlines())
    return info


def _operator(raw: Mapping[str, Any], info: Mapping[str, Any]) -> str:
    name = str(raw.get("operator_name") or raw.get("type") or raw.get("operator_type") or raw.get("name") or "").strip()
    if name in {"TABLE_SCAN", "SEQ_SCAN"}:
        if info.get("Type") == "Index Scan":
            return "INDEX_SCAN"
        return str(info.get("Function") or "SEQ_SCAN").strip()
    return _ONE_NAME.get(name, name)


def _first(raw: Mapping[str, Any], *keys: str) -> Any:
    return next((raw[key] for key in keys if raw.get(key) is not None), None)


def _node(
    raw: Mapping[str, Any], number: int, children: tuple[PlanNode, ...], names: Mapping[str, str], place: int
) -> PlanNode:
    info = _info(raw)
    operator = _operator(raw, info)
    timing = _first(raw, "operator_timing", "timing")
    rows = _first(raw, "intermediate_rows", "operator_cardinality", "cardinality") if timing is not None else None
    estimate = _first(info, "Estimated Cardinality", "__estimated_cardinality__")
    if operator == "CTE" and rows == 0 and children:  # it hands its query's rows on, and does not count them
        rows = children[-1].rows
    scan = not children
    return PlanNode(
        number=number,
        operator=operator,
        relationship=_RELATIONSHIPS.get(place, "Member"),
        children=children,
        raw=raw,
        **_naming(operator, info, names),
        join_type=str(info.get("Join Type", "")).replace("_", " ").title(),
        estimated_rows=float(estimate) if estimate is not None else None,
        rows=float(rows) if rows is not None else None,
        loops=1.0 if rows is not None else None,
        self_ms=float(timing) * 1000 if timing is not None else None,
        rows_scanned=_first(raw, "rows_scanned", "operator_rows_scanned") if scan else None,
        row_groups_scanned=raw.get("row_groups_scanned") if scan else None,
        row_groups=raw.get("total_row_groups_to_scan") if scan else None,
        bytes=_first(raw, "intermediate_size_bytes", "result_set_size"),
        conditions=tuple(_conditions(info)),
        output=(*_texts(info.get("Projections")), *_texts(info.get("Aggregates"))),
        sort_keys=tuple(_texts(info.get("Order By"))),
        group_keys=tuple(_texts(info.get("Groups"))),
        extra=tuple((str(key), ", ".join(_texts(value))) for key, value in info.items() if key not in _FIELDS),
    )


def _naming(operator: str, info: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return what it works on: a table with its schema, a CTE by its name, or a function."""
    if "CTE Name" in info:
        return {"source": str(info["CTE Name"])}
    if "CTE Index" in info:
        return {"source": names.get(str(info["CTE Index"]), "")}
    if operator.endswith(("SCAN", "READ_PARQUET")) and (table := info.get("Table") or info.get("Text")):
        parts = [quoted.replace('""', '"') or plain for quoted, plain in _NAME.findall(str(table))]
        return {"relation": parts[-1], "schema": parts[-2] if len(parts) > 1 else "", "alias": parts[-1]}
    files = info.get("Filename(s)")
    return {"source": ", ".join(_texts(files))} if files else {}


def _conditions(info: Mapping[str, Any]) -> Iterator[Condition]:
    for key, value in info.items():
        if key in _CONDITIONS and (text := " AND ".join(_texts(value))):
            yield Condition(_CONDITIONS[key], text)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
