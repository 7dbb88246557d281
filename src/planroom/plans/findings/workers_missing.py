"""Parallel plans that found no workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["WorkersMissing"]


class WorkersMissing(NodeRule):
    """A parallel part got fewer workers than it was planned for, so the processes that it had did all the work.

    All sessions share max_parallel_workers, itself within max_worker_processes. When they are taken, a parallel plan
    runs in one process, and may then be worse than the serial plan that was passed over.
    """

    code = "PLN023"
    fix = "Raise max_parallel_workers and max_worker_processes, or lower max_parallel_workers_per_gather."
    source = "https://www.postgresql.org/docs/current/how-parallel-query-works.html"
    operators = frozenset({"Gather", "Gather Merge"})
    needs = "rows"
    bad = (
        Example("SELECT count(*) FROM orders WHERE total > 50", analyze=True,
                settings=("max_parallel_workers = 0", "parallel_setup_cost = 0", "parallel_tuple_cost = 0",
                          "min_parallel_table_scan_size = 0")),
    )  # fmt: skip
    good = (Example("SELECT count(*) FROM orders WHERE total > 50", analyze=True,
                    settings=("max_parallel_workers_per_gather = 0",)),)  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the gathering node when workers are missing."""
        planned, launched = node.workers_planned or 0, node.workers_launched
        if launched is None or launched >= planned:
            return None
        return Hit(node, survey.below(node).times(1.0 - (launched + 1) / (planned + 1)))

    def tell(self, group: Group) -> Told:
        """Name both numbers."""
        planned, launched = group.node.workers_planned or 0, group.node.workers_launched or 0
        message = f"{format_count(launched)} of {format_count(planned)} planned workers came"
        return Told(message, facts={"planned": planned, "launched": launched})
