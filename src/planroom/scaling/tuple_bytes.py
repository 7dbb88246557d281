"""How many bytes the values of a row take, one after the other, with what alignment costs.

Source: src/backend/access/common/heaptuple.c (``heap_compute_data_size``), src/include/access/tupmacs.h.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from planroom.scaling.type_layouts import LONGEST_SHORT
from planroom.scaling.value_widths import mean_width
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.scaling.statistics import ColumnStatistics
    from planroom.scaling.type_layouts import Layout

__all__ = ["Cell", "Laid", "aligned", "cell_of", "laid_out"]

_TEXTS = frozenset({"text", "character varying", "character", "citext"})
_TOLD = _TEXTS | {"numeric", "jsonb", "bytea"}
_UNIT = 8  # MAXIMUM_ALIGNOF
_PLACES = 16


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row, as far as its bytes go.

    Attributes:
        bytes: Mean bytes of a value that is there, its header included.
        alignment: Where it begins, a multiple of so many bytes.
        null_fraction: Share of rows in which it is absent.
        spread: How far from the mean most lengths are, in bytes; 0 where all have the same.
        lengths: The lengths that values have, each with its share; empty where they are not known.
    """

    bytes: float
    alignment: int
    null_fraction: float = 0.0
    spread: float = 0.0
    lengths: tuple[tuple[int, float], ...] = ()

    @property
    def shares(self) -> tuple[tuple[int, float], ...]:
        """The lengths of values that are there, each with its share: spread evenly where they are not known."""
        if self.lengths:
            return self.lengths
        middle = (_PLACES - 1) / 2
        places = range(_PLACES) if self.spread else (middle,)
        found: dict[int, float] = {}
        for place in places:
            whole, part = divmod(max(0.0, self.bytes + self.spread * (place - middle) / middle), 1)
            for length, share in ((int(whole), 1 - part), (int(whole) + 1, part)):
                if share:
                    found[length] = found.get(length, 0.0) + share / len(places)
        return tuple(found.items())


@dataclass(frozen=True, slots=True)
class Laid:
    """The bytes of rows whose values are laid out one after the other from an aligned place.

    Attributes:
        bytes: Their mean.
        aligned: Their mean, each rounded up to a multiple of 8.
        deviation: The standard deviation of those that are rounded up.
    """

    bytes: float
    aligned: float
    deviation: float

    @property
    def varies(self) -> bool:
        """Whether rows have different lengths, once rounded up."""
        return self.deviation > 1e-3


def aligned(size: float, to: int = _UNIT) -> float:
    """Return a size rounded up to a multiple."""
    return -(-size // to) * to


def laid_out(cells: Sequence[Cell]) -> Laid:
    """Return the bytes of rows with these values, in this order, whose lengths are independent of each other.

    What alignment costs follows from where a value begins modulo 8; so for each of the eight remainders it is enough
    to know how many rows end there, and the sums of their bytes and of the squares of these.
    """
    ends: _Ends = {0: (1.0, 0.0, 0.0)}
    for cell in cells:
        ends = _appended(ends, cell)
    whole = {place: _longer(sums, -place % _UNIT) for place, sums in ends.items()}
    mean = math.fsum(first for _, first, _ in whole.values())
    square = math.fsum(second for _, _, second in whole.values())
    return Laid(math.fsum(first for _, first, _ in ends.values()), mean, math.sqrt(max(0.0, square - mean**2)))


_Sums = tuple[float, float, float]
_Ends = dict[int, _Sums]


def _appended(ends: _Ends, cell: Cell) -> _Ends:
    found: _Ends = {}
    for place, sums in ends.items():
        if cell.null_fraction > 0:
            _add(found, place, sums, cell.null_fraction)
        if cell.null_fraction < 1:
            padding = -place % cell.alignment
            for length, share in cell.shares:
                more = padding + length
                _add(found, (place + more) % _UNIT, _longer(sums, more), share * (1 - cell.null_fraction))
    return found


def _longer(sums: _Sums, more: int) -> _Sums:
    """Return the share of rows, and the sums of their bytes and squares, when each has more bytes."""
    share, first, second = sums
    return share, first + share * more, second + 2 * first * more + share * more**2


def _add(found: _Ends, place: int, sums: _Sums, share: float) -> None:
    before = found.get(place, (0.0, 0.0, 0.0))
    found[place] = (before[0] + sums[0] * share, before[1] + sums[1] * share, before[2] + sums[2] * share)


@functools.lru_cache(maxsize=4096)
def cell_of(layout: Layout, statistics: ColumnStatistics | None, null_fraction: float = 0.0) -> Cell:
    """Return what is known of the bytes of a column's values.

    Args:
        layout: How its type is stored.
        statistics: What is known of the column; its width counts the header, as ANALYZE does.
        null_fraction: Share of NULL where no statistics say.
    """
    nulls = statistics.null_fraction if statistics else null_fraction
    if layout.length >= 0:
        return Cell(layout.length, layout.alignment, nulls)
    width = float(statistics.width) if statistics and statistics.width > 0 else float(layout.usual)
    lengths = _lengths(layout, statistics)
    if lengths:
        mean = math.fsum(length * share for length, share in lengths)
        spread = math.sqrt(3 * math.fsum(share * (length - mean) ** 2 for length, share in lengths))
        if abs(mean - width) < 1:  # ANALYZE cuts the mean to a whole number
            return Cell(mean, 1 if mean <= LONGEST_SHORT else layout.alignment, nulls, spread, lengths)
    else:
        spread = _SPREADS.get(layout.name, width / 3)
        width += 0.5 if statistics and spread >= 1 and width < LONGEST_SHORT else 0.0
    alignment = 1 if width <= LONGEST_SHORT else layout.alignment
    return Cell(width, alignment, nulls, spread)


_ALL_THE_SAME = "inet cidr bit range vector halfvec int4range int8range daterange tsrange tstzrange".split()
_SPREADS = {"numeric": 1.5, **dict.fromkeys(_ALL_THE_SAME, 0.0)}


def _lengths(layout: Layout, statistics: ColumnStatistics | None) -> tuple[tuple[int, float], ...]:
    """Return the bytes of the values that statistics show, with their shares; of texts, numbers and documents.

    Common values have their frequencies; the bounds of the histogram stand for the rest, the first and the last for
    half as much as the others.
    """
    if statistics is None or layout.name not in _TOLD:
        return ()
    common = list(zip(statistics.common_values or (), statistics.common_frequencies or (), strict=False))
    bounds = statistics.histogram or ()
    rest = max(0.0, 1.0 - statistics.null_fraction - sum(share for _, share in common)) if bounds else 0.0
    each = rest / max(len(bounds) - 1, 1)
    inner = [(value, each / 2 if place in {0, len(bounds) - 1} else each) for place, value in enumerate(bounds)]
    found: dict[int, float] = {}
    for value, share in (*common, *inner):
        if share > 0:
            length = mean_width(layout, (value,))
            found[length] = found.get(length, 0.0) + share
    whole = math.fsum(found.values())
    return tuple((length, share / whole) for length, share in sorted(found.items()))
