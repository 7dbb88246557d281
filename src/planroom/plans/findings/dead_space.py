"""Tables that are mostly empty space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import table_name
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["DeadSpace"]

_BLOCKS = 1000
_LEAST_ROWS = 4.0  # rows that a block holds at least: larger ones are moved out (TOAST_TUPLES_PER_PAGE)


class DeadSpace(NodeRule):
    """A table has more blocks than rows: most of what is read is empty, or rows that are gone.

    A block of 8 KiB holds four rows or more, as wide values are moved out to the TOAST table. Deleted rows leave room
    that VACUUM makes usable again, but hands back only at the table's end.
    """

    code = "PLN007"
    fix = "VACUUM FULL the table in a quiet hour (it locks the table), or have pg_repack rewrite it."
    source = "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY"
    operators = frozenset({"Seq Scan"})
    needs = "rows"
    bad = (
        Example("SELECT count(*) FROM fresh", analyze=True,
                before="INSERT INTO fresh SELECT i, 1 FROM generate_series(1, 300000) AS i; "
                "DELETE FROM fresh WHERE id % 500 > 0;"),
    )  # fmt: skip
    good = (Example("SELECT count(*) FROM orders WHERE total > 5", analyze=True),)

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when it read more blocks than rows."""
        blocks = node.self_buffers.touched
        if blocks < _BLOCKS or not node.relation:
            return None
        rows = ((node.rows or 0.0) + (node.removed_by_filter or 0.0)) * (node.loops or 0.0)
        if rows >= blocks or any(above.operator == "Limit" for above in survey.ancestors(node)):
            return None
        return Hit(node, survey.load(node).times(1.0 - rows / (_LEAST_ROWS * blocks)))

    def tell(self, group: Group) -> Told:
        """Name the blocks and the rows."""
        node = group.node
        blocks = node.self_buffers.touched
        rows = group.counted("rows") + group.counted("removed_by_filter")
        name = table_name(node)
        message = f"{format_count(blocks)} blocks of {node.target} were read for {format_count(rows)} rows"
        return Told(message, "", f"VACUUM (FULL, ANALYZE) {name};", {"blocks": blocks, "rows": round(rows)})
