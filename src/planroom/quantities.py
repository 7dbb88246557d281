"""Bytes, rows and durations: parse what people write, format what they read.

Bytes are powers of 1,024, as PostgreSQL's settings and ``pg_size_pretty`` have them: ``1 kB`` is 1,024 bytes.
"""

from __future__ import annotations

import math
import re

from planroom.errors import QuantityError

__all__ = ["counted", "format_bytes", "format_count", "format_duration", "parse_bytes", "parse_count", "parse_duration"]

THIN_SPACE = "\u2009"

_BYTES = {"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}
_COUNTS = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9, "b": 10**9, "g": 10**9, "t": 10**12}
_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0,
    "day": 86400.0, "week": 604800.0, "month": 2629746.0, "year": 31556952.0,
}  # fmt: skip  # month and year are the Gregorian means, as in PostgreSQL's justify_interval documentation
_QUANTITY = re.compile(r"\s*([+-]?(?:\d[\d_,\u2009]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-zµ]*)\s*")


def _split(text: str | float, what: str, units: dict[str, float] | dict[str, int]) -> tuple[float, str]:
    match = _QUANTITY.fullmatch(str(text))
    unit = match[2].lower() if match else ""
    if unit not in units and unit.removesuffix("s") in units:
        unit = unit.removesuffix("s")
    if match is None or unit not in units:
        known = ", ".join(repr(name) for name in units if name)
        raise QuantityError(f"{text!r} is not {what}.", fix=f"write a number and one of {known}.")
    number = float(re.sub(r"[_,\u2009]", "", match[1]))
    if not math.isfinite(number) or number < 0:
        raise QuantityError(f"{text!r} is not {what}.", why="it must be finite and not negative.")
    return number, unit


def parse_bytes(text: str | float) -> int:
    """Return a size in bytes.

    Raises:
        QuantityError: The text has no number, or an unknown unit.

    Example:
        >>> parse_bytes("20 GB")
        21474836480
    """
    number, unit = _split(text, "a size", _BYTES)
    return round(number * _BYTES[unit])


def parse_count(text: str | float) -> int:
    """Return a number of rows or objects.

    Raises:
        QuantityError: The text has no number, or an unknown unit.

    Example:
        >>> parse_count("2.5M"), parse_count("1e10"), parse_count("50_000_000")
        (2500000, 10000000000, 50000000)
    """
    number, unit = _split(text, "a number of rows", _COUNTS)
    return round(number * _COUNTS[unit])


def parse_duration(text: str | float) -> float:
    """Return a duration in seconds; a bare number is seconds.

    Raises:
        QuantityError: The text has no number, or an unknown unit.

    Example:
        >>> parse_duration("250 ms"), parse_duration("2 days")
        (0.25, 172800.0)
    """
    number, unit = _split(text, "a duration", {"": 1.0, **_SECONDS})
    return number * {"": 1.0, **_SECONDS}[unit]


def format_bytes(size_bytes: float) -> str:
    """Return a size that people read, three significant digits.

    Example:
        >>> format_bytes(22388736)
        '21.4 MB'
    """
    value, unit = float(size_bytes), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB", "PB"):
        if abs(value) < 1024 or unit == "PB":
            break
        value /= 1024
    return f"{value:.0f} {unit}" if unit == "bytes" else f"{_three_digits(value)} {unit}"


def format_count(count: float) -> str:
    """Return a count with thin spaces between thousands.

    Example:
        >>> format_count(1234567).replace("\u2009", "_")
        '1_234_567'
    """
    return f"{round(count):,}".replace(",", THIN_SPACE)


def counted(number: float, noun: str, plural: str = "") -> str:
    """Return a number of things; an ``s`` makes the plural where none is given.

    Example:
        >>> counted(1, "index", "indexes"), counted(2, "index", "indexes"), counted(0, "table")
        ('1 index', '2 indexes', '0 tables')
    """
    return f"{format_count(number)} {noun if number == 1 else plural or f'{noun}s'}"


def format_duration(seconds: float) -> str:
    """Return a duration that people read, three significant digits.

    Example:
        >>> format_duration(0.00042), format_duration(5400)
        ('420 µs', '1.5 h')
    """
    steps = [(86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs")]
    for size, unit in steps:
        if abs(seconds) >= size:
            return f"{_three_digits(seconds / size)} {unit}"
    return f"{_three_digits(seconds * 1e9)} ns"


def _three_digits(value: float) -> str:
    """Return a number with at most three significant digits and no trailing zeros."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return text.rstrip("0").rstrip(".")
