"""Joins that give many more rows than they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["ExplodingJoin"]

_FACTOR = 10.0
_ROWS = 100_000.0


class ExplodingJoin(NodeRule):
    """A join gives many times the rows of its larger side: neither side's columns tell its rows apart.

    What follows has to handle them all, and mostly makes them few again by DISTINCT or GROUP BY. Group one side
    before it is joined, or join by a key.
    """

    code = "PLN038"
    fix = "Join by a key of one side, or group that side before the join."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN"
    engines = frozenset({"postgres", "duckdb"})
    operators = frozenset({"Nested Loop", "Hash Join", "Merge Join", "HASH_JOIN", "PIECEWISE_MERGE_JOIN", "IE_JOIN",
                           "NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN"})  # fmt: skip
    needs = "rows"
    bad = (
        Example("SELECT count(*) FROM customers a JOIN customers b ON a.place = b.place", analyze=True),
        Example(
            "SELECT count(*) FROM customers a JOIN customers b ON a.place = b.place", analyze=True, engine="duckdb"
        ),
    )
    good = (
        Example("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id", analyze=True),
        Example(
            "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id", analyze=True, engine="duckdb"
        ),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the join when it gave ten times the rows of its larger side."""
        given = node.total_rows or 0.0
        if given < _ROWS or len(node.children) < 2 or given < _FACTOR * _larger(node):
            return None
        above = survey.parent(node)
        load = survey.load(node)
        return Hit(node, load.plus(survey.load(above)) if above is not None else load)

    def tell(self, group: Group) -> Told:
        """Name the rows taken and given, and the condition."""
        node = group.node
        given, taken = node.total_rows or 0.0, _larger(node)
        condition = next((each.text for each in node.conditions), "no condition")
        message = f"joining by {condition} makes {format_count(given)} rows of at most {format_count(taken)} on a side"
        return Told(message, facts={"given": round(given), "taken": round(taken)}, subject=condition)


def _larger(node: PlanNode) -> float:
    """Return the rows of the larger side; the inner side of a nested loop those of one pass."""
    return max((each.rows or 0.0) if at else (each.total_rows or 0.0) for at, each in enumerate(node.children[:2]))
