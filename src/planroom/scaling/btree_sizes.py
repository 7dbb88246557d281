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

from planroom.scaling.distributions import poisson_rate
from planroom.scaling.tuple_bytes import aligned
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["BTree", "Entries", "Pivots", "btree_height", "btree_pages", "leaf_pages", "longest_posting", "pivots_of"]

_ROOM = 8192 - 24 - 16 - 4 - 4  # a page, its header, its special space, the line pointer of the high key, and the next
_LINE_POINTER = 4
_LONGEST_POSTING = 808  # a tenth of a page, less a line pointer, to a multiple of 8
_ROW_POINTER = 6
_INNER_ROOM = _ROOM - 12 - 8192 * 30 // 100  # its first entry has no key; BTREE_NONLEAF_FILLFACTOR is 70
_HIGHEST = 60
_BUILT_PAGES = 24
_MOST_TUPLES = 20_000
_QUANTILES = 101
_DEVIATES = tuple(NormalDist().inv_cdf((place + 0.5) / 16) for place in range(16))


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
        bytes: Mean bytes of one with its header of 8, or of 16 where something is NULL, each a multiple of 8.
        keys: Different keys; 0 where all are.
        deviation: The standard deviation of the bytes; 0 where all have the same length.
    """

    rows: float
    bytes: float
    keys: float = 0.0
    deviation: float = 0.0


@dataclass(frozen=True, slots=True)
class Pivots:
    """Entries of inner pages: what tells the last row of a page from the first of the next, columns after that cut off.

    Attributes:
        bytes: Mean bytes of one, each a multiple of 8.
        deviation: The standard deviation of the bytes; 0 where all have the same length.
    """

    bytes: float
    deviation: float = 0.0


def btree_pages(
    entries: Sequence[Entries], *, deduplicate: bool = True, pivots: Pivots | None = None, fillfactor: float = 0.90
) -> BTree:
    """Return the size of a B-tree that has just been built.

    Args:
        entries: Its entries, by form.
        deduplicate: Equal keys are kept once.
        pivots: The entries of inner pages; as those of a leaf where nothing is cut off.
        fillfactor: Share of a leaf page that is filled, in (0, 1].

    Example:
        >>> btree_pages([Entries(1_000_000, 16)])                          # a unique bigint
        BTree(leaves=2733, inner=11, height=2)
    """
    rows = math.fsum(each.rows for each in entries)
    if rows < 1:
        return BTree(0, 0, 0)
    leaves = max(1, math.ceil(math.fsum(leaf_pages(each, deduplicate, fillfactor) for each in entries) - 1e-9))
    pivots = pivots or Pivots(max(entries, key=lambda each: each.rows).bytes)
    fan_out = _fan_out(pivots.bytes, pivots.deviation)
    inner, height, level = 0, 0, leaves
    while level > 1 and height < _HIGHEST:
        level = math.ceil(level / fan_out)
        inner, height = inner + level, height + 1
    return BTree(leaves, inner, height)


def pivots_of(heads: Sequence[tuple[float, float]], tuples: float) -> Pivots:
    """Return the entries of inner pages: each has as many leading columns as tell two neighbouring entries apart.

    Where all columns are the same in both, the row's number is behind them (``_bt_truncate`` in nbtutils.c).

    Args:
        heads: Of the first column, the first two, and so on to all of the key: the bytes with the header, a multiple of
            8, and how many different ones there are.
        tuples: Entries of the leaf level.
    """
    found, apart = [], 0.0
    for size, distinct in heads:
        share = min(1.0, distinct / max(tuples, 1.0))
        found.append((size, max(0.0, share - apart)))
        apart = max(apart, share)
    found.append((heads[-1][0] + 8, 1 - apart))
    mean = math.fsum(size * share for size, share in found)
    square = math.fsum(share * (size - mean) ** 2 for size, share in found)
    return Pivots(mean, math.sqrt(square) if square > 1e-6 else 0.0)


def longest_posting(size: float) -> float:
    """Return the rows of the longest posting list whose key has so many bytes with its header."""
    return max(2.0, (_LONGEST_POSTING - size) // _ROW_POINTER)


def _fan_out(pivot: float, deviation: float = 0.0) -> float:
    """Return the pages below an inner page, whose entries have so many bytes."""
    return max(2.0, _whole(_INNER_ROOM / (pivot + _LINE_POINTER), deviation / (pivot + _LINE_POINTER)) + 1)


def _whole(fitting: float, deviation: float) -> float:
    """Return how many entries a page has on average, of which so many would fit that may be cut.

    Args:
        fitting: The room divided by the mean of the entries.
        deviation: The standard deviation of one entry, as a share of the mean.
    """
    if not deviation:
        return float(int(fitting))
    near = deviation * math.sqrt(fitting)  # of the sum of a page's entries
    return math.fsum(float(int(max(fitting + near * each, 0.0))) for each in _DEVIATES) / len(_DEVIATES)


def btree_height(pages: float, key_bytes: float) -> int:
    """Return the levels above the leaves of a B-tree of so many pages.

    Args:
        pages: All its pages.
        key_bytes: Mean bytes of an entry on inner pages, with its header of 8.
    """
    if pages <= 2:
        return 0
    fan_out, height, level = _fan_out(aligned(key_bytes)), 0, float(pages - 1)
    level = max(2.0, level * (1 - 1 / fan_out))
    while level > 1 and height < _HIGHEST:
        level, height = math.ceil(level / fan_out), height + 1
    return height


def leaf_pages(entries: Entries, deduplicate: bool, fillfactor: float = 0.90) -> float:
    """Return the leaf pages that entries fill, not rounded; the arguments are those of `btree_pages`."""
    if entries.rows <= 0:
        return 0.0
    size, spare = entries.bytes, 8192 * (1 - fillfactor)
    each = entries.rows / entries.keys if entries.keys and deduplicate else 1.0
    if each <= 1.001:
        a_page = (_ROOM - spare) / (size + _LINE_POINTER)
        return entries.rows / max(_whole(a_page, entries.deviation / (size + _LINE_POINTER)), 1.0)
    near = math.exp(round(math.log(each) * 100) / 100)  # to half a percent, so that many indexes share an answer
    return entries.rows / _rows_a_page(near, int(aligned(size)), round(spare))


@lru_cache(maxsize=4096)
def _rows_a_page(each: float, size: int, spare: int) -> float:
    """Return the entries of a leaf page where keys have ``each`` rows on average, by building a few dozen pages.

    Keys have rows as chance has it: Poisson, at least one; their numbers are taken from all of that distribution in
    turn. A page is full when the next tuple does not fit, or when less than ``spare`` is left beside what its last
    posting list takes; that last tuple then begins the next page.
    """
    most = int(longest_posting(size))
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
    rate = poisson_rate(each)
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
