"""Where a statement's plan changes as a table grows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.display import Displayable, card, details, html_table, preformatted, text_table
from planroom.plans.at_scale.words import changed, cost_of, note_lines, reads, rows_text
from planroom.plans.comparing.comparison import PlanComparison, compared
from planroom.plans.showing.numbers import cost_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.plan import Plan

__all__ = ["Flip", "Flips"]

_HEADER = ("rows", "what changes", "cost before", "cost after", "driven by")


@dataclass(frozen=True, repr=False)
class Flip(Displayable):
    """One change of plan.

    Attributes:
        below: The most rows that were tried at which the old plan still stands.
        above: The fewest rows that were tried at which the new one does.
        before, after: The two plans.
        drivers: The tables whose growth alone brings it about; empty where only several together do.
    """

    below: float
    above: float
    before: Plan
    after: Plan
    drivers: tuple[str, ...] = ()

    @property
    def rows(self) -> float:
        """The number of rows from which on the new plan stands, as far as it was looked for."""
        return self.above

    @cached_property
    def comparison(self) -> PlanComparison:
        """The two plans compared."""
        return compared(
            self.before, self.after, names=(f"at {rows_text(self.below)} rows", f"at {rows_text(self.above)} rows")
        )

    @property
    def words(self) -> str:
        """What changes."""
        return changed(self.before, self.after)

    def __str__(self) -> str:
        return f"from {rows_text(self.above)} rows on: {self.words}"

    def __repr__(self) -> str:
        return f"<Flip {self}>"

    def _html(self) -> str:
        return self.comparison.html


@dataclass(frozen=True, repr=False)
class Flips(Displayable):
    """The changes of one statement's plan as a table grows.

    Between two tried numbers of rows with the same plan, a plan that comes and goes again is not seen.

    Attributes:
        table: The table whose rows are varied.
        low, high: Between which numbers of rows.
        flips: The changes, from few rows to many; ``flips[0].comparison`` draws one.
        first: The plan at the fewest rows.
        name: What the statement is called.
        tried: At how many numbers of rows it was planned.
        precision: How near the two numbers of rows of a flip are: their ratio less 1.
        along: The tables that grow in step.
        notes: Assumptions.
    """

    table: str
    low: float
    high: float
    flips: tuple[Flip, ...]
    first: Plan
    name: str = ""
    tried: int = 0
    precision: float = 0.05
    along: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Flip]:
        return iter(self.flips)

    def __len__(self) -> int:
        return len(self.flips)

    def __getitem__(self, number: int) -> Flip:
        return self.flips[number]

    @property
    def summary(self) -> str:
        """How often the plan changes, and where first."""
        span = f"between {rows_text(self.low)} and {rows_text(self.high)} rows of {self.table}"
        if not self.flips:
            return f"one plan {span}"
        places = ", ".join(rows_text(each.above) for each in self.flips[:4])
        more = " ..." if len(self.flips) > 4 else ""
        count = "one change" if len(self.flips) == 1 else f"{len(self.flips)} changes"
        return f"{count} of plan {span}: at {places}{more}"

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        return [
            (
                rows_text(each.above),
                each.words,
                cost_text(cost_of(each.before)),
                cost_text(cost_of(each.after)),
                ", ".join(each.drivers) or "several together",
            )
            for each in self.flips
        ]

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.summary}" if self.name else self.summary]
        lines.append(f"at {rows_text(self.low)} rows: {reads(self.first)}")
        lines += ["", text_table(_HEADER, self._rows(), numeric={0, 2, 3})] if self.flips else []
        lines += note_lines(self.notes)
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Flips: {self.summary}>"

    def _html(self) -> str:
        heading = f"{self.name}: {self.summary}" if self.name else self.summary
        parts = [html_table(_HEADER, self._rows(), numeric={0, 2, 3})] if self.flips else []
        parts.append(details(f"The plan at {rows_text(self.low)} rows", preformatted(str(self.first))))
        parts += [details(f"The change at {rows_text(each.above)} rows", each.comparison.html) for each in self.flips]
        parts += [details("What is assumed", preformatted("\n".join(self.notes)))] if self.notes else []
        return card(heading, *parts)
