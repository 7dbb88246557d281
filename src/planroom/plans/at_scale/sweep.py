"""One statement's plans over the rows of a table, as a curve of costs with the plans named along it."""

from __future__ import annotations

import math
import string
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from planroom.display import Displayable, card, details, figure, html_table, preformatted, text_table
from planroom.drawing.chart import Chart, Series, Stretch
from planroom.errors import QuantityError
from planroom.plans.at_scale.words import changed, cost_of, note_lines, reads, rows_text
from planroom.plans.findings import findings_at_scale
from planroom.plans.shapes import fingerprint
from planroom.plans.showing.numbers import cost_text, count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.plans.plan import Plan

__all__ = ["Sweep", "SweepComparison"]

_HEADER = ("rows", "plan", "cost", "rows out", "how")


@dataclass(frozen=True, repr=False)
class Sweep(Displayable):
    """The plans of one statement at several numbers of rows of one table.

    Attributes:
        table: The table whose rows are varied.
        points: Numbers of rows, rising, each with the plan.
        name: What the statement is called; empty where it has no name.
        along: The tables that grow in step with it.
        notes: What a reader has to know: assumptions, and where the sweep had to end.
        label: What the design is called when it is compared with another.
    """

    table: str
    points: tuple[tuple[float, Plan], ...]
    name: str = ""
    along: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    label: str = field(default="as designed", compare=False)

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """For each point the letter of its plan: the same letter for the same shape, wherever it comes back."""
        shapes = [fingerprint(plan) for _, plan in self.points]
        known = {shape: _letter(number) for number, shape in enumerate(dict.fromkeys(shapes))}
        return tuple(known[shape] for shape in shapes)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with how the plan changes as the table grows."""
        return findings_at_scale(self.points) if len(self.points) > 1 else ()

    @property
    def exponent(self) -> float:
        """The slope of the logarithm of the cost by that of the rows, between the ends: 1 is in proportion."""
        (low, first), (high, last) = self.points[0], self.points[-1]
        costs = cost_of(first), cost_of(last)
        if min(costs) <= 0 or low == high:
            return 0.0
        return math.log(costs[1] / costs[0]) / math.log(high / low)

    def __getitem__(self, rows: float) -> Plan:
        """Return the plan at the point that is nearest to a number of rows."""
        if rows <= 0:
            raise QuantityError("A plan is at a number of rows above 0.")
        return min(self.points, key=lambda each: abs(math.log(each[0] / rows)))[1]

    def against(self, other: Sweep, *, names: tuple[str, str] | None = None) -> SweepComparison:
        """Return this sweep and another of the same statement in one picture.

        Args:
            other: The same statement on another design, such as one with an index more.
            names: What to call the two; by default their labels.
        """
        return SweepComparison(self, other, names or (self.label, other.label))

    @property
    def summary(self) -> str:
        """What came out, in one line."""
        low, high = self.points[0][0], self.points[-1][0]
        plans = len(dict.fromkeys(self.letters))
        words = "one plan" if plans == 1 else f"{plans} plans"
        return f"{words} from {rows_text(low)} to {rows_text(high)} rows · cost grows as rows^{self.exponent:.2f}"

    @property
    def heading(self) -> str:
        """What it is of."""
        return f"{self.name or 'The plan'} as {self.table} grows"

    def runs(self) -> Iterator[tuple[str, int, int]]:
        """Yield the stretches of one plan: its letter, and the numbers of its first and last point."""
        for letter, group in groupby(enumerate(self.letters), key=lambda each: each[1]):
            numbers = [number for number, _ in group]
            yield letter, numbers[0], numbers[-1]

    def _stretches(self) -> Iterator[Stretch]:
        rows = [each for each, _ in self.points]
        for letter, first, last in self.runs():
            start = rows[first] if first == 0 else math.sqrt(rows[first - 1] * rows[first])
            end = rows[last] if last == len(rows) - 1 else math.sqrt(rows[last] * rows[last + 1])
            yield Stretch(start, end, letter, self._words(first))

    def _words(self, first: int) -> str:
        rows, plan = self.points[first]
        if first == 0:
            return reads(plan)
        return f"at {rows_text(rows)} rows: {changed(self.points[first - 1][1], plan)}"

    @cached_property
    def chart(self) -> Chart:
        """The picture."""
        engine = self.points[0][1]
        return Chart(
            title=self.heading,
            subtitle=f"{engine.engine} {engine.version}".strip() + f" · {self.summary}",
            across=f"rows of {self.table}",
            up=_measure(engine),
            series=(Series(self.label, tuple((rows, max(cost_of(plan), 1e-2)) for rows, plan in self.points)),),
            stretches=tuple(self._stretches()),
            tick=count_text,
            notes=_grown_along(self.along),
        )

    @property
    def svg(self) -> str:
        """The picture as a stand-alone SVG document."""
        return self.chart.svg

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        firsts = {first for _, first, _ in self.runs()}
        return [
            (
                rows_text(rows),
                self.letters[number],
                cost_text(cost_of(plan)),
                count_text(plan.root.estimated_rows or 0.0),
                self._words(number) if number in firsts else "",
            )
            for number, (rows, plan) in enumerate(self.points)
        ]

    def __str__(self) -> str:
        lines = [f"{self.heading}: {self.summary}", "", text_table(_HEADER, self._rows(), numeric={0, 2, 3})]
        lines += note_lines((*_grown_along(self.along), *self.notes))
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Sweep: {self.heading}: {self.summary}>"

    def _svg(self) -> str:
        return self.svg

    def _html(self) -> str:
        parts = [figure(self.svg, f"{self.heading}: {self.summary}", width=int(self.chart.width))]
        parts.append(details("As text", html_table(_HEADER, self._rows(), numeric={0, 2, 3})))
        parts += [
            details(f"Plan {letter}, at {rows_text(self.points[first][0])} rows", preformatted(str(plan)))
            for letter, first, _ in self.runs()
            if (plan := self.points[first][1])
        ]
        parts += [details("What is assumed", preformatted("\n".join(self.notes)))] if self.notes else []
        return card(f"{self.heading}: {self.summary}", *parts)


@dataclass(frozen=True, repr=False)
class SweepComparison(Displayable):
    """Two sweeps of one statement over the same table, on two designs.

    Attributes:
        old, new: The sweeps.
        names: What the two designs are called.
    """

    old: Sweep
    new: Sweep
    names: tuple[str, str]

    @property
    def summary(self) -> str:
        """How many times dearer the one is at its end."""
        rows = min(self.old.points[-1][0], self.new.points[-1][0])
        costs = cost_of(self.old[rows]), cost_of(self.new[rows])
        ratio = costs[0] / costs[1] if costs[1] else math.inf
        if 0.999 < ratio < 1.001:
            return f"at {rows_text(rows)} rows both cost the same"
        cheaper, factor = (self.names[1], ratio) if ratio > 1 else (self.names[0], 1 / ratio)
        return f"at {rows_text(rows)} rows {cheaper} is {count_text(float(f'{factor:.3g}'))} times cheaper"

    @cached_property
    def chart(self) -> Chart:
        """Both curves; the letters are those of the new design's plans."""
        sides = zip(self.names, (self.old, self.new), strict=True)
        series = tuple(Series(name, sweep.chart.series[0].points) for name, sweep in sides)
        chart = self.new.chart
        engine = self.new.points[0][1]
        return Chart(
            title=self.new.heading,
            subtitle=f"{engine.engine} {engine.version}".strip() + f" · {self.summary}",
            across=chart.across,
            up=chart.up,
            series=series,
            stretches=chart.stretches,
            tick=count_text,
            notes=(f"The letters are the plans {self.names[1]}.", *chart.notes),
        )

    @property
    def svg(self) -> str:
        """The picture as a stand-alone SVG document."""
        return self.chart.svg

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (rows_text(rows), cost_text(cost_of(plan)), cost_text(cost_of(self.new[rows])))
            for rows, plan in self.old.points
        ]

    def __str__(self) -> str:
        header = ("rows", *self.names)
        return f"{self.new.heading}: {self.summary}\n\n{text_table(header, self._rows(), numeric={0, 1, 2})}"

    def __repr__(self) -> str:
        return f"<SweepComparison: {self.summary}>"

    def _svg(self) -> str:
        return self.svg

    def _html(self) -> str:
        table = html_table(("rows", *self.names), self._rows(), numeric={0, 1, 2})
        heading = f"{self.new.heading}: {self.summary}"
        return card(heading, figure(self.svg, heading, width=int(self.chart.width)), details("As text", table))


def _letter(number: int) -> str:
    """Return A to Z, then A2, B2 ..."""
    round_, place = divmod(number, 26)
    return string.ascii_uppercase[place] + (str(round_ + 1) if round_ else "")


def _measure(plan: Plan) -> str:
    return "cost" if plan.total_cost is not None else "rows carried"


def _grown_along(tables: tuple[str, ...]) -> tuple[str, ...]:
    return (f"In step with it grow {', '.join(tables)}.",) if tables else ()
