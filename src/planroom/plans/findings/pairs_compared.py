"""Joins that compare every row of one side with every row of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._survey import ROWS_PER_UNIT, Load
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["PairsCompared"]

_PAIRS = 10_000_000.0
_PAIRS_PER_ROW = 10.0  # comparisons that DuckDB makes, a vector at a time, while it handles one row elsewhere


class PairsCompared(NodeRule):
    """A join compares each row of one side with each of the other: its condition holds nothing to hash or sort by.

    Conditions with OR, with <> alone, or with a function of both sides are such. An equality in them, or a join for
    each side of the OR with UNION, lets DuckDB hash.
    """

    code = "PLN035"
    fix = "Add an equality to the join condition, or write a condition with OR as a UNION of joins."
    source = "https://duckdb.org/docs/stable/guides/performance/join_operations"
    engines = frozenset({"duckdb"})
    operators = frozenset({"NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN"})
    bad = (
        Example(
            "SELECT count(*) FROM customers c JOIN orders o ON c.id = o.id + 7 OR c.place = o.total "
            "WHERE o.id < 1500 AND c.id < 20000",
            analyze=True,
            engine="duckdb",
        ),
    )
    good = (
        Example(
            "SELECT count(*) FROM customers c JOIN orders o ON c.id = o.customer_id AND o.total <> c.place",
            analyze=True,
            engine="duckdb",
        ),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the join when there are ten million pairs to compare."""
        pairs = _pairs(node, survey)
        if pairs < _PAIRS:
            return None
        size = pairs / _PAIRS_PER_ROW / ROWS_PER_UNIT["duckdb"]
        return Hit(node, Load(size / (size + survey.whole), size, "rows"))

    def tell(self, group: Group) -> Told:
        """Name both sides, the pairs, and the condition."""
        node = group.node
        left, right = (group.survey.rows_of(each) for each in node.children[:2])
        condition = next((each.text for each in node.conditions), "its condition")
        pairs = _pairs(node, group.survey)
        sides = f"{format_count(left)} rows are compared with {format_count(right)}"
        message = f"{sides}, {format_count(pairs)} pairs, by {condition}"
        return Told(message, facts={"pairs": round(pairs)}, subject=condition)


def _pairs(node: PlanNode, survey: Survey) -> float:
    if len(node.children) < 2:
        return 0.0
    return survey.rows_of(node.children[0]) * survey.rows_of(node.children[1])
