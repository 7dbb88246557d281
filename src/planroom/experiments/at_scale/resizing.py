"""One statement's plans as tables are resized under it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planroom.errors import QuantityError
from planroom.plans.at_scale import Flip, Flips, Growth, QueryGrowth, Sweep
from planroom.plans.shapes import fingerprint
from planroom.quantities import format_bytes
from planroom.scaling.pages import BLOCK_BYTES, MOST_PAGES
from planroom.scaling.volumes import growing_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from planroom.experiments.at_scale.scale import Scale
    from planroom.model import ObjectId
    from planroom.plans import Plan
    from planroom.scaling.statistics import Statistics

__all__ = ["StatementAtScale", "fitting", "found_flips", "grown_workload", "spaced", "swept"]

_TRIED_PER_DECADE = 2


class StatementAtScale:
    """The plans of one statement at other numbers of rows; each is asked for once.

    Args:
        scale: The design at its own numbers of rows.
        sql: The statement.
        table: The table that is varied.
        ask: What `Scale.plan` takes.

    Attributes:
        first: The plan at the scale's own numbers of rows.
        along: The tables of the statement that grow in step with the varied one.
    """

    def __init__(self, scale: Scale, sql: str, table: ObjectId, ask: Mapping[str, Any]) -> None:
        self.scale, self.sql, self.table, self.ask = scale, sql, table, dict(ask)
        self.first = scale.plan(sql, **ask)
        read = scale.tables_of(self.first)
        if table not in read:
            raise QuantityError(
                f"The statement does not read {table}.",
                why=f"its plan reads {', '.join(read) or 'no table'}.",
                fix="vary one of these.",
            )
        self.read = read
        self.along = tuple(each for each in growing_with(scale.model, table) if each in read)
        self._plans: dict[tuple[tuple[ObjectId, float], ...], Plan] = {}

    @property
    def tried(self) -> int:
        """How many different sizes have been tried."""
        return len(self._plans)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed about the tables that the statement reads."""
        return self.scale.notes_for(self.first)

    def at(self, rows: float) -> Plan:
        """Return the plan when the table has so many rows, and what refers to it grows in step."""
        return self.with_rows(self.sizes(rows))

    def sizes(self, rows: float) -> dict[ObjectId, float]:
        """Return the rows of the varied table and of those that grow with it."""
        factor = rows / max(self.scale.rows[self.table], 1.0)
        return {self.table: rows} | {each: self.scale.rows[each] * factor for each in self.along}

    def with_rows(self, rows: Mapping[ObjectId, float]) -> Plan:
        """Return the plan when tables that the statement reads have other numbers of rows."""
        sizes = {each: self.scale.rows[each] for each in self.read} | dict(rows)
        key = tuple(sorted(sizes.items()))
        if key not in self._plans:
            engine = self.scale.resizable
            engine.resize(fitting(self.scale.statistics(sizes, tables=self.read)))
            self._plans[key] = self.scale.plan(self.sql, engine=engine, **self.ask)
        return self._plans[key]


def fitting(statistics: Statistics) -> Statistics:
    """Return statistics whose relations PostgreSQL can hold.

    Raises:
        QuantityError: One of them would be larger than a relation can be.
    """
    largest = max(statistics.relations, key=lambda each: each.pages, default=None)
    if largest is not None and largest.pages > MOST_PAGES:
        raise QuantityError(
            f"{largest.schema}.{largest.name} would have {format_bytes(largest.pages * BLOCK_BYTES)}.",
            why="a relation of PostgreSQL ends at 32 TiB.",
            fix="partition it, or ask for fewer rows.",
        )
    return statistics


def spaced(low: float, high: float, points: int) -> list[float]:
    """Return numbers of rows between two, evenly spaced in their logarithm, both ends among them.

    Raises:
        QuantityError: The ends or the number of points make no sense.
    """
    if not 0 < low < high or not math.isfinite(high) or points < 2:
        raise QuantityError(
            f"There is nothing between {low:g} and {high:g} rows in {points} points.",
            fix="give two numbers of rows, the lower one first and above 0, and two points or more.",
        )
    step = math.log(high / low) / (points - 1)
    inner = [float(round(low * math.exp(step * number))) for number in range(1, points - 1)]
    return sorted({float(low), *inner, float(high)})


