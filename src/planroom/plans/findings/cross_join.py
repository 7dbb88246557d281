"""Every row joined with every row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["CrossJoin"]

_SIDE = 20.0
_PAIRS = 100_000.0
_ALIAS = re.compile(r'(\w+|"[^"]+")\.')


class CrossJoin(NodeRule):
    """Two inputs are joined without a condition: each row of the one with each row of the other.

    Mostly a join condition was forgotten, or it names a column of one side only.
    """

    code = "PLN037"
    fix = "Add the condition that says which rows belong together."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN"
    engines = frozenset({"postgres", "duckdb"})
    operators = frozenset({"Nested Loop", "CROSS_PRODUCT"})
    bad = (
        Example("SELECT count(*) FROM orders o, customers c WHERE c.place = 7"),
        Example("SELECT count(*) FROM orders o, customers c WHERE c.place = 7", analyze=True, engine="duckdb"),
    )
    good = (
        Example("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id < 2000",
                settings=("enable_hashjoin = off", "enable_mergejoin = off")),
        Example("SELECT count(*) FROM orders o, (SELECT max(place) FROM customers) AS c(top) WHERE o.shelf < top"),
        Example("SELECT count(*) FROM orders o, customers c WHERE c.id = o.customer_id", analyze=True, engine="duckdb"),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the join when it has no condition and both sides many rows."""
        if len(node.children) < 2 or node.condition("Join Filter"):
            return None
        left, right = survey.rows_of(node.children[0]), _rows_each_time(node.children[1])
        if min(left, right) < _SIDE or left * right < _PAIRS or _refers_outside(node.children[1], survey):
            return None
        return Hit(node, survey.load(node).plus(survey.below(node.children[1])))

    def tell(self, group: Group) -> Told:
        """Name both sides and their product."""
        node = group.node
        left, right = group.survey.rows_of(node.children[0]), _rows_each_time(node.children[1])
        names = [next((each.target for each in side.walk() if each.target), "a subquery") for side in node.children[:2]]
        message = (
            f"every one of {format_count(left)} rows of {names[0]} is joined with every one of "
            f"{format_count(right)} rows of {names[1]}: {format_count(left * right)} pairs"
        )
        return Told(message, facts={"pairs": round(left * right)}, subject=names[0])


def _rows_each_time(node: PlanNode) -> float:
    return (node.estimated_rows if node.rows is None else node.rows) or 0.0


def _refers_outside(inner: PlanNode, survey: Survey) -> bool:
    """Whether the inner side looks at the row it is run for."""
    if survey.plan.engine == "duckdb":
        return False
    nodes = list(inner.walk())
    own = {each.alias for each in nodes} | {each.relation for each in nodes}
    if any(each.operator in {"Memoize", "Function Scan", "Values Scan"} for each in nodes):
        return True
    texts = [condition.text for each in nodes for condition in each.conditions]
    return any(name.strip('"') not in own for text in texts for name in _ALIAS.findall(text))
