"""Made-up values in the order of those that they stand for: all that is left of a value is its rank.

Each type has a way to order its values and a way to make them, evenly spread and of one length. A type that has none,
or too few values for the ranks, is not replaced.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from planroom.sqltext import DataType

__all__ = ["family", "made_up", "ranks"]

_FIRST_DAY = datetime.date(2000, 1, 1)
_FIRST_MOMENT = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_DIGITS = 6
_MOMENT = re.compile(r"(\d+)-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d(?:\.\d+)?)([+-]\d\d)?(?::(\d\d))?)?( BC)?")


class _Kind(NamedTuple):
    """How the values of a type are ordered, how many can be made, and how."""

    family: str
    key: Callable[[str], Any]
    most: Callable[[tuple[str, ...]], int]
    make: Callable[[int, tuple[str, ...]], str]


def family(kind: DataType) -> str:
    """Return the family of a type whose values compare with one another; empty where none can be made up."""
    found = None if kind.array or kind.schema else _KINDS.get(kind.name)
    return found.family if found else ""


def ranks(values: Iterable[str], kind: DataType) -> dict[str, int]:
    """Return the rank of each value in the order of its type, from 0; equal values have the same.

    Raises:
        ValueError: A value is none of the type.
    """
    key = _KINDS[kind.name].key
    keyed = {value: key(value) for value in set(values)}
    order = {found: rank for rank, found in enumerate(sorted(set(keyed.values())))}
    return {value: order[found] for value, found in keyed.items()}


def made_up(rank: int, of: int, kind: DataType) -> str | None:
    """Return the value that stands for the one at a rank; None where the type has not so many.

    Args:
        rank: From 0.
        of: How many ranks there are.
        kind: The type of the column.

    Example:
        >>> from planroom.sqltext import DataType
        >>> made_up(41, 100, DataType("text")), made_up(41, 100, DataType("date"))
        ('v000041', '2000-02-11')
    """
    found = _KINDS[kind.name]
    return found.make(rank, kind.modifiers) if of <= found.most(kind.modifiers) else None


# -- numbers -----------------------------------------------------------------------------------------------------------


def _number(value: str) -> tuple[int, Decimal]:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(value) from None
    return (1, Decimal(0)) if number.is_nan() else (0, number)  # NaN is greater than all others


def _whole_digits(modifiers: tuple[str, ...]) -> int:
    """Return how many numbers of a numeric have no fraction: ``numeric(p, s)`` has p - s digits before the point."""
    if not modifiers:
        return 1 << 31
    scale = int(modifiers[1]) if len(modifiers) > 1 else 0
    return int(10 ** max(int(modifiers[0]) - max(scale, 0), 0)) - 1 if scale >= 0 else 0


# -- texts -------------------------------------------------------------------------------------------------------------


def _most_texts(modifiers: tuple[str, ...]) -> int:
    return int(10 ** min(int(modifiers[0]) if modifiers else _DIGITS, _DIGITS))


def _text(rank: int, modifiers: tuple[str, ...]) -> str:
    room = int(modifiers[0]) if modifiers else _DIGITS + 1
    return f"v{rank:0{_DIGITS}d}" if room > _DIGITS else f"{rank:0{room}d}"


# -- times -------------------------------------------------------------------------------------------------------------


def _moment(value: str) -> float:
    """Return the seconds to a date or timestamp as the server prints it in ISO style, from the year 1."""
    if value in {"infinity", "-infinity"}:
        return float(value)
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise ValueError(value)
    year, month, day, hour, minute, second, zone, zone_minute, before = found.groups()
    days = _days(1 - int(year) if before else int(year), int(month), int(day))
    offset = (int(zone or 0) * 60 + int(zone_minute or 0) * (-1 if (zone or "").startswith("-") else 1)) * 60
    return days * 86400 + int(hour or 0) * 3600 + int(minute or 0) * 60 + float(second or 0) - offset


def _days(year: int, month: int, day: int) -> int:
    """Return the day's number in the proleptic Gregorian calendar, for any year.

    Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    """
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year


def _timestamp(rank: int) -> str:
    return f"{_FIRST_MOMENT + datetime.timedelta(hours=rank):%Y-%m-%d %H:%M:%S}"


# -- addresses ---------------------------------------------------------------------------------------------------------


def _address(value: str) -> tuple[int, int, int, int]:
    found = ipaddress.ip_interface(value)
    return found.version, int(found.network.network_address), found.network.prefixlen, int(found.ip)


def _numbers(most: int, name: str = "number") -> _Kind:
    return _Kind(name, _number, lambda _: most, lambda rank, _: str(rank + 1))


def _plain(name: str, key: Callable[[str], Any], most: int, make: Callable[[int], str]) -> _Kind:
    return _Kind(name, key, lambda _: most, lambda rank, _: make(rank))


def _clock(rank: int) -> str:
    return f"{rank // 3600:02d}:{rank // 60 % 60:02d}:{rank % 60:02d}"


_TEXT = _Kind("text", str, _most_texts, _text)

_KINDS: Mapping[str, _Kind] = {
    "text": _TEXT,
    "character varying": _TEXT,
    "character": _TEXT,
    "name": _TEXT,
    "citext": _plain("citext", str.lower, 10**_DIGITS, lambda rank: _text(rank, ())),
    "smallint": _numbers(2**15 - 1),
    "integer": _numbers(2**31 - 1),
    "bigint": _numbers(2**31 - 1),
    "real": _numbers(2**24),
    "double precision": _numbers(2**31 - 1),
    "numeric": _Kind("number", _number, _whole_digits, lambda rank, _: str(rank + 1)),
    "date": _plain("date", _moment, 10**6, lambda rank: str(_FIRST_DAY + datetime.timedelta(days=rank))),
    "timestamp without time zone": _plain("timestamp", _moment, 10**7, _timestamp),
    "timestamp with time zone": _plain("timestamptz", _moment, 10**7, lambda rank: _timestamp(rank) + "+00"),
    "time without time zone": _plain("time", str, 86400, _clock),
    "uuid": _plain("uuid", str.lower, 1 << 40, lambda rank: f"00000000-0000-4000-8000-{rank:012x}"),
    "bytea": _plain("bytea", str.lower, 1 << 32, lambda rank: f"\\x{rank:08x}"),
    "inet": _plain("inet", _address, 1 << 24, lambda rank: str(ipaddress.IPv4Address(0x0A000000 + rank))),
    "cidr": _plain("cidr", _address, 1 << 24, lambda rank: f"{ipaddress.IPv4Address(0x0A000000 + rank)}/32"),
}  # fmt: skip
"""What can be made up, by the name of the type."""
