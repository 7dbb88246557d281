"""Rows worked out in full and then thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["LateFilter"]

_THROWN = 0.9
_ROWS = 10_000.0
_RANKED = "SELECT * FROM (SELECT *, rank() OVER (PARTITION BY customer_id ORDER BY total) FROM orders) AS o"


class LateFilter(NodeRule):
    """A subquery works out rows that a filter outside it throws away.

    The planner may not move the condition inside, past a window function, DISTINCT ON or LIMIT, as it could change
    the result. Where it does not change yours, write it inside; for the first rows of each group, LATERAL with LIMIT
    asks for no others.
    """

    code = "PLN018"
    fix = "Write the condition inside the subquery, or fetch the first rows of each group by LATERAL with LIMIT."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-LATERAL"
    operators = frozenset({"Subquery Scan", "CTE Scan"})
    needs = "rows"
    bad = (Example(f"{_RANKED} WHERE shelf = 7", analyze=True),)
    good = (Example(f"{_RANKED} WHERE customer_id = 7", analyze=True),)

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the subquery when nine of ten of its rows were thrown away."""
        thrown = node.removed_by_filter
        if not thrown or thrown * (node.loops or 0.0) < _ROWS:
            return None
        share = thrown / (thrown + (node.rows or 0.0))
        if share < _THROWN:
            return None
        return Hit(node, survey.below(node).times(share / 2))

    def tell(self, group: Group) -> Told:
        """Name the rows, the condition, and what stands between it and the table."""
        node = group.node
        kept, thrown = group.counted("rows"), group.counted("removed_by_filter")
        message = (
            f"{node.source or node.alias or 'a subquery'} works out {format_count(kept + thrown)} rows, and "
            f"{node.condition('Filter')} leaves {format_count(kept)}"
        )
        fix = "Write the condition into the CTE, or mark it NOT MATERIALIZED." if node.operator == "CTE Scan" else ""
        return Told(message, fix, facts={"kept": round(kept), "removed": round(thrown)})
