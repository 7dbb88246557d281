"""Plans held against those that were accepted: a flip fails, and says what else changed around it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.display import Displayable, page
from planroom.files import write_form
from planroom.findings import Effect, Finding, Fix, Location, Severity
from planroom.plans.comparing.circumstances import setting_changes
from planroom.plans.comparing.comparison import PlanComparison, compared
from planroom.plans.comparing.measures import Measure, Trend
from planroom.plans.shape_reading import plan_of_shape
from planroom.plans.shapes import EACH_PARTITION
from planroom.plans.snapshots import Snapshot, snapshot_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from planroom.plans.plan import Plan
    from planroom.plans.workloads.planned import PlannedQuery

__all__ = ["CheckedQuery", "PlanCheck", "Standing", "check_plans"]

_ACCEPT = "look at what changed; `planroom plan accept` writes the new plan down."


class Standing(enum.StrEnum):
    """How a query's plan stands to the accepted one, the worst first."""

    FLIPPED = "flipped"
    LOST = "not planned any more"
    DEARER = "dearer"
    CHEAPER = "cheaper"
    UNPLANNED = "not planned"
    NEW = "new"
    VANISHED = "vanished"
    SAME = "same"

    @property
    def severity(self) -> Severity | None:
        """How bad it is; None for what is as it was."""
        return _SEVERITIES[self]


_SEVERITIES = {
    Standing.FLIPPED: Severity.ERROR,
    Standing.LOST: Severity.ERROR,
    Standing.DEARER: Severity.WARNING,
    Standing.CHEAPER: Severity.NOTE,
    Standing.UNPLANNED: Severity.WARNING,
    Standing.NEW: Severity.NOTE,
    Standing.VANISHED: Severity.NOTE,
    Standing.SAME: None,
}
_CODES = {standing: f"PLC{at + 1:03}" for at, standing in enumerate(Standing)}
_MEANINGS = {
    Standing.FLIPPED: "the plan has another shape than the accepted one",
    Standing.LOST: "the query had a plan, and has none now",
    Standing.DEARER: "the plan is the same, and the planner reckons with more work than was accepted",
    Standing.CHEAPER: "the plan is the same, and the planner reckons with less work than was accepted",
    Standing.UNPLANNED: "the query has no plan",
    Standing.NEW: "no plan of this query has been accepted yet",
    Standing.VANISHED: "a plan was accepted for a query that is not there any more",
}


@dataclass(frozen=True)
class CheckedQuery:
    """One query, its plan, and the accepted one.

    Attributes:
        name: The query's name.
        accepted: What was written down; None for a new query.
        current: The query now; None for one that vanished.
        tolerance: By which share a cost may differ.
    """

    name: str
    accepted: Snapshot | None
    current: PlannedQuery | None
    tolerance: float = 0.2

    @cached_property
    def standing(self) -> Standing:
        """How the plan stands to the accepted one."""
        if self.current is None:
            return Standing.VANISHED
        if self._snapshot is None:
            return Standing.LOST if self.accepted else Standing.UNPLANNED
        if self.accepted is None:
            return Standing.NEW
        if self.accepted.shape != self._snapshot.shape or _kind(self.accepted) != _kind(self._snapshot):
            return Standing.FLIPPED
        trend = self.cost.trend if self.cost else Trend.UNKNOWN
        return {Trend.MORE: Standing.DEARER, Trend.LESS: Standing.CHEAPER}.get(trend, Standing.SAME)

    @cached_property
    def _snapshot(self) -> Snapshot | None:
        return snapshot_of(self.current) if self.current else None

    @cached_property
    def comparison(self) -> PlanComparison | None:
        """The accepted plan and the plan now, compared; None where one is missing."""
        if self.accepted is None or self._snapshot is None or self.current is None:
            return None
        folded = any(EACH_PARTITION in line for each in (self.accepted, self._snapshot) for line in each.shape)
        now = self.current.plan if self.current.plan and not folded else _plan(self._snapshot)
        return compared(_plan(self.accepted), now, tolerance=self.tolerance, names=("accepted", "now"))

    @property
    def cost(self) -> Measure | None:
        """The two costs; None where a plan is missing."""
        return self.comparison.measure if self.comparison else None

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """What else changed since the plan was accepted, and may be why."""
        if self.accepted is None or self._snapshot is None:
            return (" ".join(self.current.reason.split()),) if self.current and self.current.reason else ()
        return tuple(_changes(self.accepted, self._snapshot))

    @property
    def location(self) -> Location:
        """Where the query stands."""
        return self.current.location if self.current else Location()

    @property
    def finding(self) -> Finding | None:
        """The standing as a finding; None for what is as it was."""
        severity = self.standing.severity
        if severity is None:
            return None
        moved = self.comparison.sentences if self.comparison and self.standing is Standing.FLIPPED else ()
        cost = str(self.cost) if self.cost and self.cost.trend in {Trend.MORE, Trend.LESS} else ""
        parts = [f"{self.name}: {self.standing}", cost, *moved, *self.reasons]
        return Finding(
            code=_CODES[self.standing],
            slug=f"plan-{str(self.standing).replace(' ', '-')}",
            severity=severity,
            message="; ".join(part for part in parts if part),
            effect=Effect.SLOW if severity > Severity.NOTE else Effect.ADVICE,
            subject=self.name,
            location=self.location,
            why=_MEANINGS[self.standing],
            fix=Fix(_ACCEPT) if self.comparison or self.accepted is None else None,
        )


