"""How fast a table grows, as people write it: ``3% per month``, ``2M per day``."""

from __future__ import annotations

import math
import re

from planroom.errors import QuantityError
from planroom.quantities import parse_count

__all__ = ["months_until"]

_GROWTH = re.compile(
    r"\s*\+?\s*([^%]+?)\s*(%)?\s*(?:rows\s*)?(?:per|/|an?|each|every)\s*(day|week|month|quarter|year)s?\s*"
)
_PER_MONTH = {"day": 30.436875, "week": 4.348125, "month": 1.0, "quarter": 1 / 3, "year": 1 / 12}  # Gregorian means


def months_until(limit: float, rows: float, growth: str) -> float | None:
    """Return after how many months a table that grows like this has ``limit`` rows; None where that cannot be told.

    A percentage is compound, a number of rows is added.

    Example:
        >>> round(months_until(2_147_483_647, 2_000_000_000, "5% per month"), 1)
        1.5
    """
    match = _GROWTH.fullmatch(growth.lower())
    if not match or rows <= 0:
        return None
    try:
        amount = parse_count(match[1]) if not match[2] else float(match[1])
    except (QuantityError, ValueError):
        return None
    if rows >= limit:
        return 0.0
    if not match[2]:
        return (limit - rows) / (amount * _PER_MONTH[match[3]]) if amount > 0 else None
    rate = math.log1p(amount / 100) * _PER_MONTH[match[3]] if amount > 0 else 0.0
    return math.log(limit / rows) / rate if rate > 0 else None
