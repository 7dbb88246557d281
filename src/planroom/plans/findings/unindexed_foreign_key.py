"""Deletions that look for referencing rows in a whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import listed
from planroom.plans.findings._indexes import index_on, leading_indexes, table_sql
from planroom.plans.findings._survey import Load
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.model import ForeignKey, Table
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["UnindexedForeignKey"]

_UNKNOWN_ROWS = 10_000.0
_ROWS_PER_UNIT = 100.0


class UnindexedForeignKey(NodeRule):
    """Each row that is deleted makes the server read a whole table, to see whether a row there refers to it.

    A foreign key is checked on both sides. The referenced side has its key's index; the referencing side has an index
    only if someone makes one. EXPLAIN counts this among the triggers, not in the plan's cost.
    """

    code = "PLN032"
    fix = "Make an index on the referencing columns."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    operators = frozenset({"ModifyTable"})
    bad = (
        Example("DELETE FROM customers WHERE id BETWEEN 100 AND 300", modelled=True,
                rows=(("public.orders", 100_000.0),)),
    )  # fmt: skip
    good = (
        Example("DELETE FROM orders WHERE id BETWEEN 100 AND 300", modelled=True),
        Example("SELECT * FROM customers WHERE id < 200", modelled=True, rows=(("public.orders", 100_000.0),)),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the deletion when a foreign key refers to its table from columns without an index."""
        if node.operation != "Delete" or survey.model is None or not (found := _unindexed(node, survey)):
            return None
        deleted = sum(child.rows_carried or 0.0 for child in node.children)
        rows = sum(_rows(survey, table) for table, _ in found)
        size = deleted * rows / _ROWS_PER_UNIT
        return Hit(node, Load(size / (size + max(survey.whole, 1.0)), size, "rows"))

    def tell(self, group: Group) -> Told:
        """Name the foreign keys and the indexes."""
        node, survey = group.node, group.survey
        found = _unindexed(node, survey)
        deleted = sum(child.rows_carried or 0.0 for child in node.children)
        names = listed([f"{table.id} ({', '.join(key.columns)})" for table, key in found])
        ddl = " ".join(index_on(table_sql(table), key.columns) for table, key in found)
        message = (
            f"for each of {format_count(deleted)} rows deleted from {node.target}, {names} is searched without an index"
        )
        return Told(message, "", ddl, {"deleted": round(deleted), "keys": tuple(key.name for _, key in found)})


def _unindexed(node: PlanNode, survey: Survey) -> list[tuple[Table, ForeignKey]]:
    table = survey.table(node)
    if table is None or survey.model is None:
        return []
    return [
        (child, key)
        for child in survey.model.tables
        for key in child.foreign_keys
        if key.referenced_table == table.id and not any(_serves(first, key) for _, first, _ in leading_indexes(child))
    ]


def _serves(first: str, key: ForeignKey) -> bool:
    return first in key.columns


def _rows(survey: Survey, table: Table) -> float:
    known = survey.rows.get(table.id, table.annotations.rows)
    return _UNKNOWN_ROWS if known is None else float(known)
