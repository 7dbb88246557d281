"""Dates, times and intervals as the server prints them (DateStyle ISO, IntervalStyle postgres).

A text that these functions do not read, such as ``tomorrow``, is returned as it is.

Source: the PostgreSQL manual, "Date/Time Types".
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

__all__ = ["clock", "clock_with_zone", "interval", "interval_of_fields", "iso_date", "timestamp", "timestamptz"]

# Patterns are texts, compiled (and kept) by re when first used: compiling them all would slow the import.
_DATE = r"\s*(\d{4})-(\d{1,2})-(\d{1,2})"
_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?"
_DATE_PATTERN = _DATE + r"(?:[ T]+" + _TIME + r")?\s*"
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*"
_STAMP_PATTERN = r"(?i)" + _DATE + r"(?:[ T]+" + _TIME + r")?" + _ZONE
_TIMETZ_PATTERN = r"\s*([\d:.]+)\s*([+-])(\d{1,2})(:[0-5][1-9]|:[1-5]0)?\s*"
_TIME_PATTERN = r"\s*" + _TIME + r"\s*"


def iso_date(value: str) -> str:
    """Return a date as ``2026-01-05``."""
    match = re.fullmatch(_DATE_PATTERN, value)
    if match is None:
        compact = re.fullmatch(r"\s*(\d{4})(\d{2})(\d{2})\s*", value)
        return _special_time(value) if compact is None else date(*map(int, compact.groups())).isoformat()
    return date(*map(int, match.groups()[:3])).isoformat()


def _special_time(value: str) -> str:
    word = value.strip().lower()
    return word if word in {"infinity", "-infinity"} else value


def _moment(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, fraction = match.groups()[:7]
    microseconds = round(float(fraction or 0) * 1_000_000)
    clock = int(minute or 0), int(second or 0), microseconds
    whole = datetime(int(year), int(month), int(day), 0, *clock)  # noqa: DTZ001
    return whole + timedelta(hours=int(hour or 0))


def timestamp(value: str) -> str:
    """Return a timestamp as ``2026-01-05 07:30:00``."""
    match = re.fullmatch(_STAMP_PATTERN, value)  # a zone is read and ignored, as the server does
    return _special_time(value) if match is None else _printed(_moment(match))


def _printed(moment: datetime) -> str:
    local = moment.replace(tzinfo=None)
    return local.isoformat(" ", "microseconds").rstrip("0") if local.microsecond else local.isoformat(" ", "seconds")


def timestamptz(value: str) -> str:
    """Return a timestamp with time zone in UTC; one that names no zone is taken as UTC."""
    match = re.fullmatch(_STAMP_PATTERN, value)
    if match is None:
        return _special_time(value)
    moment = _moment(match).replace(tzinfo=_zone(match[8] or "Z"))
    return _printed(moment.astimezone(UTC)) + "+00"


def _zone(text: str) -> timezone:
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(offset if text[0] == "+" else -offset)


def clock(value: str) -> str:
    """Return a time of day as ``07:30:00``."""
    match = re.fullmatch(_TIME_PATTERN, value)
    if match is None:
        return value
    hour, minute, second, fraction = match.groups()
    tail = (fraction or "").rstrip("0").rstrip(".")
    return f"{int(hour):02}:{minute}:{second or '00'}{tail}"


_UNITS = {
    "microsecond": (0, 0, 1), "us": (0, 0, 1), "millisecond": (0, 0, 1000), "ms": (0, 0, 1000),
    "msec": (0, 0, 1000), "second": (0, 0, 1_000_000),
    "sec": (0, 0, 1_000_000), "s": (0, 0, 1_000_000), "minute": (0, 0, 60_000_000),
    "min": (0, 0, 60_000_000), "m": (0, 0, 60_000_000),
    "hour": (0, 0, 3_600_000_000), "hr": (0, 0, 3_600_000_000), "h": (0, 0, 3_600_000_000),
    "day": (0, 1, 0), "d": (0, 1, 0), "week": (0, 7, 0), "w": (0, 7, 0), "month": (1, 0, 0), "mon": (1, 0, 0),
    "year": (12, 0, 0), "yr": (12, 0, 0), "y": (12, 0, 0), "decade": (120, 0, 0), "century": (1200, 0, 0),
}  # fmt: skip
_INTERVAL_PART = r"\s*([+-]?)(?:(\d+):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?|(\d+(?:\.\d+)?)\s*([a-z]+))\s*"


def clock_with_zone(value: str) -> str:
    """Return a time of day with its offset, as ``07:30:00+02``."""
    match = re.fullmatch(_TIMETZ_PATTERN, value)
    return value if match is None else f"{clock(match[1])}{match[2]}{int(match[3]):02}{match[4] or ''}"


def interval(value: str) -> str:
    """Return an interval in the ``postgres`` style: ``1 day 02:00:00``."""
    months = days = microseconds = position = 0
    text = value.lower().removeprefix("@")
    ago = text.rstrip().endswith("ago")
    text = text.rstrip().removesuffix("ago") if ago else text
    text = re.sub(r"^\s*([+-]?)(\d+)-(\d+)\b", r"\1\2 years \1\3 months", text)
    text = re.sub(r"(^|\s)([+-]?\d+(?:\.\d+)?)\s*$", r"\1\2 seconds", text)
    while position < len(text):
        match = re.compile(_INTERVAL_PART).match(text, position)
        part = _interval_part(match) if match else None
        if match is None or part is None:
            return value
        months, days, microseconds = months + part[0], days + part[1], microseconds + part[2]
        position = match.end()
    sign = -1 if ago else 1
    return _interval_text(sign * months, sign * days, sign * microseconds)


def _interval_part(match: re.Match[str]) -> tuple[int, int, int] | None:
    sign = -1 if match[1] == "-" else 1
    if match[2] is not None:
        seconds = Decimal(match[4] or 0) + 60 * int(match[3]) + 3600 * int(match[2])
        return 0, 0, sign * int(seconds * 1_000_000)
    unit = _UNITS.get(match[6]) or _UNITS.get(match[6].removesuffix("s"))
    amount = Decimal(match[5])
    if unit is None or (amount % 1 and not unit[2]):  # a fraction of a day or month spills over: left as written
        return None
    months, days, microseconds = (int(sign * amount * factor) for factor in unit)
    return months, days, microseconds


def _interval_text(months: int, days: int, microseconds: int) -> str:
    """Return an interval in the ``postgres`` style (intervalstyle)."""
    years, rest = divmod(abs(months), 12)
    parts = [(years if months >= 0 else -years, "year"), (rest if months >= 0 else -rest, "mon"), (days, "day")]
    words: list[str] = []
    negative = False
    for amount, unit in parts:
        if amount:
            plus = "+" if negative and amount > 0 else ""
            words.append(f"{plus}{amount} {unit}{'' if amount == 1 else 's'}")
            negative = amount < 0
    if microseconds or not words:
        seconds, fraction = divmod(abs(microseconds), 1_000_000)
        sign = "-" if microseconds < 0 else "+" if negative else ""
        tail = f".{fraction:06}".rstrip("0") if fraction else ""
        words.append(f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{tail}")
    return " ".join(words)


def interval_of_fields(value: str, fields: str) -> str:
    """Return an interval constant's text where fields such as ``hour to minute`` say what a bare number counts."""
    text = value.strip()
    unit = fields.rpartition(" ")[2]
    return interval(f"{text} {unit}" if re.fullmatch(r"[+-]?\d+", text) and unit in _UNITS else text)
