"""Queries planned for longer than they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._survey import UNITS_PER_MS, Load
from planroom.plans.findings.base import Example, Told, WholeRule
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.findings._survey import Survey

__all__ = ["PlanningTooDear"]

_DOCUMENT = """[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders", "Alias": "o", "Startup Cost": 0,
"Total Cost": 2000, "Plan Rows": 100000, "Plan Width": 8, "Actual Rows": 100000, "Actual Loops": 1,
"Actual Startup Time": 0.01, "Actual Total Time": 20}, "Planning Time": 80, "Execution Time": 20}]"""


class PlanningTooDear(WholeRule):
    """Planning took longer than the run.

    Each partition, join and index that might be used is weighed. A prepared statement is planned a few times only; a
    condition on the partition key with a constant leaves partitions out before they are weighed.
    """

    code = "PLN026"
    fix = "Prepare the statement, or let fewer partitions and joins be weighed (join_collapse_limit)."
    source = "https://www.postgresql.org/docs/current/sql-prepare.html"
    needs = "time"
    bad = (Example("", by="time", document=_DOCUMENT),)
    good = (Example("", by="time", document=_DOCUMENT.replace('"Planning Time": 80', '"Planning Time": 2')),)
    unproven = "how long planning takes depends on the machine alone"

    def judge(self, survey: Survey) -> Iterator[tuple[Load, Told]]:
        """Yield the planning when it took longer than the run."""
        planning, run = survey.plan.planning.time_ms or 0.0, survey.plan.total_ms or 0.0
        if not run or planning <= run:
            return
        nodes = len(survey.plan.nodes)
        tables = len({(node.schema, node.relation) for node in survey.plan.nodes if node.relation})
        message = f"planning {format_count(nodes)} nodes on {format_count(tables)} tables took longer than the run"
        yield (
            Load(planning / (planning + run), planning * UNITS_PER_MS, "time"),
            Told(message, facts={"nodes": nodes, "tables": tables}),
        )
