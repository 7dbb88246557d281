"""Thrift's compact protocol: bytes to values and back, for what is in the footer of a Parquet file.

What is written is read, and what a usual writer wrote is written again byte by byte. Text that would take all memory
or all of the stack is refused before it does.

Source: Apache Thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import TYPE_CHECKING

from planroom.errors import SourceError
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import TypeAlias

__all__ = ["Field", "Items", "Kind", "Struct", "decoded", "encoded"]

MOST_VALUES = 12_000_000
"""More than a footer that planroom reads may hold; structs and lists count as five values, as they take the memory of
as many. 10,000 row groups of 20 columns have two thirds of it."""

_NESTED_COST = 5
_DEEPEST = 24  # a footer nests six deep
_STOP = 0
_LONG_LIST = 15
_VARINT_BYTES = 10


class Kind(IntEnum):
    """The types of the protocol; a field that is a truth value has it in its type."""

    TRUE = 1
    FALSE = 2
    BYTE = 3
    I16 = 4
    I32 = 5
    I64 = 6
    DOUBLE = 7
    BINARY = 8
    LIST = 9
    SET = 10
    MAP = 11
    STRUCT = 12


_TRUTH = frozenset({Kind.TRUE, Kind.FALSE})
_KINDS = [{each.value: each for each in Kind if each is not Kind.MAP}.get(code) for code in range(16)]
_NESTED = frozenset({Kind.LIST, Kind.SET, Kind.STRUCT})
_BITS = {Kind.I16: 16, Kind.I32: 32, Kind.I64: 64}


@dataclass(frozen=True, slots=True)
class Items:
    """A list or set: the type of its elements, and the elements."""

    kind: Kind
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a field, and its type; both truth values have the type ``TRUE``."""

    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class Struct:
    """Fields by their number, in the order in which they are written."""

    fields: Mapping[int, Field]

    def __contains__(self, number: int) -> bool:
        return number in self.fields

    def get(self, number: int) -> Value | None:
        """Return the value of a field; None where it is not there."""
        found = self.fields.get(number)
        return None if found is None else found.value

    def having(self, changes: Mapping[int, Field]) -> Struct:
        """Return the struct with fields replaced or added; then all are in the order of their numbers."""
        return Struct(dict(sorted({**self.fields, **changes}.items())))

    def without(self, numbers: Collection[int]) -> Struct:
        """Return the struct without some fields."""
        return Struct({number: each for number, each in self.fields.items() if number not in numbers})


if TYPE_CHECKING:
    Value: TypeAlias = bool | int | float | bytes | Items | Struct


def decoded(data: bytes, source: str = "") -> Struct:
    """Return the struct that bytes hold, from the first to the last.

    Args:
        data: What was written.
        source: What to call it in messages.

    Raises:
        SourceError: The bytes are no such struct, or hold too much.
    """
    reader = _Reader(data, source)
    found = reader.struct(0)
    if reader.place != len(data):
        raise reader.error(f"{len(data) - reader.place} bytes follow it")
    return found


def encoded(value: Struct) -> bytes:
    """Return a struct as bytes.

    Example:
        >>> encoded(Struct({1: Field(Kind.I32, 300), 20: Field(Kind.TRUE, False)})).hex(" ")
        '15 d8 04 02 28 00'
        >>> decoded(bytes.fromhex("15 d8 04 02 28 00")).get(1)
        300
    """
    parts: list[bytes] = []
    _write_struct(value, parts)
    return b"".join(parts)


