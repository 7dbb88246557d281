"""Results gone through again for each row of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["RepeatedRescan"]

_PASSES = 100.0
_ROWS = 100.0


class RepeatedRescan(NodeRule):
    """A nested loop goes through a whole result again for each row of its outer side.

    A CTE or a subquery has no index, and without an equality in the condition it cannot be hashed. A temporary table
    can have an index and statistics; a CTE that is NOT MATERIALIZED is planned with what is around it.
    """

    code = "PLN029"
    fix = "Put an equality into the join condition, or keep the inner result in a temporary table with an index."
    source = "https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-CTE-MATERIALIZATION"
    operators = frozenset({"Nested Loop"})
    bad = (
        Example("WITH k AS MATERIALIZED (SELECT * FROM customers) "
                "SELECT count(*) FROM orders o JOIN k ON k.place > o.shelf + 100 WHERE o.id < 2000"),
        Example("SELECT count(*) FROM (SELECT place, count(*) AS n FROM customers GROUP BY place) AS k "
                "JOIN orders o ON k.n > o.shelf AND o.id < 5000", analyze=True),
    )  # fmt: skip
    good = (
        Example("WITH k AS MATERIALIZED (SELECT * FROM customers) "
                "SELECT count(*) FROM orders o JOIN k ON k.id = o.customer_id WHERE o.id < 2000"),
        Example("SELECT count(*) FROM orders o JOIN customers c ON o.customer_id = c.id WHERE o.id < 500",
                settings=("enable_hashjoin = off", "enable_mergejoin = off")),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the loop when its inner side is a kept result without an index."""
        inner = node.children[1] if len(node.children) > 1 else None
        if inner is None or not node.condition("Join Filter") or survey.passes(inner) < _PASSES:
            return None
        if inner.operator not in {"Materialize", "CTE Scan", "Subquery Scan"} or _is_whole_table(inner):
            return None
        if ((inner.estimated_rows if inner.rows is None else inner.rows) or 0.0) < _ROWS:
            return None
        return Hit(node, survey.load(inner).plus(survey.load(node)).times(0.9))

    def tell(self, group: Group) -> Told:
        """Name the result, its rows, and how often it is gone through."""
        node = group.node
        inner = node.children[1]
        passes = group.survey.passes(inner)
        rows = (inner.estimated_rows if inner.rows is None else inner.rows) or 0.0
        name = next((each.target for each in inner.walk() if each.target), "") or "a result"
        verb = "were" if group.survey.analyzed else "are to be"
        message = (
            f"the {format_count(rows)} rows of {name} {verb} gone through {format_count(passes)} times, for "
            f"{node.condition('Join Filter')}"
        )
        return Told(message, facts={"passes": round(passes), "rows": round(rows)}, subject=name)


def _is_whole_table(inner: PlanNode) -> bool:
    """Whether the result is a table read from end to end, which an index would serve (PLN015)."""
    while inner.operator == "Materialize" and len(inner.children) == 1:
        inner = inner.children[0]
    return inner.operator == "Seq Scan"
