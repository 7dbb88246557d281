"""Histograms of what grows: keys that are counted on, and moments that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.model.growth import months_until
from planroom.scaling.value_order import number_of, text_of
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Period", "moved", "stretched_keys", "stretched_moments"]

_MONTH_S = 30.436875 * 86_400


@dataclass(frozen=True, slots=True)
class Period:
    """How a table grew from one number of rows to another.

    Attributes:
        before: Its rows before.
        after: Its rows after.
        growth: How fast it grows, as declared.
        slides: What is old is deleted, so that the span of time stays.
    """

    before: float
    after: float
    growth: str
    slides: bool = False

    def seconds(self, rows: float) -> float | None:
        """Return after how many seconds, from before, it has so many rows; negative for earlier; None for never."""
        if rows >= self.before:
            months = months_until(rows, self.before, self.growth)
        else:
            earlier = months_until(self.before, max(rows, 1.0), self.growth)
            months = None if earlier is None else -earlier
        return None if months is None else months * _MONTH_S


def stretched_keys(type_name: str, values: Sequence[str], factor: float, first: float | None = None) -> tuple[str, ...]:
    """Return counted keys spread over ``factor`` times as many, from the first one on; others as they are.

    Args:
        type_name: The name of their built-in type.
        values: As the server writes them.
        factor: How many times as many there are.
        first: The least of all; None for the first of these.
    """
    numbers = [number_of(type_name, each) for each in values]
    known = [each for each in numbers if each is not None]
    if len(known) != len(numbers) or not known or type_name not in _COUNTED:
        return tuple(values)
    low = known[0] if first is None else first
    widest = max((abs(each - low) for each in known), default=0.0)
    if widest:
        factor = min(factor, (_COUNTED[type_name] - abs(low)) / widest)
    return tuple(text_of(type_name, low + (each - low) * factor) for each in known)


_COUNTED = {"smallint": 2.0**15 - 1, "integer": 2.0**31 - 1, "bigint": 2.0**62, "numeric": 1e30, "oid": 2.0**32 - 1}


def stretched_moments(type_name: str, bounds: Sequence[str], period: Period) -> tuple[str, ...] | None:
    """Return the bounds of a histogram of moments after its table grew; None where that cannot be told.

    The rows that were there keep their moments and are a smaller share of all; those that came have the moments at
    which the table had grown so far. A table that was smaller ends earlier. Where what is old is deleted, all moves on.
    """
    numbers = [number_of(type_name, each) for each in bounds]
    known = [each for each in numbers if each is not None]
    whole = period.seconds(period.after)
    if len(known) < 2 or len(known) != len(numbers) or whole is None:
        return None
    if period.slides:
        return tuple(text_of(type_name, each + whole) for each in known)
    return tuple(text_of(type_name, _quantile(place / (len(known) - 1), known, period)) for place in range(len(known)))


def _quantile(share: float, bounds: Sequence[float], period: Period) -> float:
    rows = share * period.after
    if rows > period.before:
        return bounds[-1] + (period.seconds(rows) or 0.0)
    place = rows / period.before * (len(bounds) - 1)
    below = min(int(place), len(bounds) - 2)
    return bounds[below] + (place - below) * (bounds[below + 1] - bounds[below])


def moved(
    ends: tuple[str, str] | None, change: Callable[[Sequence[str]], tuple[str, ...] | None]
) -> tuple[str, str] | None:
    """Return the ends of a column, changed as its histogram was."""
    if ends is None:
        return None
    found = change(ends)
    return (found[0], found[-1]) if found else ends
