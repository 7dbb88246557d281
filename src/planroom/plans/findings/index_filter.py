"""Index scans that throw most of their rows away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import asked_of
from planroom.plans.findings._indexes import index_for
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["IndexFilter"]

_THROWN = 0.5
_ROWS = 1000.0
_DESCENT = 10.0  # what finding the place in the index costs each time, in rows fetched from there


class IndexFilter(NodeRule):
    """An index leads to rows that a further condition throws away: each was fetched from the table for nothing.

    The condition's columns as further key columns, or the condition itself as that of a partial index, let the index
    decide.
    """

    code = "PLN005"
    fix = "Make an index that holds the columns of the filter too."
    source = "https://www.postgresql.org/docs/current/indexes-multicolumn.html"
    operators = frozenset({"Index Scan", "Index Only Scan", "Bitmap Heap Scan"})
    needs = "rows"
    bad = (
        Example(
            "SELECT * FROM orders WHERE placed_on BETWEEN '2024-03-01' AND '2024-06-01' AND shelf = 7",
            analyze=True,
            settings=("enable_seqscan = off",),
        ),
    )
    good = (
        Example("SELECT * FROM orders WHERE placed_on = '2024-03-01' AND total >= 0", analyze=True),
        Example("SELECT * FROM orders WHERE id = 7 AND status = 'open'", analyze=True),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when it threw away more than it kept."""
        thrown = node.removed_by_filter
        if not thrown:
            return None
        loops = node.loops or 0.0
        share = thrown / (thrown + (node.rows or 0.0))
        if share < _THROWN or thrown * loops < _ROWS:
            return None
        return Hit(node, survey.load(node).times(thrown / (thrown + (node.rows or 0.0) + _DESCENT)))

    def tell(self, group: Group) -> Told:
        """Name the rows, and the index that holds both conditions."""
        node = group.node
        kept, thrown = group.counted("rows"), group.counted("removed_by_filter")
        wanted = index_for(node, group.survey)
        using = f" through {node.index}" if node.index else ""
        message = (
            f"{format_count(thrown + kept)} rows of {node.target} are fetched{using}, and a filter leaves "
            f"{format_count(kept)} of them"
        )
        facts = {"keys": wanted.keys, "kept": round(kept), "removed": round(thrown)}
        if wanted.served <= len(asked_of(node, group.survey, ("Index Cond", "Recheck Cond"))):
            condition = node.condition("Filter")
            return Told(message, f"Make a partial index, for the rows of {condition} alone.", facts=facts)
        return Told(message, "", wanted.ddl, facts)
