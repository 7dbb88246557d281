"""Constants as the server prints them: ``'2026-1-5'::date`` is ``2026-01-05``, ``'1 day'::interval`` is ``1 day``.

A value is rewritten only where its type's input and output functions are plain; any other text is kept as written, so
that two different values never become one. A timestamp with time zone that names no zone is read as UTC, the setting
under which planroom reads a server.

Source: the PostgreSQL manual, "Data Types".
"""

from __future__ import annotations

import json
import re
import struct
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fits", "interval_of_fields", "normalise"]


def interval_of_fields(value: str, fields: str) -> str:
    """Return an interval constant's text where fields such as ``hour to minute`` say what a bare number counts."""
    text = value.strip()
    unit = fields.rpartition(" ")[2]
    return normalise(f"{text} {unit}" if re.fullmatch(r"[+-]?\d+", text) and unit in _UNITS else text, "interval")


def normalise(value: str, type_: str) -> str:
    """Return a constant's text as a value of that type would be printed; as it is where that cannot be told.

    Example:
        >>> normalise(" 010 ", "integer"), normalise("2026-1-5 7:30", "timestamp without time zone")
        ('10', '2026-01-05 07:30:00')
    """
    if type_.endswith("[]"):
        return _array(value, type_[:-2])
    function = _NORMALISERS.get(type_)
    if function is None:
        return value
    try:
        return function(value)
    except (ValueError, InvalidOperation, OverflowError, RecursionError):
        return value


_RANGES = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


def fits(number: int, type_: str) -> bool:
    """Return whether an integer is in the range of an integer type."""
    return -_RANGES[type_] <= number < _RANGES[type_]


def _integer(value: str) -> str:
    return str(int(value.strip(), 0)) if value.strip()[:2].lower() in {"0x", "0o", "0b"} else str(int(value))


def _numeric(value: str) -> str:
    number = Decimal(value.strip())
    if not number.is_finite():
        return _special(float(number))
    return f"{number:f}" if number else f"{number:f}".removeprefix("-")


def _special(number: float) -> str:
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"


def _double(value: str) -> str:
    return _shortest(float(value), repr(float(value)))


def _real(value: str) -> str:
    (number,) = struct.unpack("f", struct.pack("f", float(value)))
    digits = next(text for text in (f"{number:.{size}g}" for size in range(1, 10)) if _as_real(text) == number)
    return _shortest(number, repr(float(digits)))


def _as_real(text: str) -> float:
    return float(struct.unpack("f", struct.pack("f", float(text)))[0])


def _shortest(number: float, text: str) -> str:
    if number - number != 0:
        return _special(number)
    mantissa, e, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{exponent}" if e else mantissa


_TRUTHS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


def _boolean(value: str) -> str:
    word = value.strip().lower()
    if word in {"1", "0"}:
        return "true" if word == "1" else "false"
    matches = {truth for name, truth in _TRUTHS.items() if name.startswith(word)} if word and word != "o" else set()
    return matches.pop() if len(matches) == 1 else value


def _uuid(value: str) -> str:
    digits = value.strip().strip("{}").replace("-", "").lower()
    if not re.fullmatch("[0-9a-f]{32}", digits):
        return value
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def _bytea(value: str) -> str:
    if value.startswith("\\x"):
        return "\\x" + bytes.fromhex(value[2:]).hex()
    if "\\" in value:
        return value
    return "\\x" + value.encode().hex()


# Patterns are texts, compiled (and kept) by re when first used: compiling them all would slow the import.
_DATE = r"\s*(\d{4})-(\d{1,2})-(\d{1,2})"
_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?"
_DATE_PATTERN = _DATE + r"(?:[ T]+" + _TIME + r")?\s*"
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*"
_STAMP_PATTERN = r"(?i)" + _DATE + r"(?:[ T]+" + _TIME + r")?" + _ZONE
_TIMETZ_PATTERN = r"\s*([\d:.]+)\s*([+-])(\d{1,2})(:[0-5][1-9]|:[1-5]0)?\s*"
_TIME_PATTERN = r"\s*" + _TIME + r"\s*"


def _date(value: str) -> str:
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


def _timestamp(value: str) -> str:
    match = re.fullmatch(_STAMP_PATTERN, value)  # a zone is read and ignored, as the server does
    return _special_time(value) if match is None else _printed(_moment(match))


def _printed(moment: datetime) -> str:
    local = moment.replace(tzinfo=None)
    return local.isoformat(" ", "microseconds").rstrip("0") if local.microsecond else local.isoformat(" ", "seconds")


def _timestamptz(value: str) -> str:
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


def _time(value: str) -> str:
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


def _timetz(value: str) -> str:
    match = re.fullmatch(_TIMETZ_PATTERN, value)
    return value if match is None else f"{_time(match[1])}{match[2]}{int(match[3]):02}{match[4] or ''}"


def _interval(value: str) -> str:
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


