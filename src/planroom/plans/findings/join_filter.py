"""Joins that match rows only to throw them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["JoinFilter"]

_THROWN = 0.9
_ROWS = 10_000.0
_PAIRS_PER_ROW = 2.0  # of the larger side: fewer, and the first condition was fine


class JoinFilter(NodeRule):
    """A join finds pairs by one condition and throws nearly all of them away by another.

    The condition that finds them is too coarse: an equality that tells them apart, added to the join, is hashed or
    looked up with it.
    """

    code = "PLN017"
    fix = "Join by an equality that tells the rows apart."
    source = "https://www.postgresql.org/docs/current/using-explain.html"
    operators = frozenset({"Nested Loop", "Hash Join", "Merge Join"})
    needs = "rows"
    bad = (
        Example(
            "SELECT count(*) FROM orders o JOIN customers c ON o.shelf = c.place AND o.id + c.id = 100", analyze=True
        ),
    )
    good = (
        Example("SELECT count(*) FROM orders o JOIN customers c ON o.customer_id = c.id AND o.total > c.place / 100",
                analyze=True),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the join when it threw away nine pairs of ten; a table read again and again is told of elsewhere."""
        thrown = node.removed_by_join_filter
        if not thrown or thrown * (node.loops or 0.0) < _ROWS or _is_repeated_scan(node):
            return None
        pairs = thrown + (node.rows or 0.0)
        if pairs < _PAIRS_PER_ROW * max(child.rows or 0.0 for child in node.children):
            return None
        share = thrown / pairs
        return Hit(node, survey.load(node).times(share)) if share >= _THROWN else None

    def tell(self, group: Group) -> Told:
        """Name both conditions and the pairs."""
        node = group.node
        kept, thrown = group.counted("rows"), group.counted("removed_by_join_filter")
        found = next((each.text for each in node.conditions if each.label in {"Hash Cond", "Merge Cond"}), "its loop")
        message = (
            f"{node.title} finds {format_count(thrown + kept)} pairs by {found}, and {node.condition('Join Filter')} "
            f"leaves {format_count(kept)} of them"
        )
        return Told(message, facts={"kept": round(kept), "removed": round(thrown)})


def _is_repeated_scan(node: PlanNode) -> bool:
    inner = node.children[1] if len(node.children) > 1 else node
    return node.operator == "Nested Loop" and inner.operator in {"Seq Scan", "Materialize"}
