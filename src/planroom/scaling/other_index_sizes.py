"""The pages of indexes that are no B-trees.

What is exact follows from the source; what depends on the order in which values come is a mean that was measured, and
says so.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from planroom.scaling.tuple_bytes import aligned

if TYPE_CHECKING:
    from planroom.scaling.elements import Elements

__all__ = ["brin_pages", "gin_pages", "gist_pages", "hash_pages", "spgist_pages"]

_PAGE = 8192
_LINE_POINTER = 4


# -- hash --------------------------------------------------------------------------------------------------------------

_HASH_ROOM = (_PAGE - 24 - 16) // 20  # an entry is a header of 8, a hash of 4, aligned, and a line pointer
_PHASES = 4  # of a splitpoint group, from the tenth on


def hash_pages(rows: float, keys: float, fillfactor: float = 0.75) -> int:
    """Return the pages of a hash index: as many buckets as rows ask for, and what runs over.

    Args:
        rows: Entries.
        keys: Different keys, which decide how unevenly buckets fill.
        fillfactor: Share of a bucket's page that is filled when the buckets are counted.

    Source: src/backend/access/hash/hashpage.c (``_hash_init_metabuffer``), hashutil.c (``_hash_spareindex``).
    """
    wanted = max(2.0, math.ceil(rows / (_PAGE * fillfactor // 20)))
    buckets = _buckets(wanted)
    keys = max(1.0, min(keys or rows, rows or 1.0))
    return 2 + buckets + math.ceil(_overflow(rows, keys, buckets))


def _buckets(wanted: float) -> int:
    """Return the number of buckets: a power of two, from the tenth on in quarters of it."""
    power = max(1, math.ceil(math.log2(wanted)))
    if power < 10:
        return 1 << power
    half = 1 << (power - 1)
    return half + math.ceil((wanted - half) / (half / _PHASES)) * (half // _PHASES)


def _overflow(rows: float, keys: float, buckets: int) -> float:
    """Return the pages that hang on buckets: those that are not split yet have twice the rows of the others."""
    each = rows / keys
    if keys <= buckets:
        return keys * max(0.0, math.ceil(each / _HASH_ROOM) - 1)
    power = 1 << math.ceil(math.log2(buckets))
    twice, mean = power - buckets, rows / power
    return twice * _chain(2 * mean, each) + (buckets - twice) * _chain(mean, each)


def _chain(mean: float, each: float) -> float:
    """Return the mean pages beyond the first of a bucket, whose rows come ``each`` at a time."""
    spread = NormalDist(mean, max(math.sqrt(mean * each), 1e-9))
    most = int((mean + 6 * spread.stdev) // _HASH_ROOM) + 1
    return math.fsum(1 - spread.cdf(number * _HASH_ROOM) for number in range(1, min(most, 200) + 1))


# -- GIN ---------------------------------------------------------------------------------------------------------------

_LONGEST_INLINE = 2704  # GinMaxItemSize: what is longer becomes a tree of its own
_POSTING_ROOM = 8136  # GinDataPageMaxDataSize
_ENTRY_FILL = 0.60
"""Measured: entries come in batches, in order within each, and a full page is split in halves."""


def gin_pages(rows: float, row_bytes: float, elements: Elements) -> int:
    """Return the pages of a GIN index.

    Args:
        rows: Rows of the table.
        row_bytes: Bytes of a row in the table, line pointer included.
        elements: What the values consist of.

    Source: src/backend/access/gin/ginpostinglist.c (differences of row numbers, 7 bits a byte), ginentrypage.c.
    """
    entry = aligned(8 + aligned(elements.bytes, 2)) + _LINE_POINTER
    inline, trees = 0.0, 0.0
    for keys, share in elements.groups:
        here = max(1.0, rows * min(share, 1.0))
        posting = 8 + (here - 1) * _difference_bytes(rows / here, row_bytes) if here > 1 else 6
        if posting + entry > _LONGEST_INLINE:
            leaves = math.ceil(posting / _POSTING_ROOM)
            trees += keys * (leaves + (1 if leaves > 1 else 0))
            inline += keys * (entry + 4)
        else:
            inline += keys * aligned(entry + aligned(posting, 2))
    leaves_of_entries = max(1, math.ceil(inline / ((_PAGE - 40) * _ENTRY_FILL)))
    inner = math.ceil(leaves_of_entries / 150) if leaves_of_entries > 1 else 0
    return 1 + leaves_of_entries + inner + math.ceil(trees)


def _difference_bytes(gap_rows: float, row_bytes: float) -> float:
    """Return the mean bytes of the difference between two row numbers that are so many rows apart: 11 bits a page."""
    a_page = max(1.0, min(291.0, (_PAGE - 24) / max(row_bytes, 28.0)))
    pages = max(gap_rows / a_page, 1e-9)
    same_page = (1 - math.exp(-1 / pages)) * pages * math.exp(-pages) if pages < 1 else 0.0
    same_page = max(0.0, min(1.0, 1 - pages)) if pages < 1 else same_page
    beyond = sum(math.exp(-limit / pages) for limit in (8, 1 << 10, 1 << 17))  # 14, 21 and 28 bits
    return same_page + (1 - same_page) * (2 + beyond)


# -- GiST and SP-GiST --------------------------------------------------------------------------------------------------

_GIST_FILL = 0.70
"""Measured: what comes in order is gathered four pages at a time, and split into unequal parts."""
_GIST_FILL_OF_RANGES = 0.99
"""Measured: ranges are split in halves, which fill their pages."""
_SPGIST_FILL = 0.79
_SPGIST_FILL_OF_RANGES = 0.58
"""Both measured."""
_SPGIST_HEADER = 16


def gist_pages(rows: float, entry_bytes: float, *, ranges: bool = False) -> int:
    """Return the pages of a GiST index.

    Args:
        rows: Entries.
        entry_bytes: Mean bytes of an entry with its header of 8, before alignment.
        ranges: All its columns are ranges.

    Source: src/backend/access/gist/gistbuild.c (``gist_indexsortbuild``).
    """
    a_page = max(2.0, (_PAGE - 40) / (aligned(entry_bytes) + _LINE_POINTER))
    fill = _GIST_FILL_OF_RANGES if ranges else _GIST_FILL
    pages, level = 0, max(1, math.ceil(rows / (a_page * fill)))
    while level > 1:
        pages, level = pages + level, math.ceil(level / (a_page * _GIST_FILL))
    return pages + 1


def spgist_pages(rows: float, data_bytes: float, *, ranges: bool = False) -> int:
    """Return the pages of an SP-GiST index.

    Args:
        rows: Entries.
        data_bytes: Mean bytes of a value.
        ranges: Its column is a range.

    Source: src/include/access/spgist_private.h.
    """
    item = aligned(_SPGIST_HEADER + (data_bytes + 3 if ranges else data_bytes)) + _LINE_POINTER
    fill = _SPGIST_FILL_OF_RANGES if ranges else _SPGIST_FILL
    return 3 + math.ceil(rows * item / ((_PAGE - 40) * fill))  # the page that tells of it, the root, and that of NULLs


# -- BRIN --------------------------------------------------------------------------------------------------------------

_REVMAP_ROOM = (_PAGE - 24 - 8) // 6


def brin_pages(heap: float, summary_bytes: float, pages_per_range: float = 128.0) -> int:
    """Return the pages of a BRIN index.

    Args:
        heap: Pages of the table.
        summary_bytes: Mean bytes of what is kept of a range, without the header of 8.
        pages_per_range: Pages of the table that one summary stands for.

    Source: src/include/access/brin_page.h, brin_tuple.h.
    """
    ranges = math.ceil(max(heap, 1.0) / max(pages_per_range, 1.0))
    a_page = max(1.0, (_PAGE - 32) // (aligned(8 + summary_bytes) + _LINE_POINTER))
    return 1 + math.ceil(ranges / _REVMAP_ROOM) + math.ceil(ranges / a_page)
