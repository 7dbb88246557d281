"""Tables counted row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.plans.findings._advice import table_name
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["WholeCount"]

_SCANS = frozenset({"Seq Scan", "Index Only Scan"})


class WholeCount(NodeRule):
    """All rows of a table are counted, one by one.

    PostgreSQL keeps no count, since each transaction sees rows of its own. Where about how many is enough, the
    planner's own count (pg_class.reltuples) costs nothing; where it is asked for all the time, a table of counts that
    a trigger keeps.
    """

    code = "PLN020"
    severity = Severity.NOTE
    ceiling = Severity.NOTE
    effect = Effect.ADVICE
    fix = "Where about how many is enough: SELECT reltuples FROM pg_class WHERE oid = 'the_table'::regclass."
    source = "https://wiki.postgresql.org/wiki/Count_estimate"
    operators = frozenset({"Aggregate"})
    bad = (Example("SELECT count(*) FROM orders"), Example("SELECT count(*) FROM orders", analyze=True))
    good = (
        Example("SELECT count(*) FROM orders WHERE total > 50"),
        Example("SELECT sum(total) FROM orders"),
        Example("SELECT shelf, count(*) FROM orders GROUP BY shelf"),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the aggregate when it counts all rows of one table and does nothing else."""
        if node.partial_mode == "Partial" or node.group_keys or node.output != ("count(*)",):
            return None
        scan = _only_scan(node)
        return Hit(node, survey.below(node)) if scan is not None else None

    def tell(self, group: Group) -> Told:
        """Name the table and the rows."""
        scan = _only_scan(group.node) or group.node
        rows = group.survey.rows_of(scan)
        message = f"all {format_count(rows)} rows of {scan.target} are counted"
        name = table_name(scan)
        literal = name.replace("'", "''")
        replacement = f"SELECT reltuples::bigint FROM pg_class WHERE oid = '{literal}'::regclass;"  # noqa: S608  (shown)
        return Told(message, facts={"rows": round(rows)}, subject=scan.target, replacement=replacement)


def _only_scan(node: PlanNode) -> PlanNode | None:
    """Return the scan of a whole table at the end of a line of nodes."""
    while len(node.children) == 1:
        node = node.children[0]
    whole = not node.children and node.operator in _SCANS and not node.conditions
    return node if whole and node.relation else None
