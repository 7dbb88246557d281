"""Costs that grow faster than the tables."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.plans.findings._survey import Load
from planroom.plans.findings.base import ScaleRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.plans.plan import Plan

__all__ = ["CostOutgrowsRows"]


_SLOPE = 1.2  # of log cost by log rows: a sort is at 1.05 to 1.1, reading a table again for each row at 2


class CostOutgrowsRows(ScaleRule):
    """The cost grows faster than the number of rows: what is fast today is out of reach one day.

    Reading or sorting a table grows with it; a look-up by index hardly grows. What grows with the square reads one
    table again for each row of another, or joins rows of a group with each other.
    """

    code = "PLN034"
    fix = "Look at the step that grows most: an index on its condition, or an equality in its join."
    source = "https://www.postgresql.org/docs/current/using-explain.html"
    engines = frozenset({"postgres", "duckdb"})
    unproven = "it takes the plans of one statement at several scales"

    def judge(self, plans: Sequence[tuple[float, Plan]]) -> Iterator[tuple[Load, Told]]:
        """Yield the steepest part between neighbours, if it is steeper than a sort."""
        steepest: tuple[float, float, float, Plan, Plan] | None = None
        for (fewer, before), (more, after) in pairwise(plans):
            old, new = _size(before), _size(after)
            if old <= 0 or new <= 0:
                continue
            slope = math.log(new / old) / math.log(more / fewer)
            if steepest is None or slope > steepest[0]:
                steepest = slope, fewer, more, before, after
        if steepest is None or steepest[0] < _SLOPE:
            return
        slope, fewer, more, before, after = steepest
        step = _grown_most(before, after)
        message = (
            f"from {format_count(fewer)} to {format_count(more)} rows ({more / fewer:.3g} times) the cost grows "
            f"{_size(after) / _size(before):.3g} times, most in {step}"
        )
        share = 1.0 - _size(before) * (more / fewer) / _size(after)
        facts = {"slope": round(slope, 2), "from_rows": fewer, "to_rows": more, "step": step}
        yield Load(share, _size(after)), Told(message, facts=facts)


def _size(plan: Plan) -> float:
    """Return the cost of a plan; in DuckDB, which has none, its rows."""
    if plan.total_cost is not None:
        return plan.total_cost
    return sum(node.rows_carried or 0.0 for node in plan.nodes)


def _grown_most(before: Plan, after: Plan) -> str:
    """Return the step whose own cost has grown most, as far as both plans have it."""
    old, new = _by_step(before), _by_step(after)
    return max(new, key=lambda step: (new[step] - old.get(step, 0.0), step))


def _by_step(plan: Plan) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for node in plan.nodes:
        step = f"{node.title} on {node.target}" if node.target else node.title
        found[step] += (node.rows_carried or 0.0) if node.self_cost is None else node.self_cost
    return found
