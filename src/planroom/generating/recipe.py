"""What a recipe is: how values of a column are made from their numbers, one to one.

Different numbers give different values, so a unique column takes the number of its row; any other column draws a
number, evenly or by a Zipf distribution. Nothing is ever made, looked at and thrown away.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.generating.quoting import strings

if TYPE_CHECKING:
    from planroom.generating.kinds import Kind

__all__ = ["ENDLESS", "EPOCH", "EPOCH_DAY", "SPAN_S", "Recipe", "of_values", "written"]

ENDLESS = 1 << 52
EPOCH = datetime.datetime(2024, 1, 1)  # noqa: DTZ001  (a wall clock's time; where a zone is needed it is UTC)
"""When what is made up begins; fixed, so that the same seed gives the same rows next year."""
EPOCH_DAY = 19_723
"""The same day, counted from 1970-01-01."""
SPAN_S = 3 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Recipe:
    """How values are made from their numbers.

    Attributes:
        what: What the values are, in words.
        capacity: How many different numbers give different values.
        make: From SQL for a number in [0, capacity), and the bound that it is known to be below, to SQL for the value.
        distinct: How many different values there are where nothing else is said; 0 for as many as there are rows.
        skew: The Zipf exponent where nothing else is said.
        spread: Frequent values lie anywhere, not at the beginning.
        ordinal: Consecutive numbers are consecutive values.
        sample: From a number, and the bound that it is known to be below, to the value as PostgreSQL writes it; the
            same as ``make`` without an engine. None where only an engine can tell.
    """

    what: str
    capacity: int
    make: Callable[[str, int], str] = field(repr=False)
    distinct: int = 0
    skew: float = 0.0
    spread: bool = True
    ordinal: bool = False
    sample: Callable[[int, int], str] | None = field(default=None, repr=False)


def written(kind: Kind, value: str) -> str:
    """Return a value as PostgreSQL writes it."""
    return {"true": "t", "false": "f"}.get(value, value) if kind.family == "boolean" else value


def of_values(kind: Kind, values: tuple[str, ...]) -> Recipe:
    """Return the recipe for one of a few values, the first the most frequent."""
    listed = f"CAST({strings(values)} AS {kind.stored}[])"
    shown = ", ".join(values[:4]) + (", ..." if len(values) > 4 else "")
    return Recipe(
        f"one of {shown}", len(values), lambda number, _: f"{listed}[CAST({number} AS INTEGER) + 1]",
        distinct=len(values), skew=0.8, spread=False, sample=lambda number, _: written(kind, values[number]),
    )  # fmt: skip
