"""Extended statistics as the server's own bytes: numbers of distinct groups, and functional dependencies.

PostgreSQL takes these values by no text; their bytes are what ``::bytea`` gives of them, and what a cast without a
function takes. The bytes are in the order of the machine, which their first number tells.

Source: PostgreSQL, src/include/statistics/statistics.h, statext_ndistinct_serialize() in
src/backend/statistics/mvdistinct.c, statext_dependencies_serialize() in src/backend/statistics/dependencies.c.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from planroom.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Groups", "dependency_bytes", "dependency_values", "distinct_bytes", "distinct_values"]

Groups = tuple[tuple[tuple[int, ...], float], ...]
"""Groups of attribute numbers, each with its number of distinct values or its degree of dependency."""

_DISTINCT_MAGIC = 0xA352BFA4  # STATS_NDISTINCT_MAGIC
_DEPENDENCY_MAGIC = 0xB4549A2C  # STATS_DEPS_MAGIC
_BASIC = 1  # STATS_NDISTINCT_TYPE_BASIC, STATS_DEPS_TYPE_BASIC
_DISTINCT_ITEM = "di"  # double ndistinct, int nattributes
_DEPENDENCY_ITEM = "dh"  # double degree, AttrNumber nattributes


def distinct_values(data: bytes) -> Groups:
    """Return what a ``pg_ndistinct`` holds: attribute numbers, and how many distinct values they have together.

    Raises:
        SourceError: The bytes are none, or of a version that planroom does not know.
    """
    return _read(data, _DISTINCT_MAGIC, _DISTINCT_ITEM, "pg_ndistinct")


def distinct_bytes(groups: Sequence[tuple[Sequence[int], float]]) -> bytes:
    """Return a ``pg_ndistinct`` as the bytes of a little-endian server, without the length that goes before them."""
    return _written(groups, _DISTINCT_MAGIC, _DISTINCT_ITEM)


def dependency_values(data: bytes) -> Groups:
    """Return what a ``pg_dependencies`` holds: attribute numbers, of which the last depends on the others, and how far.

    Raises:
        SourceError: The bytes are none, or of a version that planroom does not know.
    """
    return _read(data, _DEPENDENCY_MAGIC, _DEPENDENCY_ITEM, "pg_dependencies")


def dependency_bytes(groups: Sequence[tuple[Sequence[int], float]]) -> bytes:
    """Return a ``pg_dependencies`` as the bytes of a little-endian server, without the length before them."""
    return _written(groups, _DEPENDENCY_MAGIC, _DEPENDENCY_ITEM)


def _written(groups: Sequence[tuple[Sequence[int], float]], magic: int, item: str) -> bytes:
    parts = [struct.pack("<III", magic, _BASIC, len(groups))]
    parts += [struct.pack(f"<{item}{len(group)}h", value, len(group), *group) for group, value in groups]
    return b"".join(parts)


def _read(data: bytes, magic: int, item: str, kind: str) -> Groups:
    order = next((each for each in "<>" if data[:4] == struct.pack(f"{each}I", magic)), "")
    if not order:
        raise _broken(kind, "they do not begin with its magic number")
    try:
        _, version, count = struct.unpack_from(f"{order}III", data)
        if version != _BASIC:
            raise _broken(kind, f"they are of type {version}, and {_BASIC} is the one that is known")
        return _items(data, order + item, count)
    except struct.error:
        raise _broken(kind, f"they end after {len(data)} bytes, in the middle") from None


def _items(data: bytes, layout: str, count: int) -> Groups:
    found = []
    place, head = 12, struct.calcsize(layout)
    for _ in range(count):
        value, length = struct.unpack_from(layout, data, place)
        numbers = struct.unpack_from(f"{layout[0]}{max(length, 0)}h", data, place + head)
        found.append((numbers, value))
        place += head + 2 * len(numbers)
    if place != len(data):
        raise struct.error
    return tuple(found)


def _broken(kind: str, why: str) -> SourceError:
    return SourceError(
        f"The bytes are no {kind} of PostgreSQL.",
        why=f"{why}.",
        fix="read the statistics from a server of PostgreSQL 12 to 18.",
    )
