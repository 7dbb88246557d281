"""The pages and the height of a B-tree as CREATE INDEX builds it, deduplication included.

Sources: src/backend/access/nbtree/nbtsort.c (``_bt_buildadd``, ``_bt_load``), nbtdedup.c, src/include/access/nbtree.h;
PostgreSQL manual, "B-Tree Indexes", Deduplication.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

from planroom.scaling.tuple_bytes import aligned, mean_aligned
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BTree", "btree_height", "btree_pages", "leaf_pages"]

_ROOM = 8192 - 24 - 16 - 4 - 4  # a page, its header, its special space, the line pointer of the high key, and the next
_LINE_POINTER = 4
_LONGEST_POSTING = 808  # a tenth of a page, less a line pointer, to a multiple of 8
_ROW_POINTER = 6
_INNER_FILL = 0.70  # BTREE_NONLEAF_FILLFACTOR
_HIGHEST = 60
_BUILT_PAGES = 24
_MOST_TUPLES = 20_000
_QUANTILES = 101


@dataclass(frozen=True, slots=True)
class BTree:
    """The size of a B-tree.

    Attributes:
        leaves: Leaf pages.
        inner: The pages above them.
        height: Levels above the leaves.
    """

    leaves: int
    inner: int
    height: int

    @property
    def pages(self) -> int:
        """All pages, the first of which tells where the root is."""
        return self.leaves + self.inner + 1


def btree_pages(
    rows: float,
    key_bytes: float,
    *,
    keys: float = 0.0,
    deduplicate: bool = True,
    spread: float = 0.0,
    pivot_bytes: float = 0.0,
    fillfactor: float = 0.90,
) -> BTree:
    """Return the size of a B-tree that has just been built.

    Args:
        rows: Entries, >= 0.
        key_bytes: Mean bytes of an entry with its header of 8, before alignment.
        keys: Different keys; 0 where all are.
        deduplicate: Equal keys are kept once.
        spread: How far from the mean most entries are, in bytes; 0 where all have the same length.
        pivot_bytes: Mean bytes of an entry on inner pages, where its last columns are cut off; 0 for ``key_bytes``.
        fillfactor: Share of a leaf page that is filled, in (0, 1].

    Example:
        >>> btree_pages(1_000_000, 16)                          # a unique bigint
        BTree(leaves=2733, inner=11, height=2)
    """
    if rows < 1:
        return BTree(0, 0, 0)
    leaves = leaf_pages(rows, key_bytes, keys=keys if deduplicate else 0.0, spread=spread, fillfactor=fillfactor)
    size = mean_aligned(key_bytes, spread)
    most = (_LONGEST_POSTING - size) / _ROW_POINTER if deduplicate else 1.0
    between_equal = max(0.0, 1 - most * keys / rows) if keys else 0.0
    pivot = aligned(pivot_bytes or key_bytes) + 8 * between_equal  # these have a row's number behind
    inner, height, level = 0, 0, leaves
    while level > 1 and height < _HIGHEST:
        level = math.ceil(level / _inner_fan_out(pivot))
        inner, height = inner + level, height + 1
    return BTree(leaves, inner, height)


def _inner_fan_out(pivot: float) -> float:
    return max(2.0, (_ROOM - 8192 * (1 - _INNER_FILL)) // (pivot + _LINE_POINTER) + 1)


def btree_height(pages: float, key_bytes: float) -> int:
    """Return the levels above the leaves of a B-tree of so many pages.

    Args:
        pages: All its pages.
        key_bytes: Mean bytes of an entry on inner pages, with its header of 8.
    """
    if pages <= 2:
        return 0
    fan_out, height, level = _inner_fan_out(aligned(key_bytes)), 0, float(pages - 1)
    level = max(2.0, level * (1 - 1 / fan_out))
    while level > 1 and height < _HIGHEST:
        level, height = math.ceil(level / fan_out), height + 1
    return height


def leaf_pages(
    rows: float, key_bytes: float, *, keys: float = 0.0, spread: float = 0.0, fillfactor: float = 0.90
) -> int:
    """Return the leaf pages; the arguments are those of `btree_pages`."""
    size = mean_aligned(key_bytes, spread)
    spare = 8192 * (1 - fillfactor)
    each = rows / keys if keys else 1.0
    if each <= 1.001:
        a_page = (_ROOM - spare) / (size + _LINE_POINTER)
        a_page = a_page if spread else float(int(a_page))
        return max(1, math.ceil(rows / max(a_page, 1.0)))
    near = math.exp(round(math.log(each) * 100) / 100)  # to half a percent, so that many indexes share an answer
    per_page = _rows_a_page(near, int(aligned(size)), round(spare))
    return max(1, math.ceil(rows / per_page))


@lru_cache(maxsize=4096)
def _rows_a_page(each: float, size: int, spare: int) -> float:
    """Return the entries of a leaf page where keys have ``each`` rows on average, by building a few dozen pages.

    Keys have rows as chance has it: Poisson, at least one; their numbers are taken from all of that distribution in
    turn. A page is full when the next tuple does not fit, or when less than ``spare`` is left beside what its last
    posting list takes; that last tuple then begins the next page.
    """
    most = max(2, (_LONGEST_POSTING - size) // _ROW_POINTER)
    pages, full, here, free, last, cut = 0, 0, 0, _ROOM, (0, 0), 0
    for rows, needed in itertools.islice(_tuples(each, size, most), _MOST_TUPLES):
        if here and (free < needed + 8 or free + cut < spare):
            pages, full = pages + 1, full + here - last[0]
            here, free = last[0], _ROOM - last[1] - _LINE_POINTER
            if pages == _BUILT_PAGES:
                break
        here, free = here + rows, free - needed - _LINE_POINTER
        last, cut = (rows, needed), needed - size
    return full / pages if pages else float(here)


def _tuples(each: float, size: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield the rows and the bytes of the tuples of a leaf level: a key has a long posting list or several."""
    counts = _counts(each)
    for number in itertools.count():
        count = counts[number * 7919 % len(counts)]
        while count > 0:
            rows = min(count, most)
            count -= rows
            yield rows, int(aligned(size + rows * _ROW_POINTER)) if rows > 1 else size


def _counts(each: float) -> list[int]:
    """Return how many rows keys have: 101 quantiles of a Poisson distribution without zero, of that mean."""
    rate = _rate(each)
    if rate > 500:
        deviates = [
            NormalDist(rate, math.sqrt(rate)).inv_cdf((place + 0.5) / _QUANTILES) for place in range(_QUANTILES)
        ]
        return [max(1, round(each)) for each in deviates]
    found: list[int] = []
    count, weight, below = 1, rate * math.exp(-rate) / -math.expm1(-rate), 0.0
    for place in range(_QUANTILES):
        while below + weight < (place + 0.5) / _QUANTILES and count < 5_000:
            below, count = below + weight, count + 1
            weight *= rate / count
        found.append(count)
    return found


def _rate(mean: float) -> float:
    """Return the rate of a Poisson distribution whose mean over what is not zero is given."""
    rate = mean
    for _ in range(30):
        rate = mean * -math.expm1(-rate)
    return max(rate, 1e-6)
