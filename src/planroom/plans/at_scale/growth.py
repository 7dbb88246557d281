"""Which queries of a workload grow dearer faster than their tables grow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.display import Displayable, card, details, html_table, preformatted, text_table
from planroom.plans.at_scale.words import changed, cost_of, note_lines
from planroom.plans.shapes import fingerprint
from planroom.plans.showing.numbers import cost_text

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["Growth", "QueryGrowth"]

_FASTER = 1.05  # a sort of n rows takes n log n: at 10^9 rows its slope is 1.05


@dataclass(frozen=True)
class QueryGrowth:
    """One query at several sizes of its tables.

    Attributes:
        name: The query.
        plans: By how much the tables have grown, rising, each with the plan; empty where there is none.
        reason: Why there is none.
    """

    name: str
    plans: tuple[tuple[float, Plan], ...] = ()
    reason: str = ""

    @cached_property
    def exponent(self) -> float:
        """The steepest slope of the logarithm of the cost by that of the rows between two sizes; 1 is in proportion."""
        slopes = [
            math.log(cost_of(after) / cost_of(before)) / math.log(more / fewer)
            for (fewer, before), (more, after) in pairwise(self.plans)
            if cost_of(before) > 0 and cost_of(after) > 0
        ]
        return max(slopes, default=0.0)

    @property
    def faster(self) -> bool:
        """Whether the cost grows faster than the rows."""
        return self.exponent > _FASTER

    @property
    def changes(self) -> tuple[str, ...]:
        """What changes in the plan from one size to the next."""
        return tuple(
            f"at {more:g} times: {changed(before, after)}"
            for (_, before), (more, after) in pairwise(self.plans)
            if fingerprint(before) != fingerprint(after)
        )


@dataclass(frozen=True, repr=False)
class Growth(Displayable):
    """A workload at several sizes of all tables, the query first whose cost grows fastest.

    Attributes:
        queries: The queries, sorted.
        factors: By how much the tables have grown at each size.
        notes: Assumptions.
    """

    queries: tuple[QueryGrowth, ...]
    factors: tuple[float, ...]
    notes: tuple[str, ...] = ()

    @property
    def faster(self) -> tuple[QueryGrowth, ...]:
        """The queries whose cost grows faster than their rows."""
        return tuple(each for each in self.queries if each.faster)

    @property
    def summary(self) -> str:
        """How many queries grow faster than their rows, and which most."""
        planned = [each for each in self.queries if each.plans]
        if not self.faster:
            return f"none of {len(planned)} queries grows dearer faster than its rows"
        worst = self.faster[0]
        return (
            f"{len(self.faster)} of {len(planned)} queries grow dearer faster than their rows: "
            f"{worst.name} as rows^{worst.exponent:.2f}"
        )

    @property
    def _header(self) -> tuple[str, ...]:
        return ("query", "grows as", *(f"cost at ×{factor:g}" for factor in self.factors), "plan changes")

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                each.name,
                f"rows^{each.exponent:.2f}" + (" ▲" if each.faster else ""),
                *(cost_text(cost_of(plan)) for _, plan in each.plans),
                *("" for _ in range(len(self.factors) - len(each.plans))),
                str(len(each.changes) or ""),
            )
            for each in self.queries
            if each.plans
        ]

    @property
    def _numeric(self) -> set[int]:
        return set(range(1, len(self.factors) + 3))

    @property
    def _unplanned(self) -> list[tuple[str, str]]:
        return [(each.name, each.reason) for each in self.queries if not each.plans]

    def __str__(self) -> str:
        lines = [self.summary, "", text_table(self._header, self._rows(), numeric=self._numeric)]
        lines += ["", text_table(("not planned", "why"), self._unplanned)] if self._unplanned else []
        lines += note_lines(self.notes)
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Growth: {self.summary}>"

    def _html(self) -> str:
        parts = [html_table(self._header, self._rows(), numeric=self._numeric)]
        parts += [
            details(f"{each.name}: what changes", preformatted("\n".join(each.changes)))
            for each in self.queries
            if each.changes
        ]
        parts += [html_table(("not planned", "why"), self._unplanned)] if self._unplanned else []
        parts += [details("What is assumed", preformatted("\n".join(self.notes)))] if self.notes else []
        return card(self.summary, *parts)
