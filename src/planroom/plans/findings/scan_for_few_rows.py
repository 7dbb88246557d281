"""Whole tables read for few of their rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.plans.findings._indexes import WantedIndex, index_for, unserved
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["ScanForFewRows"]

# What a row costs at most that an index leads to: a page of its own, read at random (random_page_cost).
_COST_PER_ROW = 4.0
_COST_OF_DESCENT = 25.0
_ROWS_PER_COST = 30.0  # of a scan: pages, rows and conditions together, for rows of some 100 bytes
_WORTH_IT = 0.5  # an index that saves less than half of a scan rarely pays for its upkeep


class ScanForFewRows(NodeRule):
    """A whole table is read, and nearly all of it is thrown away.

    An index leads to the rows that the condition leaves. Whether it would pay is reckoned carefully: as if each of
    them lay on a page of its own that is read at random. A scan that this does not make at least twice as cheap is
    left alone.
    """

    code = "PLN003"
    fix = "Make an index on the columns of the condition: those compared for equality first, then one range."
    source = "https://www.postgresql.org/docs/current/indexes-multicolumn.html"
    operators = frozenset({"Seq Scan"})
    bad = (
        Example("SELECT * FROM orders WHERE status = 'open'"),
        Example("SELECT * FROM orders WHERE status = 'open' AND total > 10", analyze=True),
        Example("SELECT * FROM orders WHERE lower(code) = 'c17'", analyze=True, modelled=True),
        Example("SELECT * FROM orders WHERE id::numeric = 17.0", analyze=True, modelled=True),
    )
    good = (
        Example("SELECT * FROM orders WHERE status = 'paid'", analyze=True),
        Example("SELECT * FROM orders WHERE id = 17"),
        Example("SELECT * FROM orders WHERE total > 50"),
        Example("SELECT * FROM customers WHERE place = 7 LIMIT 1"),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when an index would at least halve it."""
        if not node.conditions or not node.relation or not node.total_cost:
            return None
        kept = node.estimated_rows if node.rows is None or not node.loops else node.rows
        if node.never_executed or kept is None:
            return None
        saved = 1.0 - (kept * _COST_PER_ROW + _COST_OF_DESCENT) / node.total_cost
        return Hit(node, survey.load(node).times(saved)) if saved >= _WORTH_IT else None

    def tell(self, group: Group) -> Told | None:
        """Name the condition's columns, the rows kept and thrown away, and the index."""
        node = group.node
        wanted = index_for(node, group.survey)
        if wanted.ddl and unserved(node, wanted, group.survey) and not _pays_alone(node):
            return None
        kept, thrown = group.counted("rows"), group.counted("removed_by_filter")
        if group.survey.analyzed:
            counts = f"{format_count(kept)} of {format_count(kept + thrown)} rows are kept"
        else:
            counts = f"{format_count(node.estimated_rows or 0)} rows are expected of it"
        message = f"{node.target} is read from end to end, and {counts}"
        return Told(
            message + (f"; {wanted.note}" if wanted.note else ""),
            _advice(wanted, self.fix),
            wanted.ddl,
            {"keys": wanted.keys, "kept": round(kept), "removed": round(thrown)} if group.survey.analyzed else
            {"keys": wanted.keys},
        )  # fmt: skip


def _advice(wanted: WantedIndex, usual: str) -> str:
    """Return what to do in words: make the index, write the condition so that one serves it, or both."""
    if not wanted.rewrite:
        if wanted.ddl:
            return ""
        if wanted.keys:
            return "There is an index for it: ANALYZE the table, and look at random_page_cost."
        return "No index of the usual kind serves this condition: look at its operators."
    words = f"{wanted.rewrite[0].upper()}{wanted.rewrite[1:]}."
    return f"{words} {usual}" if wanted.ddl else words


def _pays_alone(node: PlanNode) -> bool:
    """Whether an index for a part of the condition would pay, the rest being left to a filter.

    The plan tells what all parts leave together. That the part does half of it (as a factor) is a guess on the safe
    side: the geometric mean of the rows kept and of all rows.
    """
    kept = node.rows if node.loops else node.estimated_rows
    cost = node.total_cost or 1.0
    rows = (kept or 0.0) + node.removed_by_filter if node.removed_by_filter else cost * _ROWS_PER_COST
    through_index = math.sqrt(max(kept or 0.0, 1.0) * rows)
    return 1.0 - (through_index * _COST_PER_ROW + _COST_OF_DESCENT) / cost >= _WORTH_IT