def _kind(snapshot: Snapshot) -> str:
    return snapshot.engine.partition(" ")[0]


def _plan(snapshot: Snapshot) -> Plan:
    """Return the accepted plan as far as it was written down."""
    kind, _, version = snapshot.engine.partition(" ")
    engine = {"PostgreSQL": "postgres", "DuckDB": "duckdb"}.get(kind, kind)
    plan = plan_of_shape(snapshot.shape, engine=engine, source=snapshot.name)
    root = replace(plan.root, total_cost=snapshot.cost, estimated_rows=snapshot.rows)
    return replace(plan, root=root, version=version, settings=snapshot.settings)


def _changes(old: Snapshot, new: Snapshot) -> Iterator[str]:
    if old.query != new.query:
        yield "the query changed"
    if old.engine != new.engine:
        yield f"{old.engine} → {new.engine}"
    if old.statistics != new.statistics and old.statistics and new.statistics:
        yield "statistics changed"
    if old.indexes != new.indexes and old.indexes and new.indexes:
        yield "indexes changed"
    if old.values != new.values:
        yield "planned for given values now" if old.values else "planned for any values now"
    yield from setting_changes(dict(old.settings), dict(new.settings))


@dataclass(frozen=True, repr=False)
class PlanCheck(Displayable):
    """How the plans of a workload stand to the accepted ones, the worst first.

    Attributes:
        queries: One for each query, new and vanished ones too.
        source: The file of the accepted plans.
    """

    queries: tuple[CheckedQuery, ...]
    source: str = ""

    @cached_property
    def counts(self) -> Counter[Standing]:
        """How many queries stand how."""
        return Counter(each.standing for each in self.queries)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is not as it was, the worst first."""
        return tuple(each.finding for each in self.queries if each.finding is not None)

    @property
    def failed(self) -> bool:
        """Whether a plan flipped, or a query lost its plan."""
        return any(each.severity is Severity.ERROR for each in self.findings)

    @property
    def verdict(self) -> str:
        """The answer in a line: ``1 flipped · 2 dearer · 19 same``."""
        return " · ".join(f"{self.counts[each]} {each}" for each in Standing if self.counts[each]) or "no queries"

    @property
    def markdown(self) -> str:
        """The check for a pull request."""
        from planroom.plans.check_shown import markdown

        return markdown(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the check as the suffix says, whole or not at all: .html, .md, .json or .txt.

        Raises:
            UnknownNameError: The suffix is none of these.
            SourceError: The file cannot be written.
        """
        from planroom.plans.check_shown import json_text

        forms: dict[str, Callable[[], str]] = {
            ".html": lambda: page("Plans checked", self._html()),
            ".json": lambda: json_text(self),
            ".md": lambda: self.markdown,
            ".txt": lambda: f"{self}\n",
        }
        return write_form(path, forms, what="form of a check")

    def __str__(self) -> str:
        from planroom.plans.check_shown import text

        return text(self)

    def __repr__(self) -> str:
        return f"<PlanCheck: {self.verdict}>"

    def _html(self) -> str:
        from planroom.plans.check_shown import html

        return html(self)


def check_plans(
    accepted: Sequence[Snapshot], queries: Sequence[PlannedQuery], *, tolerance: float = 0.2, source: str = ""
) -> PlanCheck:
    """Return how plans stand to accepted ones; a query is found again by its name, else by its fingerprint.

    Args:
        accepted: What was written down.
        queries: The queries and their plans now.
        tolerance: By which share a cost may differ.
        source: The file of the accepted plans.
    """
    before = {each.name: each for each in accepted}
    here = {each.name for each in queries}
    moved = {each.query: each for each in accepted if each.name not in here}
    checked, found = [], set()
    for each in queries:
        snapshot = before.get(each.name) or moved.pop(each.query, None)
        found.add(snapshot.name if snapshot else "")
        checked.append(CheckedQuery(each.name, snapshot, each, tolerance))
    checked += [CheckedQuery(each.name, each, None, tolerance) for each in accepted if each.name not in found]
    order = {standing: at for at, standing in enumerate(Standing)}
    return PlanCheck(tuple(sorted(checked, key=lambda each: (order[each.standing], each.name))), source)
