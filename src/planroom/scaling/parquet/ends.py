"""The least and greatest values in the statistics of a Parquet column: how they compare, and which can be counted on.

Source: https://github.com/apache/parquet-format, LogicalTypes.md and parquet.thrift (ColumnOrder, Statistics).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.scaling.parquet.footer import Element

__all__ = ["is_counted", "number_of", "order_of", "stored"]

_BOOLEAN, _INT32, _INT64, _INT96, _FLOAT, _DOUBLE, _BYTES, _FIXED = range(8)
_PLAIN = {_INT32: "<i", _INT64: "<q"}
_REAL = {_FLOAT: "<f", _DOUBLE: "<d"}
_UNSIGNED = {11: "<I", 12: "<I", 13: "<I", 14: "<Q"}  # ConvertedType UINT_8 ... UINT_64
_DECIMAL, _LOGICAL_DECIMAL = 5, 5
_INTEGERS = {11, 12, 13, 14, 15, 16, 17, 18}  # ConvertedType UINT_8 ... INT_64
_LOGICAL_INTEGER = 10
_LOGICAL_FLOAT16 = 15


def order_of(element: Element) -> Callable[[bytes], object] | None:
    """Return what the stored ends of a column are compared by; None where their order is not defined.

    That is so of INT96 and half floats: a reader that does not know them reads no ends.
    """
    if element.physical in _PLAIN:
        return lambda end: number_of(element, end)
    if element.physical in _REAL:
        layout = _REAL[element.physical]
        return lambda end: _unpacked(layout, end)
    if element.physical in {_BOOLEAN, _BYTES, _FIXED} and element.logical != _LOGICAL_FLOAT16:
        return (lambda end: int.from_bytes(end, "big", signed=True)) if _is_decimal(element) else bytes
    return None


def is_counted(element: Element) -> bool:
    """Whether a column holds whole numbers, which keys are counted with; moments and fractions are none."""
    if _is_decimal(element):
        return element.scale == 0
    whole = element.converted in _INTEGERS or element.logical == _LOGICAL_INTEGER
    plain = element.converted is None and element.logical is None
    return element.physical in _PLAIN and (whole or plain)


def number_of(element: Element, end: bytes) -> int | None:
    """Return a stored end as a whole number; None where it is none."""
    if element.physical in _PLAIN:
        layout = _UNSIGNED.get(element.converted or 0, _PLAIN[element.physical])
        found = _unpacked(layout, end)
        return int(found) if found is not None else None
    if element.physical in {_BYTES, _FIXED} and _is_decimal(element) and end:
        return int.from_bytes(end, "big", signed=True)
    return None


def stored(element: Element, number: int, like: bytes) -> tuple[bytes, bool]:
    """Return a whole number as the end of a column, and whether it had to be cut to what its type holds.

    Args:
        element: The column.
        number: The number.
        like: An end of the same column: it tells how many bytes there are.
    """
    size = len(like)
    unsigned = element.physical in _PLAIN and (element.converted or 0) in _UNSIGNED
    bits = {11: 8, 12: 16, 15: 8, 16: 16}.get(element.converted or 0, 8 * size)
    most = (1 << bits) - 1 if unsigned else (1 << bits - 1) - 1
    kept = min(number, most)
    order = "little" if element.physical in _PLAIN else "big"
    return kept.to_bytes(size, order, signed=not unsigned), kept != number  # type: ignore[arg-type]


def _is_decimal(element: Element) -> bool:
    return element.converted == _DECIMAL or element.logical == _LOGICAL_DECIMAL


def _unpacked(layout: str, end: bytes) -> float | int | None:
    if len(end) != struct.calcsize(layout):
        return None
    found: float | int = struct.unpack(layout, end)[0]
    return found
