"""The pages of indexes as a planner reads them."""

from __future__ import annotations

import struct

import pytest

from planroom.errors import QuantityError
from planroom.scaling.pages import BLOCK_BYTES, brin_metapage, btree_leaf, btree_spine

EMPTY_BTREE = bytearray(BLOCK_BYTES)
struct.pack_into("<IIIIIII", EMPTY_BTREE, 24, 0x053162, 4, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("height", [0, 1, 2, 5])
def test_a_spine_has_a_page_on_each_level_and_tells_its_height(height):
    spine = btree_spine(bytes(EMPTY_BTREE), height)

    assert len(spine) == (height + 2) * BLOCK_BYTES
    assert struct.unpack_from("<IIII", spine, 32) == (1, height, 1, height)
    levels = [struct.unpack_from("<I", spine, page * BLOCK_BYTES - 8)[0] for page in range(2, height + 3)]
    assert levels == list(range(height, -1, -1))


def test_a_spine_keeps_the_leaf_and_all_that_is_not_about_the_height():
    leaf = b"x" * (BLOCK_BYTES - 16) + bytes(16)
    one_leaf = bytearray(EMPTY_BTREE)
    struct.pack_into("<IIII", one_leaf, 32, 1, 0, 1, 0)

    kept = btree_leaf(bytes(one_leaf) + leaf)
    spine = btree_spine(bytes(one_leaf), 2, kept, written=0x1_0000_0002)

    assert kept == leaf
    assert spine[8 - BLOCK_BYTES : -16] == leaf[8:-16]  # a page begins with its place in the log
    assert spine[24:32] == bytes(one_leaf[24:32])
    assert all(struct.unpack_from("<II", spine, page * BLOCK_BYTES) == (1, 2) for page in range(4))
    assert btree_leaf(bytes(EMPTY_BTREE)) == b""


def test_no_btree_is_of_any_height():
    with pytest.raises(QuantityError, match="height 17"):
        btree_spine(bytes(EMPTY_BTREE), 17)


def test_the_map_of_ranges_is_as_long_as_the_table_needs():
    metapage = bytearray(BLOCK_BYTES)
    struct.pack_into("<IIII", metapage, 24, 0, 1, 128, 0)

    def pages(table_pages: int) -> int:
        return struct.unpack_from("<I", brin_metapage(bytes(metapage), table_pages), 36)[0]

    assert (pages(0), pages(1360 * 128), pages(1360 * 128 + 1)) == (1, 1, 2)
