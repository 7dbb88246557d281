"""What a plan says first, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.showing.numbers import cost_text, count_text
from planroom.quantities import counted, format_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Finding
    from planroom.plans.plan import Plan

__all__ = ["headline"]


def headline(plan: Plan, findings: Sequence[Finding] = (), *, timed: bool = False) -> str:
    """Return how large and how dear a plan is: ``5 nodes · cost 113.67 · 5 rows expected``.

    Args:
        plan: The plan.
        findings: What was found in it; they are counted.
        timed: Whether to say how long it took, which differs from run to run.
    """
    root = plan.root
    parts = [counted(len(plan.nodes), "node")]
    if plan.total_cost is not None:
        parts.append(f"cost {cost_text(plan.total_cost)}")
    rows = root.rows if plan.analyzed else root.estimated_rows
    if rows is not None:
        unit = "row" if rows == 1 else "rows"
        parts.append(f"{count_text(rows)} {unit} {'actual' if plan.analyzed else 'expected'}")
    if timed and plan.total_ms is not None:
        parts.append(format_duration(plan.total_ms / 1000))
    if findings:
        parts.append(counted(len(findings), "finding"))
    return " · ".join(parts)
