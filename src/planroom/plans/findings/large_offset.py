"""Rows that are made only to be skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["LargeOffset"]

_SKIPPED = 10.0  # times the rows that are wanted


class LargeOffset(NodeRule):
    """OFFSET makes rows and throws them away: the farther the page, the more of them.

    Where the next page begins after the last row of this one (a condition on the sort key, with an index in its order),
    each page costs the same.
    """

    code = "PLN019"
    fix = "Page by key: WHERE (sort key) > (last value seen) ORDER BY sort key LIMIT n."
    source = "https://www.postgresql.org/docs/current/queries-limit.html"
    operators = frozenset({"Limit"})
    bad = (
        Example("SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 50000"),
        Example("SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 50000", analyze=True),
    )
    good = (
        Example("SELECT * FROM orders ORDER BY id LIMIT 10"),
        Example("SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 20", analyze=True),
        Example("SELECT * FROM orders WHERE id > 50000 ORDER BY id LIMIT 10", analyze=True),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the limit when it skips ten times what it gives."""
        given = node.rows_carried
        skipped = _skipped(node)
        if given is None or skipped < _SKIPPED * max(given, 1.0):
            return None
        return Hit(node, survey.below(node).times(skipped / (skipped + given)))

    def tell(self, group: Group) -> Told:
        """Name the rows made and given, and the sort key."""
        node = group.node
        skipped, given = _skipped(node), node.rows_carried or 0.0
        keys = next((each.sort_keys for each in node.walk() if each.sort_keys), ())
        message = f"about {format_count(skipped)} rows are made and skipped to give {format_count(given)}"
        order = ", ".join(keys)
        fix = f"Page by key: WHERE ({order}) > (last values seen) ORDER BY {order} LIMIT n." if keys else ""
        return Told(message, fix, facts={"skipped": round(skipped), "given": round(given)})


def _skipped(node: PlanNode) -> float:
    """Return the rows that OFFSET throws away: measured, or from the cost that comes before the first row.

    A limit asks for no row too many, so what its input gave more than it did was skipped. The planner charges the
    skipped rows' share of the input's run cost to the start (adjust_limit_rows_costs in pathnode.c).
    """
    below = node.children[0] if node.children else node
    if node.rows is not None:
        return (below.rows or 0.0) - node.rows
    costs = (node.startup_cost, below.startup_cost, below.total_cost, below.estimated_rows)
    first, start, whole, rows = (each or 0.0 for each in costs)
    return (first - start) / (whole - start) * rows if whole > start else 0.0
