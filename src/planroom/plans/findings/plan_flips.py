"""Plans that change as tables grow."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.plans.findings._survey import Load
from planroom.plans.findings.base import ScaleRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.plans.plan import Plan

__all__ = ["PlanFlips"]


_Step = tuple[str, str, str, str]


class PlanFlips(ScaleRule):
    """The engine turns to another plan as the tables grow.

    A change of plan may be right for the number of rows; it is a day on which response times jump. What is told is
    between which numbers of rows it happens, and which step differs first.
    """

    code = "PLN033"
    fix = "Explain the statement at the numbers of rows between, and make sure that both plans are fast enough."
    source = "https://www.postgresql.org/docs/current/planner-optimizer.html"
    engines = frozenset({"postgres", "duckdb"})
    unproven = "it takes the plans of one statement at several scales"

    def judge(self, plans: Sequence[tuple[float, Plan]]) -> Iterator[tuple[Load, Told]]:
        """Yield each change of shape between neighbours."""
        for (fewer, before), (more, after) in pairwise(plans):
            old, new = _shape(before), _shape(after)
            if old == new:
                continue
            was, now = next((pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]), (old[-1], new[-1]))
            message = (
                f"between {format_count(fewer)} and {format_count(more)} rows the plan turns from "
                f"{_told(was)} to {_told(now)}"
            )
            size = after.total_cost or sum(node.rows_carried or 0.0 for node in after.nodes) / 1000
            facts = {"from_rows": fewer, "to_rows": more, "before": _told(was), "after": _told(now)}
            yield Load(_change(before, after), size), Told(message, facts=facts, subject=was[1] or now[1])


def _shape(plan: Plan) -> tuple[_Step, ...]:
    """Return the steps of a plan, without its numbers."""
    return tuple((node.title, node.target, node.index, node.relationship) for node in plan.nodes)


def _told(step: _Step) -> str:
    title, target, index, _ = step
    return title + (f" using {index}" if index and index != target else "") + (f" on {target}" if target else "")


def _change(before: Plan, after: Plan) -> float:
    """Return the share of the later plan's cost that the earlier had not; all where costs are not known."""
    if not before.total_cost or not after.total_cost:
        return 1.0
    return max(0.0, 1.0 - before.total_cost / after.total_cost)
