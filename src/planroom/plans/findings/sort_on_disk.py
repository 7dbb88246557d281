"""Sorts that do not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import memory_setting
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_bytes, format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["SortOnDisk"]

_ROW_OVERHEAD_BYTES = 24  # a MinimalTuple's header and its place in the array (tuplesort.c)
_IN_MEMORY = 3.0  # rows take more room in memory than on disk, where they are packed; measured on narrow rows
_PASS_ON = frozenset({"Gather Merge", "Merge Append"})
_SAVED = 0.5  # of a sort, merging what went to disk is about half


class SortOnDisk(NodeRule):
    """A sort does not fit into work_mem and goes to disk, where it is written and read again.

    In a plan that was run, the sort says so itself. In one that was not, the rows expected times their width are
    held against work_mem. An index that gives the order needs no sort at all.
    """

    code = "PLN010"
    fix = "Raise work_mem for this statement, sort fewer or narrower rows, or make an index that gives the order."
    source = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"
    operators = frozenset({"Sort", "Incremental Sort"})
    bad = (
        Example("SELECT * FROM orders ORDER BY total", analyze=True, settings=("work_mem = '256kB'",)),
        Example("SELECT * FROM orders ORDER BY total", settings=("work_mem = '256kB'",)),
    )
    good = (
        Example("SELECT * FROM orders ORDER BY total", analyze=True, settings=("work_mem = '64MB'",)),
        Example("SELECT * FROM orders ORDER BY total", settings=("work_mem = '64MB'",)),
        Example("SELECT * FROM orders ORDER BY total LIMIT 10", settings=("work_mem = '256kB'",)),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the sort when it went to disk, or will."""
        if not _disk_bytes(node) and not _will_spill(node, survey):
            return None
        return Hit(node, survey.load(node).times(_SAVED))

    def tell(self, group: Group) -> Told:
        """Name the sizes and the work_mem that would do."""
        node = group.node
        disk = _disk_bytes(node)
        size = memory_setting(disk * _IN_MEMORY if disk else _memory_bytes(node) * 1.2)
        keys = ", ".join(node.sort_keys)
        if disk:
            message = f"sorting by {keys} wrote {format_bytes(disk)} to disk"
        else:
            need, limit = format_bytes(_memory_bytes(node)), format_bytes(group.survey.work_mem)
            rows = format_count(node.estimated_rows or 0)
            message = (
                f"sorting {rows} rows by {keys} takes about {need}; work_mem, as far as the plan tells, is {limit}"
            )
        facts = {"disk_bytes": disk, "work_mem": size, "sort_keys": node.sort_keys}
        fix = f"Raise work_mem to {size} for this statement, sort fewer or narrower rows, or make an index on {keys}."
        return Told(message, fix, f"SET LOCAL work_mem = '{size}';", facts, subject=keys)


def _disk_bytes(node: PlanNode) -> int:
    """Return what a sort wrote, all its processes together."""
    uses = [node.sort, *(worker.sort for worker in node.workers)]
    groups = [*node.sort_groups, *(each for worker in node.workers for each in worker.sort_groups)]
    kilobytes = sum(use.space_kb for use in uses if use is not None and use.on_disk)
    return 1024 * (kilobytes + sum(each.peak_disk_kb for each in groups))


def _memory_bytes(node: PlanNode) -> float:
    return (node.estimated_rows or 0.0) * ((node.width_bytes or 0) + _ROW_OVERHEAD_BYTES)


def _will_spill(node: PlanNode, survey: Survey) -> bool:
    if node.loops is not None or node.operator != "Sort" or _memory_bytes(node) <= survey.work_mem:
        return False
    above = next((each for each in survey.ancestors(node) if each.operator not in _PASS_ON), None)
    return (
        above is None or above.operator != "Limit" or (above.estimated_rows or 0.0) * 2 > (node.estimated_rows or 0.0)
    )