# -- reading -----------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads on from a place; counts what it has read."""

    def __init__(self, data: bytes, source: str) -> None:
        self.data, self.source, self.place, self.left = data, source, 0, MOST_VALUES

    def error(self, why: str) -> SourceError:
        return SourceError(
            f"The footer of {self.source or 'a Parquet file'} cannot be read.",
            where=f"byte {self.place} of the footer",
            why=f"{why}.",
            fix="write the file again: it is damaged, or no Parquet file.",
        )

    def take(self, count: int) -> bytes:
        if count > len(self.data) - self.place:
            raise self.error("it ends in the middle of a value")
        self.place += count
        return self.data[self.place - count : self.place]

    def varint(self) -> int:
        found = 0
        for at in range(_VARINT_BYTES):
            byte = self.take(1)[0]
            found |= (byte & 127) << 7 * at
            if byte < 128:
                return found
        raise self.error("a number has more than 64 bits")

    def integer(self, kind: Kind) -> int:
        raw = self.varint()
        found = (raw >> 1) ^ -(raw & 1)
        if not -(1 << _BITS[kind] - 1) <= found < 1 << _BITS[kind] - 1:
            raise self.error(f"a number does not fit into {_BITS[kind]} bits")
        return found

    def kind(self, code: int) -> Kind:
        kind = _KINDS[code]
        if kind is None:
            raise self.error(f"there is no type {code} in a footer")
        return kind

    def value(self, kind: Kind, depth: int) -> Value:
        self.left -= _NESTED_COST if kind in _NESTED else 1
        if self.left < 0:
            raise self.error(f"it holds more than {MOST_VALUES:,} values")
        if kind in _BITS:
            return self.integer(kind)
        if kind is Kind.BINARY:
            return self.take(self.varint())
        if kind is Kind.STRUCT:
            return self.struct(depth + 1)
        if kind in {Kind.LIST, Kind.SET}:
            return self.items(depth + 1)
        if kind is Kind.DOUBLE:
            return float(struct.unpack("<d", self.take(8))[0])
        return self.take(1)[0]

    def items(self, depth: int) -> Items:
        head = self.take(1)[0]
        count, kind = head >> 4, self.kind(head & 15)
        if count == _LONG_LIST:
            count = self.varint()
        if count > len(self.data) - self.place:  # each takes a byte at least
            raise self.error("a list is longer than what is left")
        self.check(depth)
        if kind in _TRUTH:
            return Items(kind, tuple(byte == 1 for byte in self.take(count)))
        return Items(kind, tuple(self.value(kind, depth) for _ in range(count)))

    def struct(self, depth: int) -> Struct:
        self.check(depth)
        fields: dict[int, Field] = {}
        number = 0
        while (head := self.take(1)[0]) != _STOP:
            kind = self.kind(head & 15)
            number = number + (head >> 4) if head >> 4 else self.integer(Kind.I16)
            if number in fields:
                raise self.error(f"field {number} is there twice")
            truth = kind in _TRUTH
            fields[number] = Field(
                Kind.TRUE if truth else kind, kind is Kind.TRUE if truth else self.value(kind, depth)
            )
        return Struct(fields)

    def check(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise self.error(f"it nests more than {_DEEPEST} deep")


# -- writing -----------------------------------------------------------------------------------------------------------


def _varint(number: int) -> bytes:
    if number < 128:
        return bytes((number,))
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


def _integer(number: int) -> bytes:
    return _varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _write_struct(value: Struct, parts: list[bytes]) -> None:
    last = 0
    for number, each in value.fields.items():
        kind = (Kind.TRUE if each.value else Kind.FALSE) if each.kind in _TRUTH else each.kind
        short = 0 < number - last <= _LONG_LIST
        parts.append(bytes(((number - last) << 4 | kind,)) if short else bytes((kind,)) + _integer(number))
        if kind not in _TRUTH:
            _write(kind, each.value, parts)
        last = number
    parts.append(bytes((_STOP,)))


def _write(kind: Kind, value: Value, parts: list[bytes]) -> None:
    if isinstance(value, Struct):
        _write_struct(value, parts)
    elif isinstance(value, Items):
        _write_items(value, parts)
    elif isinstance(value, bytes):
        parts.append(_varint(len(value)) + value)
    elif isinstance(value, float):
        parts.append(struct.pack("<d", value))
    else:
        parts.append(bytes((value,)) if kind is Kind.BYTE else _integer(value))


def _write_items(items: Items, parts: list[bytes]) -> None:
    count = len(items.values)
    short = count < _LONG_LIST
    parts.append(bytes((count << 4 | items.kind,)) if short else bytes((0xF0 | items.kind,)) + _varint(count))
    if items.kind in _TRUTH:
        parts.append(bytes(1 if each else 2 for each in items.values))
        return
    for each in items.values:
        _write(items.kind, each, parts)
