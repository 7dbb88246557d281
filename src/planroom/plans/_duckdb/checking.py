"""Whether an object is one that DuckDB can have written as a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check"]

_NUMBERS = (
    "operator_timing", "timing", "intermediate_rows", "operator_cardinality", "cardinality", "rows_scanned",
    "operator_rows_scanned", "row_groups_scanned", "total_row_groups_to_scan", "intermediate_size_bytes",
    "result_set_size",
)  # fmt: skip
_NAMES = ("operator_name", "operator_type", "type", "name")
_ESTIMATES = ("Estimated Cardinality", "__estimated_cardinality__")


def check(top: Mapping[str, Any], *, source: str) -> None:
    """Look at an operator and all below it; deep plans do not recurse.

    Raises:
        SyntaxProblem: A value is of the wrong kind; the message says of which operator.
    """
    waiting: list[Any] = [top]
    while waiting:
        raw = waiting.pop()
        if not isinstance(raw, dict):
            raise _wrong("an operator", "an object", raw, source)
        name = next((raw[key] for key in _NAMES if raw.get(key)), "an operator")
        children, info = raw.get("children") or [], raw.get("extra_info") or {}
        if not isinstance(name, str):
            raise _wrong("an operator's name", "a text", name, source)
        if not isinstance(children, list):
            raise _wrong(f"{name.strip()} > children", "a list", children, source)
        if not isinstance(info, dict | str):
            raise _wrong(f"{name.strip()} > extra_info", "an object", info, source)
        for key in _NUMBERS:
            if not isinstance(raw.get(key) or 0, int | float):
                raise _wrong(f"{name.strip()} > {key}", "a number", raw[key], source)
        for key in _ESTIMATES:
            if isinstance(info, dict) and not _is_number(info.get(key) or 0):
                raise _wrong(f"{name.strip()} > {key}", "a number", info[key], source)
        waiting.extend(children)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _wrong(place: str, wanted: str, value: Any, source: str) -> SyntaxProblem:
    return SyntaxProblem(
        "This plan has a value that DuckDB would not write.",
        where=f"{source}: {place}" if source else place,
        why=f"{wanted} belongs there, not {repr(value)[:60]}.",
        fix="paste the output of EXPLAIN (FORMAT json) ... or EXPLAIN (ANALYZE, FORMAT json) ... as DuckDB wrote it.",
    )
