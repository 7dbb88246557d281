"""PNG pictures made smaller: an icon of 256 pixels that is drawn at 28 carries twenty times what anybody sees.

Each pixel of the result is the mean of a square of pixels, colours weighted by their opacity, so that edges keep no
dark fringe. Only what nearly all icons are is read: 8 or 16 bits a channel, with opacity, not interlaced.

Source: Portable Network Graphics (W3C Recommendation), "Filtering" and "Chunk layout".
"""

from __future__ import annotations

import struct
import zlib
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["smaller"]

_MAGIC = b"\x89PNG\r\n\x1a\n"
_RGBA = (6, 0, 0, 0)  # colour type, compression, filter, interlace
_BYTES = {8: 4, 16: 8}  # a pixel, by the bits a channel
_LEVEL = 9


def smaller(png: bytes, side: int) -> bytes:
    """Return a picture with sides divided by the largest whole number that leaves them at least ``side`` pixels.

    What is not of the kind that is read, or small already, comes back as it is.
    """
    try:
        chunks = list(_chunks(png))
        width, height, depth, *kind = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
        factor = _factor(width, height, side)
        if tuple(kind) != _RGBA or depth not in _BYTES or factor == 1:
            return png
        data = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
        rows = _shrunk(list(_rows(data, width, height, _BYTES[depth])), width, factor)
    except (struct.error, KeyError, zlib.error, IndexError, ValueError):
        return png
    return _png(width // factor, height // factor, rows)


def _factor(width: int, height: int, side: int) -> int:
    most = max(1, min(width, height) // side)
    return next(each for each in range(most, 0, -1) if width % each == 0 and height % each == 0)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_MAGIC)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _rows(data: bytes, width: int, height: int, pixel: int) -> Iterator[bytes]:
    """Yield the rows of pixels, their filters undone, with four bytes a pixel: of two bytes a channel the first."""
    size = pixel * width
    before = bytes(size)
    for at in range(0, height * (size + 1), size + 1):
        before = _unfiltered(data[at], data[at + 1 : at + 1 + size], before, pixel)
        yield before[:: pixel // 4]


def _unfiltered(kind: int, row: bytes, above: bytes, pixel: int) -> bytes:
    if kind == 0:
        return row
    if kind == 1:
        out = bytearray(len(row))
        for at in range(pixel):
            values: list[int] = list(accumulate(row[at::pixel], _plus))
            out[at::pixel] = bytes(values)
        return bytes(out)
    if kind == 2:  # noqa: PLR2004, RUF100  (the numbers of the filters)
        return bytes([(value + up) & 255 for value, up in zip(row, above, strict=True)])
    return (_averaged if kind == 3 else _predicted)(row, above, pixel)  # noqa: PLR2004, RUF100


def _plus(left: int, value: int) -> int:
    return (left + value) & 255


def _averaged(row: bytes, above: bytes, pixel: int) -> bytes:
    out = bytearray(pixel)
    for value, up in zip(row, above, strict=True):
        out.append((value + (out[-pixel] + up) // 2) & 255)
    return bytes(out[pixel:])


def _predicted(row: bytes, above: bytes, pixel: int) -> bytes:
    """Undo Paeth's filter: of left, up and upper left the one nearest to left + up - upper left."""
    out, corners = bytearray(pixel), bytes(pixel) + above
    for value, up, corner in zip(row, above, corners, strict=False):
        left = out[-pixel]
        to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
        nearest = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        out.append((value + nearest) & 255)
    return bytes(out[pixel:])


def _shrunk(rows: list[bytes], width: int, factor: int) -> Iterator[bytes]:
    """Yield rows of means."""
    area = factor * factor
    for at in range(0, len(rows), factor):
        square = rows[at : at + factor]
        opacity = _sums([list(row[3::4]) for row in square], width, factor)
        weighted = [
            _sums([[c * a for c, a in zip(row[n::4], row[3::4], strict=True)] for row in square], width, factor)
            for n in range(3)
        ]
        out = bytearray()
        for red, green, blue, alpha in zip(*weighted, opacity, strict=True):
            half = alpha // 2
            out += bytes([(each + half) // alpha if alpha else 0 for each in (red, green, blue)])
            out.append((alpha + area // 2) // area)
        yield bytes(out)


def _sums(rows: list[list[int]], width: int, factor: int) -> list[int]:
    columns = [sum(column) for column in zip(*rows, strict=True)]
    return [sum(columns[at : at + factor]) for at in range(0, width, factor)]


def _png(width: int, height: int, rows: Iterator[bytes]) -> bytes:
    """Return a picture whose rows are filtered by their left neighbours, which compresses well."""
    head = struct.pack(">IIBBBBB", width, height, 8, *_RGBA)
    data = zlib.compress(b"".join(b"\x01" + _differences(row) for row in rows), _LEVEL)
    return _MAGIC + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _differences(row: bytes) -> bytes:
    return bytes([(value - left) & 255 for value, left in zip(row, bytes(4) + row, strict=False)])


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