def swept(
    statement: StatementAtScale,
    low: float,
    high: float,
    points: int,
    *,
    name: str = "",
    label: str = "as designed",
    progress: Callable[[str], None] | None = None,
) -> Sweep:
    """Return the plans of a statement from few rows to many.

    It ends where a table would no longer fit into a relation of PostgreSQL, and says so.
    """
    found: list[tuple[float, Plan]] = []
    notes = list(statement.notes)
    for rows in spaced(low, high, points):
        if progress:
            progress(f"{rows:.3g} rows of {statement.table}")
        try:
            found.append((rows, statement.at(rows)))
        except QuantityError as error:
            if not found:
                raise
            notes.append(f"It ends at {found[-1][0]:.3g} rows: {error.what} {error.why}".rstrip())
            break
    return Sweep(statement.table, tuple(found), name, statement.along, tuple(notes), label)


def found_flips(
    statement: StatementAtScale,
    low: float,
    high: float,
    *,
    precision: float = 0.05,
    name: str = "",
    progress: Callable[[str], None] | None = None,
) -> Flips:
    """Return where a statement's plan changes, each place halved down until it is known within ``precision``.

    It is tried at two numbers of rows in each power of ten first.
    """
    decades = math.log10(high / low) if 0 < low < high else 0.0
    start = swept(
        statement, low, high, max(2, math.ceil(decades * _TRIED_PER_DECADE) + 1), name=name, progress=progress
    )
    rows = [each for each, _ in start.points]
    flips = []
    for fewer, more in pairwise(rows):
        for below, above in _changes(statement, fewer, more, precision, progress):
            before, after = statement.at(below), statement.at(above)
            flips.append(Flip(below, above, before, after, _drivers(statement, below, above)))
    return Flips(
        table=statement.table,
        low=rows[0],
        high=rows[-1],
        flips=tuple(flips),
        first=statement.at(rows[0]),
        name=name,
        tried=statement.tried,
        precision=precision,
        along=statement.along,
        notes=start.notes,
    )


def _changes(
    statement: StatementAtScale,
    fewer: float,
    more: float,
    precision: float,
    progress: Callable[[str], None] | None,
) -> Iterator[tuple[float, float]]:
    """Yield the places of all changes that halving finds between two numbers of rows, each between two neighbours."""
    if fingerprint(statement.at(fewer)) == fingerprint(statement.at(more)):
        return
    middle = float(round(math.sqrt(fewer * more)))
    if more / fewer <= 1 + precision or not fewer < middle < more:
        yield fewer, more
        return
    if progress:
        progress(f"{middle:.3g} rows of {statement.table}")
    yield from _changes(statement, fewer, middle, precision, progress)
    yield from _changes(statement, middle, more, precision, progress)


def _drivers(statement: StatementAtScale, below: float, above: float) -> tuple[ObjectId, ...]:
    """Return the tables whose growth alone, all others as they were, brings the new plan about."""
    if not statement.along:
        return (statement.table,)
    old, new = statement.sizes(below), statement.sizes(above)
    wanted = fingerprint(statement.at(above))
    return tuple(each for each in old if fingerprint(statement.with_rows({**old, each: new[each]})) == wanted)


def grown_workload(
    scale: Scale,
    queries: Sequence[tuple[str, str, Mapping[str, Any]]],
    factors: Sequence[float],
    *,
    progress: Callable[[str], None] | None = None,
) -> Growth:
    """Return the plans of many statements as all tables grow.

    Args:
        scale: The design at its own numbers of rows.
        queries: A name, a statement, and what `Scale.plan` takes, each.
        factors: By how much the tables grow, rising, 1 among them.
        progress: Called with what is done next.
    """
    from planroom.errors import PlanroomError

    plans: dict[int, list[tuple[float, Plan]]] = {number: [] for number in range(len(queries))}
    reasons: dict[int, str] = {}
    notes = list(scale.notes)
    fixed = {each.id for each in scale.model.tables if each.annotations.domain == "closed"}
    for factor in factors:
        if progress:
            progress(f"all tables at {factor:g} times their rows")
        try:
            rows = {each: count * (1.0 if each in fixed else factor) for each, count in scale.rows.items()}
            scale.resizable.resize(fitting(scale.statistics(rows)))
        except QuantityError as error:
            notes.append(f"It ends before {factor:g} times the rows: {error.what} {error.why}".rstrip())
            break
        for number, (_, sql, ask) in enumerate(queries):
            if number not in reasons:
                try:
                    plans[number].append((factor, scale.plan(sql, engine=scale.resizable, **ask)))
                except PlanroomError as error:
                    reasons[number] = f"{error.what} {error.why}".rstrip()
    told = [
        QueryGrowth(name, () if number in reasons else tuple(plans[number]), reasons.get(number, ""))
        for number, (name, _, _) in enumerate(queries)
    ]
    done = tuple(factor for factor in factors if any(factor == each for one in plans.values() for each, _ in one))
    return Growth(tuple(sorted(told, key=lambda each: (-each.exponent, each.name))), done, tuple(notes))
