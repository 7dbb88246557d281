"""Values as ANALYZE would describe them: the most common ones, and the bounds of equal parts of the others."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from planroom.scaling.analysing import estimated_of
from planroom.scaling.distributions import Zipf, hits, squares
from planroom.scaling.statistics import ColumnStatistics
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.generating.kinds import Kind
    from planroom.scaling.distributions import Distribution

__all__ = ["MOST_WHOLE", "TARGET", "Described", "column_statistics", "counted", "drawn", "ordering", "spread"]

TARGET = 100
"""``default_statistics_target``: so many common values, and parts of a histogram."""

MOST_WHOLE = 3_000_000
"""Rows up to which the different values are counted whole; with more, they are what ANALYZE would estimate.

Made-up rows are analysed in the same way: see `planroom.experiments.loading.load_rows`.
"""

_SAMPLES = 301
_UNEVEN = 1.25  # times as common as the mean of the others: worth listing (src/backend/commands/analyze.c)
_NEARLY_ALL = 0.1  # from which share of the rows on ANALYZE counts different values as a share


@dataclass(frozen=True, slots=True)
class Described:
    """What ANALYZE would find among the values that are there.

    Attributes:
        common: The most common values and their shares.
        histogram: The bounds of equal parts of the others; empty for none.
        distinct: How many different values there are.
        unique: Each row has its own.
        correlation: Between the order of values and that of rows.
    """

    common: tuple[tuple[str, float], ...] = ()
    histogram: tuple[str, ...] = ()
    distinct: float = 0.0
    unique: bool = False
    correlation: float = 0.0


def ordering(kind: Kind) -> Callable[[str], Any]:
    """Return what values of a kind are sorted by, as the server sorts them; texts by their bytes."""
    family = kind.family
    if family in {"integer", "decimal", "float"}:
        return float
    if family == "money":
        return lambda text: float(text.replace("$", "").replace(",", ""))
    if family == "interval":
        return lambda text: int(text.split()[0])
    if family == "enum":
        places = {label: place for place, label in enumerate(kind.labels)}
        return lambda text: places.get(text, len(places))
    if family in {"inet", "cidr"}:
        return _address
    return lambda text: text.encode("utf-8", "surrogatepass")


def _address(text: str) -> tuple[int, int]:
    found = ipaddress.ip_interface(text)
    return found.version, int(found.ip)


def counted(rows: int, text: Callable[[int], str] | None, kind: Kind, *, ordered: bool) -> Described:
    """Describe values of which each row has its own, numbered as the rows are.

    Args:
        rows: How many there are.
        text: The value with a number; None where nobody can tell.
        kind: What they are.
        ordered: Consecutive numbers are consecutive values.
    """
    last = max(rows - 1, 0)
    histogram = spread(lambda share: round(share * last), text, kind, ordered=ordered) if rows > 1 else ()
    return Described((), histogram, float(rows), True, 1.0 if ordered else _order(rows, text, kind))


def _order(rows: int, text: Callable[[int], str] | None, kind: Kind) -> float:
    """Return the correlation between the order of values and that of rows, by a sample: Spearman's."""
    size = min(rows, _SAMPLES)
    if text is None or size < 2:
        return 0.0
    order = ordering(kind)
    places = sorted(range(size), key=lambda place: order(text(place * (rows - 1) // (size - 1))))
    apart = sum((rank - place) ** 2 for rank, place in enumerate(places))
    return 1 - 6 * apart / (size * (size**2 - 1))


def drawn(
    distribution: Distribution,
    rows: float,
    text: Callable[[int], str] | None,
    kind: Kind,
    *,
    ordered: bool,
    correlation: float | None = None,
) -> Described:
    """Describe values whose numbers are drawn.

    Args:
        distribution: How often each number occurs.
        rows: How many rows have a value.
        text: The value with a number; None where nobody can tell.
        kind: What they are.
        ordered: Consecutive numbers are consecutive values.
        correlation: How they follow the rows; None where they do not.
    """
    different = hits(distribution, rows)
    if rows > MOST_WHOLE and getattr(distribution, "skew", 0.0) > 0:
        different = estimated_of(distribution, rows)
    listed = _listed(distribution, rows, different)
    if correlation is None:
        correlation = squares(distribution)
    if text is None:
        return Described((), (), different, False, correlation)
    common = tuple((text(number), share) for number, share in listed)
    top = len(listed) if listed and listed[0][0] == 0 and isinstance(distribution, Zipf) else 0
    begin = distribution.below(top)
    histogram: tuple[str, ...] = ()
    if top < min(distribution.size, different) - 0.5 and len(common) < different - 0.5:

        def number(share: float) -> int:
            return max(top, distribution.number(min(begin + share * (1 - begin), 1.0)))

        histogram = spread(number, text, kind, ordered=ordered)
    return Described(_merged(common), histogram, different, False, correlation)


def _merged(common: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return common values, the most common first, none twice."""
    sums: dict[str, float] = {}
    for value, share in common:
        sums[value] = sums.get(value, 0.0) + share
    return tuple(sorted(sums.items(), key=lambda each: -each[1]))


def _listed(distribution: Distribution, rows: float, different: float) -> list[tuple[int, float]]:
    """Return the numbers that are worth listing, and their shares."""
    size = distribution.size
    if size > TARGET and isinstance(distribution, Zipf) and distribution.skew <= 0:
        return []
    sums = [distribution.below(each) for each in range(min(size, TARGET) + 1)]
    shares = [(each, sums[each + 1] - sums[each]) for each in range(len(sums) - 1)]
    shares = [(number, share) for number, share in shares if share * rows >= 0.5]
    if size <= TARGET or not isinstance(distribution, Zipf):
        return shares
    kept = 0
    while kept < len(shares) and shares[kept][1] * rows >= 2:
        if shares[kept][1] < _UNEVEN * (1 - distribution.below(kept)) / max(different - kept, 1):
            break
        kept += 1
    return shares[:kept]


def spread(
    number: Callable[[float], int], text: Callable[[int], str] | None, kind: Kind, *, ordered: bool
) -> tuple[str, ...]:
    """Return the bounds of a histogram.

    Args:
        number: The number of the value below which a share of them is.
        text: The value with a number.
        kind: What they are.
        ordered: Consecutive numbers are consecutive values, so that parts are exact; else a sample is sorted.
    """
    if text is None:
        return ()
    if ordered:
        found = [text(number(place / TARGET)) for place in range(TARGET + 1)]
        return tuple(found) if len(set(found)) > 1 else ()
    sample = sorted({text(number((place + 0.5) / _SAMPLES)) for place in range(_SAMPLES)}, key=ordering(kind))
    parts = min(TARGET, len(sample) - 1)
    return tuple(sample[place * (len(sample) - 1) // parts] for place in range(parts + 1)) if parts > 0 else ()


def column_statistics(
    place: tuple[str, str, str], found: Described, rows: float, nulls: float, width: int
) -> ColumnStatistics:
    """Return what is described as the server keeps it.

    Args:
        place: Schema, table and column.
        found: What the values are.
        rows: The table's rows.
        nulls: The share of NULL.
        width: Mean bytes of a value.
    """
    schema, table, column = place
    present = 1.0 - nulls
    distinct = -present if found.unique else max(1.0, min(found.distinct, max(rows * present, 1.0)))
    if present <= 0:
        return ColumnStatistics(schema=schema, table=table, column=column, null_fraction=1.0, width=width)
    if not found.unique and distinct > _NEARLY_ALL * rows:
        distinct = -distinct / max(rows, 1.0)
    return ColumnStatistics(
        schema=schema,
        table=table,
        column=column,
        null_fraction=nulls,
        width=width,
        distinct=distinct if distinct < 0 else float(round(distinct)),
        common_values=tuple(each for each, _ in found.common) or None,
        common_frequencies=tuple(share * present for _, share in found.common) or None,
        histogram=found.histogram if len(found.histogram) > 1 else None,
        correlation=found.correlation,
    )
