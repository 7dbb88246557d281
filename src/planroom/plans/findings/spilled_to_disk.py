"""DuckDB queries that do not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._survey import Load, together
from planroom.plans.findings.base import Example, Told, WholeRule
from planroom.plans.operators import Kind
from planroom.quantities import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["SpilledToDisk"]

_SPILLING = frozenset({Kind.SORT, Kind.JOIN, Kind.AGGREGATE, Kind.WINDOW, Kind.DISTINCT})
_LARGE_ROWS = 10_000.0
_BYTES_PER_UNIT = 100_000.0  # a thousand units are some 10 ms, in which a disk writes 100 MB at best


class SpilledToDisk(WholeRule):
    """The query did not fit into DuckDB's memory limit, and went through temporary files.

    Sorts, joins, aggregates and windows go to disk when memory is short. Fewer columns, earlier filters and fewer
    threads take less memory; so does a larger limit.
    """

    code = "PLN039"
    fix = "Raise memory_limit, select fewer columns, or filter earlier."
    source = "https://duckdb.org/docs/stable/guides/performance/how_to_tune_workloads"
    engines = frozenset({"duckdb"})
    needs = "rows"
    bad = (Example("SELECT * FROM orders ORDER BY total, id", analyze=True, engine="duckdb",
                   settings=("memory_limit = '60MB'", "threads = 1")),)  # fmt: skip
    good = (Example("SELECT * FROM orders ORDER BY total LIMIT 10", analyze=True, engine="duckdb"),)

    def judge(self, survey: Survey) -> Iterator[tuple[Load, Told]]:
        """Yield the temporary files with what sorts, joins, aggregates and windows weigh."""
        written = survey.plan.temp_bytes or 0
        heavy = [node for node in survey.plan.nodes if node.kind in _SPILLING and _is_large(node)]
        if not written or not heavy:
            return
        total = together(map(survey.load, heavy))
        peak = survey.plan.peak_memory_bytes or 0
        message = (
            f"{format_bytes(written)} went to temporary files, and at most {format_bytes(peak)} of memory were used"
        )
        load = Load(total.share, total.size + written / _BYTES_PER_UNIT, total.measure)
        yield load, Told(message, facts={"temp_bytes": written, "peak_memory_bytes": peak})


def _is_large(node: PlanNode) -> bool:
    """Whether a node had many rows to keep: the temporary files may as well be of the tables, or from before."""
    return node.operator != "TOP_N" and sum(child.rows or 0.0 for child in node.children) >= _LARGE_ROWS
