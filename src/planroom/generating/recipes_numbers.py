"""Recipes for numbers: what a column's name suggests, within what its type and CHECK constraints allow."""

from __future__ import annotations

import decimal
import math
import re
from typing import TYPE_CHECKING

from planroom.generating.recipe import ENDLESS, Recipe, of_values
from planroom.model.words import words_of

if TYPE_CHECKING:
    from planroom.generating.conditions import Demands
    from planroom.generating.kinds import Kind

__all__ = ["RECIPES"]

_COMMON_DISTINCT = 10_000
_RANGES: tuple[tuple[frozenset[str], float, float, float], ...] = tuple(
    (frozenset(words.split()), low, high, skew)
    for words, low, high, skew in (
        ("quantity qty amount_of pieces units items seats", 1, 20, 1.5),
        ("age", 18, 90, 0.0),
        ("year", 1990, 2025, 0.0),
        ("month", 1, 12, 0.0),
        ("day", 1, 28, 0.0),
        ("hour", 0, 23, 0.0),
        ("minute second", 0, 59, 0.0),
        ("rating stars", 1, 5, 0.0),
        ("percent percentage pct score probability", 0, 100, 0.0),
        ("latitude lat", -90, 90, 0.0),
        ("longitude lng lon", -180, 180, 0.0),
        ("position index order rank sort level depth priority sequence seq ordinal", 0, 20, 0.7),
        ("version revision attempt attempts retries", 1, 10, 1.2),
        ("port", 1024, 65535, 0.0),
        ("length width height weight size duration", 1, 2000, 0.5),
        ("price amount total cost fee net gross subtotal value charge salary balance revenue", 1, 2000, 0.7),
        ("tax discount shipping rate", 0, 50, 0.7),
        ("count number num views clicks", 0, 1000, 1.0),
    )
)


def _usual(column: str) -> tuple[float, float, float]:
    """Return the range and skew that a column's name suggests."""
    for word in reversed(words_of(column)):
        for known, low, high, skew in _RANGES:
            if word in known:
                return low, high, skew
    return 0, _COMMON_DISTINCT - 1, 0.0


def _limits(demands: Demands, step: float, low: float, high: float, column: str) -> tuple[float, float, float, bool]:
    """Return the least and greatest value, the skew, and whether the range is demanded rather than only usual."""
    lows = [_as_number(each.value) + (0 if each.inclusive else step) for each in demands.lows if _is_number(each.value)]
    highs = [
        _as_number(each.value) - (0 if each.inclusive else step) for each in demands.highs if _is_number(each.value)
    ]
    least, most = max([low, *lows]), min([high, *highs])
    usual_low, usual_high, skew = _usual(column)
    begin = max(least, usual_low) if max(least, usual_low) <= most else least
    end = min(most, usual_high) if min(most, usual_high) >= begin else most
    if end == most and most > begin + 1e6 and not highs:
        end = begin + _COMMON_DISTINCT
    return begin, end, skew, bool(lows and highs)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d*)?([eE][+-]?\d+)?", value) is not None


def _as_number(value: object) -> float:
    text = str(value)
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _integer(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    begin, end, skew, _ = _limits(demands, 1, kind.low, kind.high, column)
    low, usual = math.ceil(begin), math.floor(end)
    hard = [_as_number(each.value) - (not each.inclusive) for each in demands.highs if _is_number(each.value)]
    high = math.floor(min([kind.high, *hard]))
    skipped = sorted(
        {int(each) for each in demands.excluded if each.lstrip("-").isdigit() and low <= int(each) <= high}
    )

    def make(number: str, _: int) -> str:
        value = f"({number}) + {low}" if low else f"({number})"
        for each in skipped:
            value = f"({value}) + CASE WHEN ({value}) >= {each} THEN 1 ELSE 0 END"
        return value

    def sample(number: int, _: int) -> str:
        value = number + low
        for each in skipped:
            value += value >= each
        return str(value)

    distinct = max(1, usual - low + 1 - len(skipped))
    shown = f"a whole number from {low}" if usual >= ENDLESS else f"a whole number, {low} to {usual}"
    return Recipe(shown, high - low + 1 - len(skipped), make, distinct, skew, False, True, sample)


def _decimal(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    step = 10.0**-kind.scale
    largest = 10.0 ** (kind.digits - kind.scale) - step
    begin, end, skew, _ = _limits(demands, step, -largest, largest, column)
    low, count = math.ceil(round(begin / step, 6)), max(1, math.floor(round((end - begin) / step, 6)) + 1)
    stored = kind.stored

    def make(number: str, most: int) -> str:
        stride = max(1, count // max(most, 1))
        whole = f"(({number}) * {stride} + {low})" if stride > 1 else f"(({number}) + {low})"
        if kind.scale == 0:
            return f"CAST({whole} AS {stored})"
        return f"CAST(CAST({whole} AS DECIMAL(38,{kind.scale})) / {10**kind.scale} AS {stored})"

    def sample(number: int, most: int) -> str:
        return str(decimal.Decimal(number * max(1, count // max(most, 1)) + low).scaleb(-kind.scale))

    shown = f"a number, {begin:g} to {end:g}"
    return Recipe(shown, count, make, min(count, 200_000), skew, False, True, sample)


def _float(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    begin, end, skew, _ = _limits(demands, 1e-3, -1e15, 1e15, column)
    count = 100_000
    width = (end - begin) / count
    return Recipe(
        f"a number, {begin:g} to {end:g}", count,
        lambda number, _: f"CAST({begin!r} + ({number}) * {width!r} AS {kind.stored})",
        count, skew, spread=False, ordinal=True, sample=lambda number, _: repr(begin + number * width),
    )  # fmt: skip


def _boolean(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    values = ("false", "true") if words_of(column)[:1] in {("is",), ("has",)} else ("true", "false")
    return of_values(kind, values)


def _money(kind: Kind, column: str, table: str, demands: Demands) -> Recipe:
    return Recipe(
        "an amount",
        ENDLESS,
        lambda n, _: f"CAST(CAST({n} AS DECIMAL(18,2)) / 100 AS VARCHAR)",
        100_000,
        0.7,
        sample=_dollars,
    )


def _dollars(number: int, _: int) -> str:
    return f"${number / 100:,.2f}"


RECIPES = {"integer": _integer, "decimal": _decimal, "float": _float, "boolean": _boolean, "money": _money}
"""By family; see `planroom.generating.recipes`."""
