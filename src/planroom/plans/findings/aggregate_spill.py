"""Hash aggregates that do not fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import memory_setting
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_bytes, format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["AggregateSpill"]

_IN_MEMORY = 4.0  # what was spilled is input rows; the groups of all of it take at most about as much again


class AggregateSpill(NodeRule):
    """A hash aggregate has more groups than fit into memory, and writes rows to disk to come back to them.

    The planner chose hashing for the number of groups it expected. Where that was too low, n_distinct, or statistics
    on the combination of columns, tell it better.
    """

    code = "PLN013"
    fix = "Raise work_mem or hash_mem_multiplier for this statement, or group by fewer columns first."
    source = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-HASH-MEM-MULTIPLIER"
    operators = frozenset({"Aggregate"})
    needs = "rows"
    bad = (
        Example("SELECT code, customer_id, count(*) FROM orders GROUP BY code, customer_id", analyze=True,
                settings=("work_mem = '256kB'", "enable_sort = off")),
    )  # fmt: skip
    good = (
        Example("SELECT code, customer_id, count(*) FROM orders GROUP BY code, customer_id", analyze=True,
                settings=("work_mem = '128MB'",)),
        Example("SELECT shelf, count(*) FROM orders GROUP BY shelf", analyze=True),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the aggregate when it went to disk."""
        return Hit(node, survey.load(node).times(0.5)) if _disk_bytes(node) else None

    def tell(self, group: Group) -> Told:
        """Name the groups, what was written, and the work_mem that would do."""
        node = group.node
        disk = _disk_bytes(node)
        peak = node.aggregate.peak_memory_kb * 1024 if node.aggregate else 0
        size = memory_setting((peak + disk * _IN_MEMORY) / (group.survey.hash_mem / group.survey.work_mem))
        rows, expected = node.rows or 0.0, node.estimated_rows or 0.0
        keys = ", ".join(node.group_keys)
        message = (
            f"grouping by {keys} wrote {format_bytes(disk)} to disk: {format_count(rows)} groups came, "
            f"{format_count(expected)} were expected"
        )
        facts = {"disk_bytes": disk, "work_mem": size, "groups": round(rows), "expected": round(expected)}
        fix = f"Raise work_mem to {size} for this statement."
        if rows > 2 * expected:
            fix += (
                " Or tell the planner how many groups there are (CREATE STATISTICS ... (ndistinct)), so that it sorts."
            )
        return Told(message, fix, f"SET LOCAL work_mem = '{size}';", facts, subject=keys)


def _disk_bytes(node: PlanNode) -> int:
    uses = (node.aggregate, *(worker.aggregate for worker in node.workers))
    return 1024 * sum(use.disk_kb for use in uses if use is not None)
