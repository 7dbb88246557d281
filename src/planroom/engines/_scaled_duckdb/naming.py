"""The tables that a plan reads, which DuckDB does not name where they are Parquet files.

The columns of each forged file have a mark before their names, and a view gives them their own names back. DuckDB
writes the file's names at a scan, so there the mark tells the table; then it is taken out of the plan.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["mark_of", "named"]

_MARK = re.compile(r"planroom(\d+)of_")


def mark_of(number: int) -> str:
    """Return what stands before the names of the columns of the file with a number."""
    return f"planroom{number}of_"


def named(document: str, tables: Sequence[tuple[str, str]]) -> str:
    """Return a plan's JSON with the table at each scan of a forged file, as DuckDB has it at those of its own.

    A scan that reads no column, as under a cross join that only counts, tells no table.

    Args:
        document: What EXPLAIN answers.
        tables: The schema and name of each table, by number.
    """
    try:
        plan = json.loads(document)
        for info in _scans(plan):
            number = _number(info)
            if number is not None and number < len(tables):
                info["Table"] = ".".join(map(_quoted, tables[number]))
        document = json.dumps(plan, indent=4, ensure_ascii=False)
    except RecursionError:  # hundreds of operators, one below the other
        pass
    return _MARK.sub("", document)


def _scans(plan: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield what DuckDB says of each scan of a Parquet file."""
    waiting = list(plan)
    while waiting:
        node = waiting.pop()
        waiting += node.get("children") or ()
        info = node.get("extra_info")
        if str(node.get("name", "")).strip() == "READ_PARQUET" and isinstance(info, dict):
            yield info


def _number(info: dict[str, Any]) -> int | None:
    found = _MARK.search(json.dumps([info.get("Projections"), info.get("Filters")]))
    return int(found[1]) if found else None


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else '"' + name.replace('"', '""') + '"'
