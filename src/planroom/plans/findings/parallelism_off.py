"""Large scans in one process, as a setting has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Severity
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["ParallelismOff"]

_WORKERS = 2  # PostgreSQL's default
_SETUP_COST = 1000.0


class ParallelismOff(NodeRule):
    """A large table is read by one process, as max_parallel_workers_per_gather is 0.

    With the default, two workers would help. What one process does alone takes no memory and processors from others:
    on a busy server that may be wanted.
    """

    code = "PLN024"
    ceiling = Severity.WARNING
    fix = "Raise max_parallel_workers_per_gather for this statement."
    source = "https://www.postgresql.org/docs/current/when-can-parallel-query-be-used.html"
    operators = frozenset({"Seq Scan"})
    bad = (
        Example("SELECT count(*) FROM fresh WHERE kind % 7 = 3 AND id % 11 = 5 AND kind % 13 = 2",
                settings=("max_parallel_workers_per_gather = 0",),
                before="INSERT INTO fresh SELECT i, i % 50 FROM generate_series(1, 400000) AS i; ANALYZE fresh;"),
    )  # fmt: skip
    good = (
        Example("SELECT count(*) FROM orders WHERE total > 50", settings=("max_parallel_workers_per_gather = 0",)),
        Example("SELECT count(*) FROM fresh WHERE kind % 7 = 3 AND id % 11 = 5 AND kind % 13 = 2",
                before="INSERT INTO fresh SELECT i, i % 50 FROM generate_series(1, 400000) AS i; ANALYZE fresh;"),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when sharing it would have saved at least half, what workers cost reckoned in."""
        if survey.setting("max_parallel_workers_per_gather") != "0" or (node.loops or 1.0) > 1:
            return None
        load = survey.load(node)
        saved = 1.0 - 1.0 / (_WORKERS + 1) - _SETUP_COST / max(load.size, 1.0)
        return Hit(node, load.times(saved)) if saved >= 0.5 else None

    def tell(self, group: Group) -> Told:
        """Name the table."""
        node = group.node
        rows = (node.rows if node.loops else node.estimated_rows) or 0.0
        rows += node.removed_by_filter or 0.0
        read = f"{format_count(rows)} rows of {node.target} are" if node.loops else f"{node.target} is"
        return Told(f"{read} read by one process: max_parallel_workers_per_gather is 0",
                    replacement=f"SET LOCAL max_parallel_workers_per_gather = {_WORKERS};")  # fmt: skip
