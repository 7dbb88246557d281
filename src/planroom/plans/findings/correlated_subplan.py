"""Subqueries that run once a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._indexes import index_for
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["CorrelatedSubplan"]

_PASSES = 1000.0


class CorrelatedSubplan(NodeRule):
    """A subquery runs again for each row of the query around it.

    It stands in the select list or a condition and names a column from outside, so it cannot be worked out once. As a
    join, or a LATERAL join where it takes the first rows only, the planner may choose how to do it.
    """

    code = "PLN016"
    fix = "Rewrite the subquery as a join with GROUP BY, or as LATERAL where it needs the first rows only."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-LATERAL"
    operators = frozenset({"*"})
    bad = (
        Example(
            "SELECT id, (SELECT count(*) FROM customers k WHERE k.place > c.place) FROM customers c WHERE id < 3000"
        ),
        Example("SELECT id, (SELECT max(total) FROM orders o WHERE o.id = c.id) FROM customers c", analyze=True),
    )
    good = (
        Example("SELECT id FROM customers WHERE place > (SELECT avg(place) FROM customers)", analyze=True),
        Example("SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)", analyze=True),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the top of a subquery that is executed a thousand times."""
        if node.relationship != "SubPlan" or _passes(node) < _PASSES:
            return None
        return Hit(node, survey.below(node).times(0.9 if _reads_tables(node) else 0.5))

    def tell(self, group: Group) -> Told:
        """Name the subquery, what it reads, and how often."""
        node = group.node
        passes = _passes(node)
        scans = [each for each in node.walk() if each.target]
        target = scans[0].target if scans else "no table"
        whole = next((each for each in scans if each.operator == "Seq Scan"), None)
        wanted = index_for(whole, group.survey) if whole is not None else None
        verb = "ran" if group.survey.analyzed else "is to run"
        message = f"{node.subplan or 'a subquery'} on {target} {verb} {format_count(passes)} times, once a row"
        fix = f"{self.fix} Until then, an index on what it compares helps." if wanted and wanted.ddl else ""
        return Told(message, fix, wanted.ddl if wanted else "", {"passes": round(passes)}, target)


def _reads_tables(node: PlanNode) -> bool:
    return any(each.operator == "Seq Scan" for each in node.walk())


def _passes(node: PlanNode) -> float:
    """Return how often a subquery is executed: as measured, else as the planner reckons; a hashed one is once."""
    return node.loops if node.loops is not None else node.estimated_loops
