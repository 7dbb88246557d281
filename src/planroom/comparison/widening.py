"""What a change of a column's type does to the values that are there."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.sqltext import DataType

__all__ = ["TypeChange", "type_change"]

_INTEGERS = {"smallint": 5, "integer": 10, "bigint": 19}  # decimal digits of the largest value
_LENGTHS = {"character varying", "bit varying", "character"}
_PRECISIONS = {
    "timestamp with time zone", "timestamp without time zone", "time with time zone", "time without time zone",
}  # fmt: skip
_FINEST = 6  # digits of a second; the default
_UNBOUNDED = 1 << 62


class TypeChange(enum.Enum):
    """What happens to values."""

    WIDENED = "every value stays as it is, and more fit"
    CONVERTED = "every value has a counterpart, but reads and compares otherwise"
    NARROWED = "some values are refused, cut, rounded, or have no counterpart"


def type_change(old: DataType, new: DataType) -> TypeChange:
    """Return what a change from one type to another does.

    WIDENED is only what leaves every value and every comparison as they are: integers to longer integers, varying
    lengths to longer ones or to text, numeric to more digits before the point, timestamps to finer ones.
    """
    if old.array != new.array:
        return TypeChange.NARROWED
    if _widens(old.element, new.element):
        return TypeChange.WIDENED
    if _has_a_counterpart(old.element, new.element) and not new.array:
        return TypeChange.CONVERTED
    return TypeChange.NARROWED


def _widens(old: DataType, new: DataType) -> bool:
    names = (old.name, new.name)
    if old.schema or new.schema:
        return False
    if names[0] in _INTEGERS and names[1] in _INTEGERS:
        return _INTEGERS[old.name] <= _INTEGERS[new.name]
    if names == ("numeric", "numeric"):
        return _numeric_widens(old, new)
    if old.name == new.name and old.name in _PRECISIONS:
        return _number(old, _FINEST) <= _number(new, _FINEST)
    if old.name == new.name and old.name in _LENGTHS:
        return _length(old) <= _length(new)
    return names in {("character varying", "text"), ("text", "character varying")} and _length(new) == _UNBOUNDED


def _length(kind: DataType) -> int:
    return _number(kind, 1 if kind.name == "character" else _UNBOUNDED)


def _number(kind: DataType, default: int) -> int:
    return int(kind.modifiers[0]) if kind.modifiers and kind.modifiers[0].isdigit() else default


def _numeric_widens(old: DataType, new: DataType) -> bool:
    if not new.modifiers:
        return True
    if not old.modifiers:
        return False
    whole, fraction = _digits(old)
    new_whole, new_fraction = _digits(new)
    return whole <= new_whole and fraction == new_fraction  # more of a fraction is printed, and rounds otherwise


def _digits(kind: DataType) -> tuple[int, int]:
    """Return how many digits a numeric has before and after the point."""
    precision = int(kind.modifiers[0])
    scale = int(kind.modifiers[1]) if len(kind.modifiers) > 1 else 0
    return precision - scale, scale


def _has_a_counterpart(old: DataType, new: DataType) -> bool:
    if (new.name == "text" or new.name == "character varying") and not new.schema and not new.modifiers:
        return True  # every type can be written as text and read back
    if old.schema or new.schema:
        return False
    if new.name == "numeric" and old.name in _INTEGERS:
        return not new.modifiers or _digits(new)[0] >= _INTEGERS[old.name]
    pairs = {
        ("smallint", "real"), ("smallint", "double precision"), ("integer", "double precision"),
        ("real", "double precision"), ("date", "timestamp without time zone"), ("cidr", "inet"),
    }  # fmt: skip
    return (old.name, new.name) in pairs
