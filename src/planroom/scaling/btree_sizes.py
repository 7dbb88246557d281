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
    from collections.abc import Iterator, Sequence

__all__ = ["BTree", "Entries", "btree_height", "btree_pages", "leaf_pages"]

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


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of one form: those of an index whose columns may be NULL are of several.

    Attributes:
        rows: How many.
        bytes: Mean bytes of one with its header of 8, or of 16 where something is NULL, before alignment.
        keys: Different keys; 0 where all are.
        spread: How far from the mean most are, in bytes; 0 where all have the same length.
        whole: Each is a multiple of 8 already, so that alignment adds nothing to the mean.
    """

    rows: float
    bytes: float
    keys: float = 0.0
    spread: float = 0.0
    whole: bool = False

    @property
    def size(self) -> float:
        """Mean bytes of one, aligned."""
        return self.bytes if self.whole else mean_aligned(self.bytes, self.spread)


def btree_pages(
    entries: Sequence[Entries], *, deduplicate: bool = True, pivot_bytes: float = 0.0, fillfactor: float = 0.90
) -> BTree:
    """Return the size of a B-tree that has just been built.

    Args:
        entries: Its entries, by form.
        deduplicate: Equal keys are kept once.
        pivot_bytes: Mean bytes of an entry on inner pages, where its last columns are cut off; 0 for those of a leaf.
        fillfactor: Share of a leaf page that is filled, in (0, 1].

    Example:
        >>> btree_pages([Entries(1_000_000, 16)])                          # a unique bigint
        BTree(leaves=2733, inner=11, height=2)
    """
    rows = math.fsum(each.rows for each in entries)
    if rows < 1:
        return BTree(0, 0, 0)
    leaves = max(1, math.ceil(math.fsum(leaf_pages(each, deduplicate, fillfactor) for each in entries) - 1e-9))
    largest = max(entries, key=lambda each: each.rows)
    most = (_LONGEST_POSTING - largest.size) / _ROW_POINTER if deduplicate else 1.0
    between_equal = max(0.0, 1 - most * largest.keys / largest.rows) if largest.keys else 0.0
    pivot = aligned(pivot_bytes or largest.bytes) + 8 * between_equal  # these have a row's number behind
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


def leaf_pages(entries: Entries, deduplicate: bool, fillfactor: float = 0.90) -> float:
    """Return the leaf pages that entries fill, not rounded; the arguments are those of `btree_pages`."""
    if entries.rows <= 0:
        return 0.0
    size, spare = entries.size, 8192 * (1 - fillfactor)
    each = entries.rows / entries.keys if entries.keys and deduplicate else 1.0
    if each <= 1.001:
        a_page = (_ROOM - spare) / (size + _LINE_POINTER)
        return entries.rows / max(a_page if entries.spread else float(int(a_page)), 1.0)
    near = math.exp(round(math.log(each) * 100) / 100)  # to half a percent, so that many indexes share an answer
    return entries.rows / _rows_a_page(near, int(aligned(size)), round(spare))


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
