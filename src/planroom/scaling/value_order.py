"""Values of statistics as numbers, in the server's order: for shares of a range, and for stretching."""

from __future__ import annotations

import datetime
import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MOMENTS", "number_of", "share_below", "text_of"]

MOMENTS = frozenset({"timestamp with time zone", "timestamp without time zone", "date"})
_EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001  (differences alone count)
_NUMBERS = frozenset("smallint|integer|bigint|numeric|real|double precision|oid|money".split("|"))
_INTEGERS = frozenset("smallint|integer|bigint|oid".split("|"))
_OFFSET = re.compile(r"[+-]\d\d$")
_BEYOND = 253_402_300_799.0  # the last second of the year 9999, where Python's years end


def number_of(type_name: str, text: str) -> float | None:
    """Return a value as a number, of moments the seconds since 1970; None for what is none.

    Args:
        type_name: The name of its built-in type.
        text: As the server writes it.
    """
    if type_name in _NUMBERS:
        try:
            found = float(text)
        except ValueError:
            return None
        return found if math.isfinite(found) else None
    if type_name in MOMENTS:
        return _seconds(text)
    return None


def _seconds(text: str) -> float | None:
    try:
        found = datetime.datetime.fromisoformat(_OFFSET.sub(lambda each: each[0] + ":00", text.strip()))
    except ValueError:
        return None
    if found.tzinfo:
        found = found.astimezone(datetime.UTC).replace(tzinfo=None)
    return (found - _EPOCH).total_seconds()


def text_of(type_name: str, number: float) -> str:
    """Return a number as the server writes a value of that type."""
    if type_name in _INTEGERS:
        return str(round(number))
    if type_name in MOMENTS:
        moment = _EPOCH + datetime.timedelta(seconds=max(-_BEYOND, min(number, _BEYOND)) if number else 0)
        if type_name == "date":
            return f"{moment:%Y-%m-%d}"
        shown = moment.isoformat(" ")
        return shown + ("+00" if type_name == "timestamp with time zone" else "")
    return repr(number) if type_name in {"real", "double precision"} else f"{number:.15g}"


def share_below(bounds: tuple[str, ...], value: str, place: Callable[[str], float | None]) -> float | None:
    """Return the share of a histogram's values that are below a value; None where it cannot be told."""
    numbers = [place(each) for each in bounds]
    wanted = place(value)
    if wanted is None or len(numbers) < 2 or any(each is None for each in numbers):
        return None
    known = [each for each in numbers if each is not None]
    below = sum(1 for each in known if each < wanted)
    if below == 0 or below == len(known):
        return 0.0 if below == 0 else 1.0
    low, high = known[below - 1], known[below]
    within = (wanted - low) / (high - low) if high > low else 0.0
    return (below - 1 + within) / (len(known) - 1)
