"""One query of a workload, and the plan that it got or why it got none."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.findings import Location
from planroom.plans.comparing.naming import called
from planroom.plans.shapes import fingerprint
from planroom.sqltext.identity import query_fingerprint

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["PlannedQuery"]


@dataclass(frozen=True)
class PlannedQuery:
    """A query and its plan.

    Attributes:
        name: As a comment ``-- name: x`` before it says, else its file and line.
        sql: The statement as written.
        location: Where it begins.
        plan: The plan; None where there is none.
        reason: Why there is none.
        parameters: Names of its placeholders.
        values: Which literals stood for them; empty when the plan is one for any values.
        statistics: A hash of what the engine knows of the tables that the plan reads; empty when it is not known.
        indexes: A hash of these tables' indexes.
    """

    name: str
    sql: str
    location: Location = field(default_factory=Location)
    plan: Plan | None = None
    reason: str = ""
    parameters: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    statistics: str = ""
    indexes: str = ""

    @cached_property
    def query(self) -> str:
        """The query's fingerprint: constants and formatting do not count."""
        return query_fingerprint(self.sql)

    @cached_property
    def shape(self) -> str:
        """The hash of the plan's shape; empty without a plan."""
        return fingerprint(self.plan) if self.plan else ""

    @property
    def generic(self) -> bool:
        """Whether the plan is the one for any values of the parameters."""
        return bool(self.parameters) and not self.values and self.plan is not None

    @cached_property
    def finding(self) -> Finding | None:
        """The worst finding about the plan, as far as it tells by itself."""
        from planroom.plans.findings import findings_of

        found = findings_of(self.plan) if self.plan else ()
        return max(found, key=lambda each: each.severity, default=None)

    def amount(self, by: str) -> float | None:
        """Return what the plan takes of one measure: cost, rows, blocks of buffers, ms of time; None for not known."""
        from planroom.plans.comparing.measures import MEASURES

        return MEASURES[by][1](self.plan)[0] if self.plan else None

    @cached_property
    def heaviest(self) -> PlanNode | None:
        """The node that alone accounts for most: of the time where it was measured, else of the cost, else of rows."""
        if self.plan is None:
            return None
        return max(self.plan.nodes, key=lambda node: (_weight(node), node.target != "", -node.number))

    @property
    def heaviest_told(self) -> str:
        """The heaviest node in words, with its share of the cost."""
        if self.heaviest is None:
            return ""
        total = self.plan.total_cost if self.plan else None
        own = self.heaviest.self_cost
        share = f" {100 * own / total:.0f} %" if total and own is not None else ""
        return f"{called(self.heaviest)}{share}"


def _weight(node: PlanNode) -> float:
    if node.self_cost is not None:
        return node.self_cost
    return node.rows_carried or 0.0
