"""Partitions that are all looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Severity
from planroom.plans.findings._survey import Load, together
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count
from planroom.sqltext import restrictions

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["PartitionsNotPruned"]

_LEAST = 4


class PartitionsNotPruned(NodeRule):
    """Every partition of a table is looked into, though few of them hold what is asked for.

    Partitions are left out by conditions on the partition key, compared with values that are known by then: not by a
    function or cast around the key, and not by another column, however well the two go together.
    """

    code = "PLN027"
    ceiling = Severity.WARNING
    fix = "Add a condition on the partition key."
    source = "https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITION-PRUNING"
    operators = frozenset({"Append", "Merge Append"})
    bad = (
        Example(
            "SELECT * FROM events WHERE date_trunc('month', happened_on) = '2026-02-01' AND size = 3", analyze=True
        ),
        Example("SELECT * FROM events WHERE kind = 7 AND size = 3", modelled=True),
    )
    good = (
        Example("SELECT * FROM events WHERE happened_on = '2026-02-03' AND kind = 7", modelled=True),
        Example("SELECT count(*) FROM events", modelled=True),
        Example("SELECT * FROM customers UNION ALL SELECT * FROM customers WHERE place = 3"),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the append when all partitions are read under a condition that does not choose among them."""
        scans = _scans(node)
        if len(scans) < _LEAST or node.subplans_removed or not all(_is_filtered(each) for each in scans):
            return None
        if survey.analyzed:
            empty = [each for each in scans if each.loops and not each.rows]
            idle = _sum(survey, empty)
            return Hit(node, idle) if len(empty) * 2 >= len(scans) else None
        if _key(scans[0], survey) is None or _chooses(scans[0], survey):
            return None
        return Hit(node, _sum(survey, scans).times(1.0 - 1.0 / len(scans)))

    def tell(self, group: Group) -> Told:
        """Name the partitions, the condition, and the key as far as it is known."""
        scans = _scans(group.node)
        key = _key(scans[0], group.survey)
        empty = sum(1 for each in scans if each.loops and not each.rows)
        had = f", and {format_count(empty)} of them held nothing that was asked for" if empty else ""
        conditions = " and ".join(each.text for each in scans[0].conditions[:1])
        message = f"{format_count(len(scans))} partitions like {scans[0].target} are read for {conditions}{had}"
        fix = f"Add a condition on {', '.join(key)}, bare and compared with values." if key else ""
        return Told(message, fix, facts={"partitions": len(scans), "empty": empty}, subject=scans[0].target)


def _scans(node: PlanNode) -> list[PlanNode]:
    """Return the members of an append where all are scans, each of a table of its own; else none."""
    scans = [each for each in node.children if each.relation]
    tables = {(each.schema, each.relation) for each in scans}
    return scans if len(scans) == len(node.children) == len(tables) else []


def _is_filtered(node: PlanNode) -> bool:
    return bool(node.conditions) or any(each.conditions for each in node.children)


def _sum(survey: Survey, nodes: list[PlanNode]) -> Load:
    return together(survey.below(each) for each in nodes)


def _key(scan: PlanNode, survey: Survey) -> tuple[str, ...] | None:
    """Return the partition key of the table that a scan's table is a partition of; None where it is not known."""
    table = survey.table(scan)
    if table is None or table.partition_of is None or survey.model is None:
        return None
    parent = survey.model.tables_by_id.get(table.partition_of.parent)
    if parent is None or parent.partitioning is None:
        return None
    return tuple(str(each) for each in parent.partitioning.columns)


def _chooses(scan: PlanNode, survey: Survey) -> bool:
    """Whether a condition names a column of the partition key: then all partitions may well be meant."""
    named = {part.column for each in scan.conditions for part in restrictions(each.text)}
    return any(name in named for name in _key(scan, survey) or ())
