"""The bytes of PostgreSQL's index pages that a planner reads, at any size of the index.

A planner asks a B-tree for its height, GIN for its counts and BRIN for its map, all in the index's first page. The
layouts are those of little-endian machines, as every build of the embedded server is for.

Sources: src/include/storage/bufpage.h, access/nbtree.h, access/ginblock.h and access/brin_page.h of PostgreSQL 18.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from planroom.errors import QuantityError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BLOCK_BYTES", "MOST_PAGES", "brin_metapage", "btree_leaf", "btree_spine", "gin_metapage"]

BLOCK_BYTES = 8192
"""The size of a page; the embedded server, like nearly all, is built with this BLCKSZ."""

MOST_PAGES = 0xFFFFFFFE
"""Pages of the largest relation, MaxBlockNumber: a page less than 32 TiB."""

_PAGE_HEADER_BYTES = 24
_PAGE_LAYOUT = 4  # PG_PAGE_LAYOUT_VERSION
_LEAF, _ROOT = 1, 2  # BTP_LEAF, BTP_ROOT
_PIVOT = 0x2000  # INDEX_ALT_TID_MASK: the tuple is no row, its place holds the child's block
_NORMAL = 1  # LP_NORMAL
_SPECIAL = BLOCK_BYTES - 16  # where BTPageOpaqueData begins
_TALLEST = 16  # 2^32 blocks with a fan-out of five; a real tree of 32 TiB has five levels
_ROOT_AND_LEVELS = struct.Struct("<IIII")  # btm_root, btm_level, btm_fastroot, btm_fastlevel
_ROOT_OFFSET = _PAGE_HEADER_BYTES + 8
_PLACE = struct.Struct("<II")  # pd_lsn
_GIN_COUNTS = struct.Struct(
    "<IIIIqIII4xq"
)  # head, tail, tailFreeSize, nPendingPages, nPendingHeapTuples, nTotalPages ...
_BRIN_MAP = struct.Struct("<II")  # pagesPerRange, lastRevmapPage
_BRIN_OFFSET = _PAGE_HEADER_BYTES + 8
_RANGES_PER_MAP_PAGE = 1360  # REVMAP_PAGE_MAXITEMS: (8192 - 24 - 8) / 6
_NO_BLOCK = 0xFFFFFFFF


def btree_leaf(tree: bytes) -> bytes:
    """Return the only leaf of a B-tree that has one leaf at most, or nothing.

    Args:
        tree: The file's pages.
    """
    root, level, _, _ = _ROOT_AND_LEVELS.unpack_from(tree, _ROOT_OFFSET)
    if root == 0 or level > 0:
        return b""
    return tree[root * BLOCK_BYTES : (root + 1) * BLOCK_BYTES]


def btree_spine(metapage: bytes, height: int, leaf: bytes = b"", *, written: int = 0) -> bytes:
    """Return the first ``height + 2`` pages of a legal B-tree of some height: one page on each level.

    Args:
        metapage: The first page of an empty B-tree; what is not about the height stays as it is.
        height: Levels above the leaves, in [0, 16].
        leaf: The leaf page, as `btree_leaf` gives it; none makes an empty one.
        written: The place in the server's log after which the pages are new.

    Raises:
        QuantityError: No B-tree is as high.
    """
    if not 0 <= height <= _TALLEST:
        raise QuantityError(f"A B-tree of height {height} cannot be.", why=f"heights are from 0 to {_TALLEST}.")
    pages = [bytearray(metapage[:BLOCK_BYTES])]
    _ROOT_AND_LEVELS.pack_into(pages[0], _ROOT_OFFSET, 1, height, 1, height)
    for level in range(height, -1, -1):
        flags = (_ROOT if level == height else 0) | (_LEAF if level == 0 else 0)
        own = struct.pack("<IIIHH", 0, 0, level, flags, 0)  # no neighbours on the left and on the right
        pages.append(bytearray(_inner(len(pages) + 1, own) if level else _leaf(leaf, own)))
    for page in pages:
        _PLACE.pack_into(page, 0, written >> 32, written & 0xFFFFFFFF)
    return b"".join(pages)


def _leaf(leaf: bytes, own: bytes) -> bytes:
    return leaf[:_SPECIAL] + own if leaf else _page(_PAGE_HEADER_BYTES, _SPECIAL, b"", b"", own)


def _inner(child: int, own: bytes) -> bytes:
    """Return a page whose one entry, less than any key, leads to the block ``child``."""
    upper = _SPECIAL - 8
    pointer = struct.pack("<I", upper | _NORMAL << 15 | 8 << 17)
    entry = struct.pack("<HHHH", child >> 16, child & 0xFFFF, 0, 8 | _PIVOT)
    return _page(_PAGE_HEADER_BYTES + len(pointer), upper, pointer, entry, own)


def _page(lower: int, upper: int, pointers: bytes, entries: bytes, special: bytes) -> bytes:
    header = struct.pack("<QHHHHHHI", 0, 0, 0, lower, upper, _SPECIAL, BLOCK_BYTES | _PAGE_LAYOUT, 0)
    return (header + pointers).ljust(upper, b"\0") + entries + special


def gin_metapage(metapage: bytes, counts: Sequence[float] | None = None) -> bytes:
    """Return GIN's first page with the counts that VACUUM leaves there, and a pending list that is never read.

    Args:
        metapage: The first page of an empty GIN index.
        counts: Pending pages, all pages, entry pages, data pages and entries, as `RelationStatistics.counts` has them.
            Without them ``gincostestimate`` takes nine tenths of the pages for entry pages.
    """
    page = bytearray(metapage[:BLOCK_BYTES])
    pending, pages, entry_pages, data_pages, entries = map(round, counts or (0, 0, 0, 0, 0))
    _GIN_COUNTS.pack_into(
        page, _PAGE_HEADER_BYTES, _NO_BLOCK, _NO_BLOCK, 0, pending, 0, pages, entry_pages, data_pages, entries
    )
    return bytes(page)


def brin_metapage(metapage: bytes, table_pages: int) -> bytes:
    """Return BRIN's first page with as long a map of ranges as a table of ``table_pages`` pages has.

    ``brincostestimate`` reads the map's length there; the pages of a range stay what CREATE INDEX made them.
    """
    page = bytearray(metapage[:BLOCK_BYTES])
    per_range, _ = _BRIN_MAP.unpack_from(page, _BRIN_OFFSET)
    ranges = -(-max(table_pages, 1) // max(per_range, 1))
    _BRIN_MAP.pack_into(page, _BRIN_OFFSET, per_range, max(1, -(-ranges // _RANGES_PER_MAP_PAGE)))
    return bytes(page)