class _Number(str):
    """A JSON number, as text."""

    __slots__ = ()


def _jsonb(value: str) -> str:
    constant = json.loads(
        value, parse_int=_Number, parse_float=lambda text: _Number(f"{Decimal(text):f}"), parse_constant=_refuse
    )
    return _jsonb_text(constant)


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _jsonb_text(value: Any) -> str:
    if isinstance(value, _Number):
        return "0" if value == "-0" else str(value)
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: (len(item[0].encode()), item[0].encode()))
        return "{" + ", ".join([f"{_jsonb_text(key)}: {_jsonb_text(item)}" for key, item in items]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_jsonb_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _array(value: str, element: str) -> str:
    """Return a one-dimensional array's text as array_out would print it."""
    body = value.strip()
    if not (body.startswith("{") and body.endswith("}")) or element.endswith("[]"):
        return value
    body = body[1:-1]
    items = []
    position = 0
    while body.strip():
        match = re.compile(_ARRAY_ITEM).match(body, position)
        if match is None:
            return value
        items.append(_array_item(match, element))
        position = match.end()
        if position == len(body) and not match[3]:
            break
    return "{" + ",".join(items) + "}"


_ARRAY_ITEM = r"(?s)" + r'\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}\\]*[^",{}\\\s]))\s*(,|$)'


def _array_item(match: re.Match[str], element: str) -> str:
    if match[1] is None and match[2].lower() == "null":
        return "NULL"
    text = match[2] if match[1] is None else re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL)
    text = normalise(text, element)
    if element == "boolean":
        text = text[:1]
    if text and not re.search(r'[{}",\\\s]', text) and text.lower() != "null":
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_DISCRETE: dict[str, Callable[[str], str]] = {
    "int4range": lambda text: str(int(text) + 1),
    "int8range": lambda text: str(int(text) + 1),
    "daterange": lambda text: (date.fromisoformat(text) + timedelta(days=1)).isoformat(),
}
_RANGE_SUBTYPES = {
    "int4range": "integer", "int8range": "bigint", "numrange": "numeric", "daterange": "date",
    "tsrange": "timestamp without time zone", "tstzrange": "timestamp with time zone",
}  # fmt: skip
_RANGE = r'\s*([\[(])\s*("[^"\\]*"|[^",()\[\]\\]*?)\s*,\s*("[^"\\]*"|[^",()\[\]\\]*?)\s*([\])])\s*'


def _range(type_: str) -> Callable[[str], str]:
    def function(value: str) -> str:
        match = re.fullmatch(_RANGE, value)
        if match is None:
            return "empty" if value.strip().lower() == "empty" else value
        opening, low, high, closing = match.groups()
        low, high = (normalise(end.strip('"'), _RANGE_SUBTYPES[type_]) if end else "" for end in (low, high))
        following = _DISCRETE.get(type_)
        if following:
            low, opening = (following(low), "[") if low and opening == "(" else (low, opening)
            high, closing = (following(high), ")") if high and closing == "]" else (high, closing)
        opening, closing = opening if low else "(", closing if high else ")"
        shown = [f'"{end}"' if " " in end else end for end in (low, high)]
        return f"{opening}{','.join(shown)}{closing}"

    return function


_PATH_STEP = r'\.([A-Za-z_]\w*)(?!\w*\()|\."(\w+)"|(\[(?:\*|\d+)\])|(\.\*)'


def _json_path(value: str) -> str:
    """Return a path of plain steps as jsonpath_out would print it; other paths as they are."""
    text, position, steps = value.strip(), 1, ["$"]
    if not text.startswith("$"):
        return value
    while position < len(text):
        match = re.compile(_PATH_STEP).match(text, position)
        if match is None:
            return value
        bare, quoted, index, star = match.groups()
        steps.append(f'."{bare or quoted}"' if bare or quoted else index or star)
        position = match.end()
    return "".join(steps)


def _text_query(value: str) -> str:
    """Return words joined by one operator as tsquery_out would print them; other queries as they are."""
    words = re.split(r"\s*([&|])\s*", value.strip())
    if len(set(words[1::2])) > 1 or not all(re.fullmatch(r"\w+", word) for word in words[::2]):
        return value
    return " ".join([word if word in "&|" else f"'{word}'" for word in words])


_NORMALISERS: dict[str, Callable[[str], str]] = {
    "smallint": _integer, "integer": _integer, "bigint": _integer, "numeric": _numeric, "real": _real,
    "double precision": _double, "boolean": _boolean, "uuid": _uuid, "bytea": _bytea, "date": _date,
    "timestamp without time zone": _timestamp, "timestamp with time zone": _timestamptz,
    "time without time zone": _time, "time with time zone": _timetz, "interval": _interval, "jsonb": _jsonb,
    "jsonpath": _json_path, "tsquery": _text_query,
    **{type_: _range(type_) for type_ in _RANGE_SUBTYPES},
}  # fmt: skip
