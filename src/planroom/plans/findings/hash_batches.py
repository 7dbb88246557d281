"""Hash joins that do not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import memory_setting
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_bytes, format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["HashBatches"]

_ROW_OVERHEAD_BYTES = 24  # HashJoinTuple and MinimalTuple headers (nodeHash.c)
_MARGIN = 1.3


class HashBatches(NodeRule):
    """The hash table of a join does not fit into memory: both inputs are split into batches and go through disk.

    The table may take work_mem times hash_mem_multiplier. More batches than were planned tell that the planner expected
    fewer rows, and the join had to split again while it ran.
    """

    code = "PLN012"
    fix = "Raise hash_mem_multiplier or work_mem for this statement, or filter the hashed side earlier."
    source = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-HASH-MEM-MULTIPLIER"
    operators = frozenset({"Hash"})
    bad = (
        Example("SELECT count(a.note), count(b.note) FROM orders a JOIN orders b ON a.id = b.customer_id",
                analyze=True, settings=("work_mem = '256kB'", "enable_mergejoin = off", "enable_nestloop = off")),
        Example("SELECT count(a.note), count(b.note) FROM orders a JOIN orders b ON a.id = b.customer_id",
                settings=("work_mem = '256kB'", "enable_mergejoin = off", "enable_nestloop = off")),
    )  # fmt: skip
    good = (
        Example("SELECT count(a.note), count(b.note) FROM orders a JOIN orders b ON a.id = b.customer_id",
                analyze=True, settings=("work_mem = '64MB'", "enable_mergejoin = off", "enable_nestloop = off")),
        Example("SELECT count(o.note) FROM orders o JOIN customers c ON c.id = o.customer_id"),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the hash table when it was split, or will be; what is at stake is the join above it."""
        if node.loops is None:
            split = _bytes(node) > survey.hash_mem
        else:
            split = node.hash is not None and node.hash.batches > 1
        join = survey.parent(node)
        if not split or join is None:
            return None
        return Hit(node, survey.load(node).plus(survey.load(join)).times(0.5))

    def tell(self, group: Group) -> Told:
        """Name the batches, and the memory that would hold the table."""
        node = group.node
        need = _need(node)
        size = memory_setting(need / (group.survey.hash_mem / group.survey.work_mem))
        target = next((each.target for each in node.walk() if each.target), "the inner side")
        if node.hash is not None:
            planned = node.hash.original_batches
            grown = f", {format_count(planned)} were planned" if planned != node.hash.batches else ""
            message = (
                f"the hash table on {target} is split into {format_count(node.hash.batches)} batches{grown}: "
                f"it needs about {format_bytes(need)} and may take {format_bytes(group.survey.hash_mem)}"
            )
        else:
            message = (
                f"the hash table on {target} will need about {format_bytes(need)} for "
                f"{format_count(node.estimated_rows or 0)} rows, and may take {format_bytes(group.survey.hash_mem)}"
            )
        facts = {"batches": node.hash.batches if node.hash else None, "work_mem": size}
        fix = f"Raise work_mem to {size} for this statement (or hash_mem_multiplier), or filter {target} earlier."
        return Told(message, fix, f"SET LOCAL work_mem = '{size}';", facts, subject=target)


def _bytes(node: PlanNode) -> float:
    rows = node.estimated_rows if node.rows is None else node.rows
    return (rows or 0.0) * ((node.width_bytes or 0) + _ROW_OVERHEAD_BYTES)


def _need(node: PlanNode) -> float:
    """Return what the whole table takes: a batch's peak times the batches, or the rows' own size if that is less."""
    if node.hash is None or not node.hash.peak_memory_kb:
        return _bytes(node) * _MARGIN
    return min(node.hash.peak_memory_kb * 1024.0 * node.hash.batches, max(_bytes(node) * 2, 1.0)) * _MARGIN
