"""Rows kept for later that did not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import memory_setting
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_bytes

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["KeptOnDisk"]


class KeptOnDisk(NodeRule):
    """Rows that are needed again were kept on disk, as they did not fit into work_mem.

    A Materialize, a CTE that is read more than once, and a window keep the rows of their input.
    """

    code = "PLN011"
    fix = "Raise work_mem for this statement, or keep fewer or narrower rows."
    source = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"
    operators = frozenset({"Materialize", "CTE Scan", "WindowAgg", "Recursive Union", "Table Function Scan"})
    needs = "rows"
    bad = (
        Example("WITH kept AS MATERIALIZED (SELECT * FROM orders) SELECT count(a.note) FROM kept a WHERE id % 2 = 0",
                analyze=True, settings=("work_mem = '256kB'",)),
    )  # fmt: skip
    good = (
        Example("WITH kept AS MATERIALIZED (SELECT * FROM orders) SELECT count(a.note) FROM kept a WHERE id % 2 = 0",
                analyze=True, settings=("work_mem = '64MB'",)),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the node when it kept rows on disk."""
        kept = node.storage
        return Hit(node, survey.load(node).times(0.5)) if kept is not None and kept.type == "Disk" else None

    def tell(self, group: Group) -> Told:
        """Name the size, and the work_mem that would do."""
        node = group.node
        largest = node.storage.maximum_kb * 1024 if node.storage is not None else 0
        size = memory_setting(largest * 2)
        message = f"{node} kept {format_bytes(largest)} of rows on disk"
        fix = f"Raise work_mem to {size} for this statement, or keep fewer or narrower rows."
        return Told(message, fix, f"SET LOCAL work_mem = '{size}';", {"disk_bytes": largest, "work_mem": size})
