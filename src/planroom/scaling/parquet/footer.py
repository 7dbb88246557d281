"""The footer of a Parquet file: what a planner reads of it, and all else as it was written.

Source: https://github.com/apache/parquet-format, src/main/thrift/parquet.thrift; the numbers of fields are its own.
"""

from __future__ import annotations

import struct
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.errors import SourceError
from planroom.scaling.parquet.compact import Field, Items, Kind, Struct, decoded, encoded
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["TAIL_BYTES", "Chunk", "Element", "Footer", "combined", "damaged", "file_of", "footer_bytes", "footer_of"]

TAIL_BYTES = 8
"""At the end of a file: the length of the footer, and the letters ``PAR1``."""

MOST_BYTES = 256 << 20
_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"
_SCHEMA, _ROWS, _ROW_GROUPS = 2, 3, 4  # FileMetaData
_CHUNKS, _GROUP_ROWS = 1, 3  # RowGroup
_CHUNK_DATA = 3  # ColumnChunk.meta_data


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the schema: a column, or what holds others.

    Attributes:
        name: Its name.
        path: The names from the topmost column down to it.
        physical: The type in which it is stored, by parquet.thrift's number; None for what holds others.
        converted: The older sign of what it means (ConvertedType).
        logical: The newer sign: the number of the field that is set in LogicalType.
        scale: Digits after the point of a decimal.
    """

    name: str
    path: tuple[str, ...]
    physical: int | None = None
    converted: int | None = None
    logical: int | None = None
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """The values of one column in one row group.

    Attributes:
        path: The names from the topmost column down to it.
        data: ColumnMetaData.
        statistics: Statistics, without fields where there are none.
    """

    path: tuple[str, ...]
    data: Struct
    statistics: Struct


@dataclass(frozen=True)
class Footer:
    """A footer.

    Attributes:
        metadata: FileMetaData.
        source: What to call it in messages.
    """

    metadata: Struct
    source: str = field(default="", compare=False)

    @property
    def rows(self) -> int:
        """The rows of the file."""
        return _number(self.metadata, _ROWS)

    @cached_property
    def row_groups(self) -> tuple[Struct, ...]:
        """The row groups, as RowGroup."""
        return _structs(self.metadata, _ROW_GROUPS)

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The schema, without its root, from the top down."""
        return tuple(_elements(_structs(self.metadata, _SCHEMA), self.source))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the topmost columns, in their order."""
        return tuple(each.name for each in self.elements if len(each.path) == 1)

    @cached_property
    def leaves(self) -> Mapping[tuple[str, ...], Element]:
        """The elements that have values, by their path."""
        return {each.path: each for each in self.elements if each.physical is not None}

    def chunks(self, row_group: Struct) -> tuple[Chunk, ...]:
        """Return the columns of a row group.

        Raises:
            SourceError: The row group does not fit the schema.
        """
        found = tuple(map(_chunk, _structs(row_group, _CHUNKS)))
        if len(found) != len(self.leaves) or any(each.path not in self.leaves for each in found):
            raise damaged(self.source, "a row group has other columns than the schema")
        return found


def damaged(source: str, why: str) -> SourceError:
    """Return the error of a footer that is no such thing."""
    return SourceError(
        f"The footer of {source or 'a Parquet file'} cannot be read.",
        why=f"{why}.",
        fix="write the file again: it is damaged, or no Parquet file.",
    )


def footer_bytes(tail: bytes, source: str = "") -> int:
    """Return how many bytes the footer has before the last eight, which are given.

    Raises:
        SourceError: It is no Parquet file, an encrypted one, or its footer is too large to be one.
    """
    if len(tail) < TAIL_BYTES or tail[-4:] not in {_MAGIC, _ENCRYPTED}:
        raise SourceError(f"{source or 'This'} is no Parquet file.", why="it does not end with PAR1.")
    if tail[-4:] == _ENCRYPTED:
        raise SourceError(f"{source or 'This file'} is encrypted.", why="its footer cannot be read without the key.")
    (length,) = struct.unpack("<I", tail[-8:-4])
    if length > MOST_BYTES:
        raise damaged(source, f"it would have {length:,} bytes")
    return int(length)


def footer_of(data: bytes, source: str = "") -> Footer:
    """Return the footer at the end of a file.

    Args:
        data: The file, or at least its footer and the eight bytes after it.
        source: What to call it in messages.

    Raises:
        SourceError: There is no footer, or it is damaged.
    """
    length = footer_bytes(data[-TAIL_BYTES:], source)
    if length > len(data) - TAIL_BYTES:
        raise damaged(source, "the file is shorter than its footer")
    found = Footer(decoded(data[len(data) - TAIL_BYTES - length : -TAIL_BYTES], source), source)
    if found.rows < 0:
        raise damaged(source, "it has fewer rows than none")
    for group in found.row_groups:
        found.chunks(group)
        _number(group, _GROUP_ROWS)
    return found


def file_of(footer: Footer) -> bytes:
    """Return a Parquet file that is nothing but a footer: it can be planned on, and a scan of it fails at once."""
    data = encoded(footer.metadata)
    return _MAGIC + data + struct.pack("<I", len(data)) + _MAGIC


def combined(parts: Sequence[Footer]) -> Footer:
    """Return the footer of a file that would hold the rows of several.

    Raises:
        SourceError: One has other columns than the first.
    """
    first = parts[0]
    for each in parts[1:]:
        if each.elements != first.elements:
            raise SourceError(
                f"{each.source} is no part of the table of {first.source}.",
                why="their columns are not the same.",
                fix="name a folder in which all files of a table have the same columns.",
            )
    groups = Items(Kind.STRUCT, tuple(group for each in parts for group in each.row_groups))
    rows = sum(each.rows for each in parts)
    changes = {_ROWS: Field(Kind.I64, rows), _ROW_GROUPS: Field(Kind.LIST, groups)}
    return first if len(parts) == 1 else Footer(first.metadata.having(changes), first.source)


# -- parts -------------------------------------------------------------------------------------------------------------


def _number(owner: Struct, number: int) -> int:
    found = owner.get(number)
    if not isinstance(found, int):
        raise damaged("", f"field {number} is no number")
    return found


def _structs(owner: Struct, number: int) -> tuple[Struct, ...]:
    found = owner.get(number)
    values = found.values if isinstance(found, Items) else None
    if values is None or not all(isinstance(each, Struct) for each in values):
        raise damaged("", f"field {number} is no list of structs")
    return tuple(each for each in values if isinstance(each, Struct))


def _elements(schema: tuple[Struct, ...], source: str) -> Iterator[Element]:
    """Yield the elements below the root; ``open_`` holds what still misses children."""
    open_: list[tuple[tuple[str, ...], int]] = []
    for place, each in enumerate(schema):
        children = each.get(5)
        name = each.get(4)
        if not isinstance(name, bytes) or not isinstance(children, int | None) or (children or 0) < 0:
            raise damaged(source, "its schema is no tree")
        while open_ and not open_[-1][1]:
            open_.pop()
        if place and not open_:
            raise damaged(source, "its schema is no tree")
        path: tuple[str, ...] = ()
        if place:
            above, left = open_.pop()
            open_.append((above, left - 1))
            path = (*above, name.decode("utf-8", "replace"))
            yield _element(each, path)
        if children or not place:
            open_.append((path, children or 0))
    if any(left for _, left in open_):
        raise damaged(source, "its schema is no tree")


def _element(each: Struct, path: tuple[str, ...]) -> Element:
    physical, converted, scale, logical = (each.get(number) for number in (1, 6, 7, 10))
    return Element(
        path[-1],
        path,
        physical if isinstance(physical, int) and not each.get(5) else None,
        converted if isinstance(converted, int) else None,
        next(iter(logical.fields), None) if isinstance(logical, Struct) else None,
        scale if isinstance(scale, int) else 0,
    )


def _chunk(chunk: Struct) -> Chunk:
    data = chunk.get(_CHUNK_DATA)
    path = data.get(3) if isinstance(data, Struct) else None
    if not isinstance(data, Struct) or not isinstance(path, Items):
        raise damaged("", "a column of a row group is not described")
    names = tuple(each.decode("utf-8", "replace") for each in path.values if isinstance(each, bytes))
    statistics = data.get(12)
    return Chunk(names, data, statistics if isinstance(statistics, Struct) else Struct({}))
