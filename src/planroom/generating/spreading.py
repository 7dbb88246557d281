"""How rows spread: over parents of different weight, and along the order of the rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.generating.mixing import Draw

__all__ = ["PATTERN", "along", "begins", "first_rows", "top_share"]

PATTERN = (3, 1, 5, 2, 4, 1, 8, 2, 3, 6, 1, 2, 4, 3, 1, 2)  # weights of neighbouring parents: mean 3, at most 8
_FIRST_MOMENTS = frozenset(
    "created placed started start begin began opened requested ordered registered occurred given added inserted since"
    " from issued valid birth".split()
)
_ROLE_ENDS = frozenset("updated modified changed expires expired until to end".split())


def _share(rank: str, size: int, skew: float) -> str:
    """Return SQL for the share of rows that the ranks below one have, by a Zipf distribution's cumulative function."""
    if math.isclose(skew, 1.0, abs_tol=1e-9):
        return f"least(1.0, ln({rank} + 1.0) / {math.log(size + 1.0)!r})"
    power = 1.0 - skew
    return f"least(1.0, (pow({rank} + 1.0, {power!r}) - 1.0) / {math.pow(size + 1.0, power) - 1.0!r})"


def top_share(size: int, skew: float) -> float:
    """Return the share of rows that the first rank has."""
    if math.isclose(skew, 1.0, abs_tol=1e-9):
        return math.log(2) / math.log(size + 1.0)
    power = 1.0 - skew
    return (math.pow(2.0, power) - 1) / (math.pow(size + 1.0, power) - 1)


def begins(column: str) -> bool:
    """Whether a column is named like the moment with which a row begins: others come after it."""
    words = words_of(column)
    return bool({*words} & _FIRST_MOMENTS) and not {*words} & _ROLE_ENDS


def along(draw: Draw, row: str, rows: int, distinct: int, correlation: float) -> str:
    """Return SQL for a number that rises (or falls) with the row, the less so the smaller the correlation is.

    The weight ``w`` of chance in ``(1 - w) * row + w * chance`` gives a correlation of (1 - w) / sqrt((1 - w)^2 + w^2)
    for two uniform parts.
    """
    strength = min(abs(correlation), 1.0)
    ratio = math.sqrt(1 / strength**2 - 1) if strength > 0 else 0.0
    chance = ratio / (1 + ratio)
    place = f"({row} / {max(rows, 1)}.0::DOUBLE)"
    if correlation < 0:
        place = f"(1.0 - {place})"
    if chance:
        place = f"({1 - chance!r} * {place} + {chance!r} * {draw.unit(row)})"
    return f"least({distinct - 1}, CAST(floor({place} * {distinct}) AS BIGINT))"


def first_rows(rows: int, lead: int, capacity: int, skew: float) -> Callable[[str], str]:
    """Return SQL for the first row of a parent, from SQL for its rank: in closed form, so that rows add up exactly.

    Args:
        rows: How many rows there are in all.
        lead: How many parents there are, >= 1.
        capacity: The most rows that one parent may have.
        skew: The Zipf exponent of the parents' weights; with 0 neighbours differ, and none has very many.
    """
    if skew:
        return lambda rank: f"CAST(floor({rows} * {_share(rank, lead, skew)}) AS BIGINT)"
    total, size = sum(PATTERN), len(PATTERN)
    if rows * max(PATTERN) * size / (lead * total) + 1 > capacity or lead < size:
        return lambda rank: f"({rows} * {rank} // {lead})"
    sums = [sum(PATTERN[:end]) for end in range(size)]
    whole = lead // size * total + sums[lead % size]

    def first(rank: str) -> str:
        weight = f"({rank} // {size} * {total} + {sums}[CAST({rank} % {size} AS INTEGER) + 1])"
        return f"({rows} * {weight} // {whole})"

    return first
