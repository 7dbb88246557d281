"""Icons are made smaller: the mean of their pixels stays, whatever filters they were written with."""

from __future__ import annotations

import struct
import zlib

import pytest

from planroom.diagrams.pixels import _chunk, _chunks, _rows, smaller

MAGIC = b"\x89PNG\r\n\x1a\n"


def png(rows: list[bytes], kind: int, *, depth: int = 8) -> bytes:
    """Return a picture whose rows are filtered in one way, by the definitions of the standard."""
    pixel = depth // 2
    width, before, data = len(rows[0]) // pixel, bytes(len(rows[0])), b""
    for row in rows:
        left = bytes(pixel) + row
        corner = bytes(pixel) + before
        guess = [predict(kind, a, b, c) for a, b, c in zip(left, before, corner, strict=False)]
        data += bytes([kind]) + bytes((value - each) & 255 for value, each in zip(row, guess, strict=True))
        before = row
    head = struct.pack(">IIBBBBB", width, len(rows), depth, 6, 0, 0, 0)
    return MAGIC + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(data)) + _chunk(b"IEND", b"")


def predict(kind: int, a: int, b: int, c: int) -> int:
    estimate = a + b - c
    near = min((a, b, c), key=lambda each: abs(estimate - each))
    return (0, a, b, (a + b) // 2, near)[kind]


def pixels(picture: bytes) -> list[bytes]:
    chunks = dict(_chunks(picture))
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    return list(_rows(zlib.decompress(chunks[b"IDAT"]), width, height, 4 * chunks[b"IHDR"][8] // 8))


PICTURE = [bytes((x * 37 + y * 11 + n * 53) % 256 for x in range(8) for n in range(4)) for y in range(8)]


@pytest.mark.parametrize("kind", range(5))
def test_every_filter_is_undone(kind):
    assert pixels(png(PICTURE, kind)) == PICTURE


@pytest.mark.parametrize("kind", range(5))
def test_a_smaller_picture_is_the_same_whatever_the_filter_was(kind):
    small = smaller(png(PICTURE, kind), 4)

    assert small == smaller(png(PICTURE, 0), 4)
    assert [len(row) for row in pixels(small)] == [16] * 4


@pytest.mark.parametrize("kind", range(5))
def test_of_sixteen_bits_a_channel_the_upper_eight_stay(kind):
    fine = [bytes(each for value in row for each in (value, 255 - value)) for row in PICTURE]

    assert pixels(png(fine, kind, depth=16)) == PICTURE
    assert smaller(png(fine, kind, depth=16), 4) == smaller(png(PICTURE, 0), 4)


def test_a_pixel_is_the_mean_of_those_that_can_be_seen():
    seen, hidden = bytes((200, 100, 0, 255)), bytes((0, 0, 0, 0))
    small = smaller(png([seen + hidden, hidden + seen], 0), 1)

    assert pixels(small) == [bytes((200, 100, 0, 128))]


def test_what_is_small_or_not_understood_stays():
    for picture in (png(PICTURE, 0), png(PICTURE, 0, depth=8), b"\x89PNG", b"", MAGIC + b"\x00\x00"):
        assert smaller(picture, 8) == picture
