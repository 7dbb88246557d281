"""Files and tables of which no part could be skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import asked_of, table_name
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count
from planroom.sqltext import quote_identifier

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["NoPruning"]

_KEPT = 0.01
_ROW_GROUPS = 4


class NoPruning(NodeRule):
    """Few rows were wanted, and yet every row group had to be read.

    DuckDB and Parquet keep the least and the greatest value of each row group, and skip the groups that cannot hold
    what is asked for. In rows that lie in no order, every group may hold it.
    """

    code = "PLN036"
    fix = "Write the table or file sorted by the column of the filter, or partition it by that column."
    source = "https://duckdb.org/docs/stable/guides/performance/indexing"
    engines = frozenset({"duckdb"})
    operators = frozenset({"SEQ_SCAN", "READ_PARQUET", "PARQUET_SCAN"})
    needs = "rows"
    bad = (Example("SELECT sum(total) FROM orders WHERE shelf = 5", analyze=True, engine="duckdb"),)
    good = (
        Example("SELECT sum(total) FROM orders WHERE id BETWEEN 5 AND 600", analyze=True, engine="duckdb"),
        Example("SELECT sum(total) FROM orders WHERE total > 50", analyze=True, engine="duckdb"),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when it read all of several row groups for a hundredth of their rows."""
        groups, scanned = node.row_groups or 0, node.rows_scanned or 0
        if groups < _ROW_GROUPS or node.row_groups_scanned != groups or not _is_own(node):
            return None
        kept = (node.rows or 0.0) / max(scanned, 1)
        return Hit(node, survey.load(node).times(1.0 - kept)) if kept < _KEPT else None

    def tell(self, group: Group) -> Told:
        """Name the rows, the row groups, and the columns to sort by."""
        node = group.node
        columns = dict.fromkeys(part.column for part in asked_of(node, group.survey, ("Filter",)) if part.bare)
        message = (
            f"all {format_count(node.row_groups or 0)} row groups of {node.target} were read, "
            f"{format_count(node.rows_scanned or 0)} rows, and {node.condition('Filter')} leaves "
            f"{format_count(node.rows or 0)}"
        )
        keys = ", ".join(map(quote_identifier, columns))
        ddl = f"CREATE OR REPLACE TABLE {table_name(node)} AS FROM {table_name(node)} ORDER BY {keys};"
        replace = ddl if keys and node.operator == "SEQ_SCAN" else ""
        fix = f"Write it sorted by {keys}." if keys else ""
        return Told(message, fix, replace, {"row_groups": node.row_groups, "keys": tuple(columns)})


def _is_own(node: PlanNode) -> bool:
    """Whether the scan's own filter alone decides, without what a join above has let it know."""
    own = node.condition("Filter")
    return bool(own) and "optional:" not in own and not node.condition("Dynamic Filter")
