"""Sorts of everything for the first few rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.plans.findings._advice import asked_of
from planroom.plans.findings._indexes import index_for
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["SortForLimit"]

_FACTOR = 100.0
_PLAIN_KEY = re.compile(
    r'(?:(?P<table>\w+|"[^"]+")\.)?(?P<column>\w+|"[^"]+")(?P<order>(?: DESC| ASC)?(?: NULLS (?:FIRST|LAST))?)'
)
_PASS_ON = frozenset({"Gather Merge", "Gather", "Subquery Scan"})


class SortForLimit(NodeRule):
    """All rows of a table are read and sorted to give the first few.

    An index in the order of the sort gives these at once: first the columns that are compared for equality, then the
    sort key, with DESC and NULLS FIRST or LAST as the query has them where they are mixed.
    """

    code = "PLN021"
    fix = "Make an index in the order of the sort key."
    source = "https://www.postgresql.org/docs/current/indexes-ordering.html"
    operators = frozenset({"Limit"})
    bad = (
        Example("SELECT * FROM orders ORDER BY total DESC LIMIT 10"),
        Example("SELECT * FROM orders WHERE shelf = 7 ORDER BY total, id LIMIT 10", analyze=True),
    )
    good = (
        Example("SELECT * FROM orders ORDER BY placed_on LIMIT 10"),
        Example("SELECT * FROM orders ORDER BY total LIMIT 50000"),
        Example("SELECT shelf, count(*) FROM orders GROUP BY shelf ORDER BY count(*) LIMIT 3"),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the limit when one table's rows are sorted below it, a hundred or more for each that is wanted."""
        sort, scan = _sorted_scan(node)
        if sort is None or scan is None:
            return None
        wanted, given = survey.rows_of(node), survey.rows_of(scan)
        if given < _FACTOR * max(wanted, 1.0) or not _keys(sort, scan):
            return None
        return Hit(node, survey.below(node).times(1.0 - wanted / given))

    def tell(self, group: Group) -> Told:
        """Name the rows sorted and wanted, and the index."""
        node = group.node
        sort, scan = (each or node for each in _sorted_scan(node))
        keys = _keys(sort, scan)
        index = index_for(scan, group.survey, _index_order(keys))
        rows, wanted = group.survey.rows_of(scan), group.survey.rows_of(node)
        message = (
            f"{format_count(rows)} rows of {scan.target} are sorted by {', '.join(keys)} to give {format_count(wanted)}"
        )
        ranged = any(part.form == "range" for part in asked_of(scan, group.survey))
        fix = "Make an index in the order of the sort key; it pays if the range leaves many rows." if ranged else ""
        return Told(message, fix, index.ddl, {"rows": round(rows), "wanted": round(wanted)}, scan.target)


def _sorted_scan(limit: PlanNode) -> tuple[PlanNode | None, PlanNode | None]:
    """Return the sort below a limit and the scan of a table below that, if these are all there is."""
    node = limit
    while len(node.children) == 1 and node.children[0].operator in _PASS_ON:
        node = node.children[0]
    sort = node.children[0] if len(node.children) == 1 and node.children[0].operator == "Sort" else None
    scan = sort.children[0] if sort is not None and len(sort.children) == 1 else None
    return (sort, scan) if scan is not None and scan.relation and not scan.children else (None, None)


def _keys(sort: PlanNode, scan: PlanNode) -> tuple[str, ...]:
    """Return the sort key as parts of an index on the scan's table; nothing where an expression is among them."""
    found = [_PLAIN_KEY.fullmatch(key) for key in sort.sort_keys]
    if not all(found):
        return ()
    matches = [each for each in found if each is not None]
    if any(each["table"] and each["table"].strip('"') != scan.alias for each in matches):
        return ()
    return tuple(each["column"] + each["order"] for each in matches)


def _index_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys as an index has them: an index that runs the other way serves as well, so DESC is left out."""
    if all(key.endswith(" DESC") for key in keys):
        return tuple(key.removesuffix(" DESC") for key in keys)
    return keys
