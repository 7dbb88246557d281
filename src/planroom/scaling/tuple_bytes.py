"""How many bytes the values of a row take, one after the other, with what alignment costs.

Source: src/backend/access/common/heaptuple.c (``heap_compute_data_size``), src/include/access/tupmacs.h.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.scaling.type_layouts import LONGEST_SHORT
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.scaling.statistics import ColumnStatistics
    from planroom.scaling.type_layouts import Layout

__all__ = ["Cell", "aligned", "cell_of", "data_bytes", "ends_aligned", "mean_aligned", "spread_of"]

_TEXTS = frozenset({"text", "character varying", "character", "citext"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row, as far as its bytes go.

    Attributes:
        bytes: Mean bytes of a value that is there, its header included.
        alignment: Where it begins, a multiple of so many bytes.
        null_fraction: Share of rows in which it is absent.
        spread: How far from the mean most lengths are, in bytes; 0 where all have the same.
    """

    bytes: float
    alignment: int
    null_fraction: float = 0.0
    spread: float = 0.0

    @property
    def certain(self) -> bool:
        """Whether it takes the same bytes in every row."""
        return self.spread == 0 and self.null_fraction in {0.0, 1.0}


def aligned(size: float, to: int = 8) -> float:
    """Return a size rounded up to a multiple."""
    return -(-size // to) * to


def mean_aligned(size: float, spread: float) -> float:
    """Return the mean of sizes rounded up to multiples of 8, where they lie evenly around theirs."""
    if spread == 0:
        return aligned(size)
    return sum(aligned(size + spread * (place - 7.5) / 7.5) for place in range(16)) / 16


def spread_of(cells: Sequence[Cell]) -> float:
    """Return how far the lengths of rows are from their mean."""
    squares = (each.spread**2 + each.null_fraction * (1 - each.null_fraction) * 3 * each.bytes**2 for each in cells)
    return math.sqrt(math.fsum(squares))


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
        mean = sum(lengths) / len(lengths)
        spread = math.sqrt(3 * sum((each - mean) ** 2 for each in lengths) / len(lengths))
        width = mean if abs(mean - width) < 1 else width  # ANALYZE cuts the mean to a whole number
    else:
        spread = _SPREADS.get(layout.name, width / 3)
        width += 0.5 if statistics and spread >= 1 and width < LONGEST_SHORT else 0.0
    alignment = 1 if width <= LONGEST_SHORT else layout.alignment
    return Cell(width, alignment, nulls, spread)


_ALL_THE_SAME = "inet cidr bit range vector halfvec int4range int8range daterange tsrange tstzrange".split()
_SPREADS = {"numeric": 1.5, **dict.fromkeys(_ALL_THE_SAME, 0.0)}


def _lengths(layout: Layout, statistics: ColumnStatistics | None) -> list[int]:
    """Return the bytes of the values that the histogram or else the list of common values shows; texts alone."""
    if statistics is None or layout.name not in _TEXTS:
        return []
    shown = statistics.histogram or statistics.common_values or ()
    return [len(each.encode("utf-8", "surrogatepass")) + 1 for each in shown]


def data_bytes(cells: Sequence[Cell]) -> float:
    """Return the mean bytes of a row's values, where they are laid out in this order from an aligned place.

    While each length is the same in every row, padding is exact; after one that varies or may be absent, a value that
    begins at a multiple of ``a`` bytes is taken to need ``(a - 1) / 2`` on average, if what is before is not aligned
    so.
    """
    offset, certain, known = 0.0, True, 8
    for cell in cells:
        present = 1.0 - cell.null_fraction
        if certain:
            padding = aligned(offset, cell.alignment) - offset
        else:
            padding = 0.0 if known >= cell.alignment else (cell.alignment - known) / 2
        offset += present * (padding + cell.bytes)
        certain = certain and cell.certain
        if certain:
            continue
        known = _known_alignment(known, cell)
    return offset


def ends_aligned(cells: Sequence[Cell]) -> bool:
    """Whether each row ends at a multiple of 8, because its last value begins and has a length of such."""
    last = cells[-1] if cells else None
    return last is not None and last.certain and last.alignment == 8 and last.bytes % 8 == 0 and last.null_fraction == 0


def _known_alignment(known: int, cell: Cell) -> int:
    """Return the multiple of bytes at which the next value surely begins."""
    if cell.spread:
        return 1
    whole = int(cell.bytes)
    step = next((each for each in (8, 4, 2) if whole % each == 0), 1)
    reached = max(known, cell.alignment) if cell.null_fraction == 0 else known
    return min(reached, step) if whole else known
