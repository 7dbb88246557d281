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
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from planroom.sqltext.temporal_literals import clock, clock_with_zone, interval, iso_date, timestamp, timestamptz

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fits", "normalise"]


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
    "double precision": _double, "boolean": _boolean, "uuid": _uuid, "bytea": _bytea, "date": iso_date,
    "timestamp without time zone": timestamp, "timestamp with time zone": timestamptz,
    "time without time zone": clock, "time with time zone": clock_with_zone, "interval": interval, "jsonb": _jsonb,
    "jsonpath": _json_path, "tsquery": _text_query,
    **{type_: _range(type_) for type_ in _RANGE_SUBTYPES},
}  # fmt: skip
