"""Bitmaps that do not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import memory_setting
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["LossyBitmap"]

_ROWS = 1000.0
_BITMAP_ENTRY_BYTES = 64  # a PagetableEntry with its place in the hash table, rounded up (tidbitmap.c)


class LossyBitmap(NodeRule):
    """A bitmap outgrew work_mem and kept whole pages instead of rows, so that the condition is checked again on each.

    With room for one entry a page, the bitmap names the very rows.
    """

    code = "PLN009"
    fix = "Raise work_mem for this statement."
    source = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"
    operators = frozenset({"Bitmap Heap Scan"})
    needs = "rows"
    bad = (
        Example(
            "SELECT count(note) FROM orders WHERE customer_id < 2000",
            analyze=True,
            before="CREATE INDEX ON orders (customer_id)",
            settings=("work_mem = '64kB'", "enable_seqscan = off", "enable_indexscan = off"),
        ),
    )
    good = (
        Example(
            "SELECT count(note) FROM orders WHERE customer_id < 2000",
            analyze=True,
            before="CREATE INDEX ON orders (customer_id)",
            settings=("enable_seqscan = off", "enable_indexscan = off"),
        ),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when rows were checked again for want of memory; a BRIN index never names rows."""
        removed = (node.removed_by_recheck or 0.0) * (node.loops or 0.0)
        if not node.lossy_blocks or not node.exact_blocks or removed < _ROWS:
            return None
        return Hit(node, survey.load(node).times(removed / (removed + (node.total_rows or 0.0))))

    def tell(self, group: Group) -> Told:
        """Name the blocks, the rows checked for nothing, and the memory that holds all entries."""
        node = group.node
        exact, lossy = node.exact_blocks, node.lossy_blocks
        need = max(2 * group.survey.work_mem, (node.exact_blocks + node.lossy_blocks) * _BITMAP_ENTRY_BYTES)
        message = (
            f"the bitmap of {node.target} kept {format_count(lossy)} of {format_count(lossy + exact)} pages whole: "
            f"{format_count(group.counted('removed_by_recheck'))} rows were checked again and thrown away"
        )
        size = memory_setting(need)
        facts = {"exact_blocks": exact, "lossy_blocks": lossy, "work_mem": size}
        return Told(message, f"Raise work_mem to {size} for this statement.", f"SET LOCAL work_mem = '{size}';", facts)
