"""How many bytes DuckDB holds a value in while it works on it.

Source: DuckDB, src/common/types.cpp (GetTypeIdSize, PhysicalType of each type); a text is 16 bytes, and itself where it
has more than 12.
"""

from __future__ import annotations

import re

__all__ = ["width_of"]

USUAL_TEXT_BYTES = 24.0
"""Of a text whose length nobody knows."""

_INLINED = 12
_STRING = 16.0
_FIXED = {
    "BOOLEAN": 1, "TINYINT": 1, "UTINYINT": 1, "SMALLINT": 2, "USMALLINT": 2, "INTEGER": 4, "UINTEGER": 4, "FLOAT": 4,
    "DATE": 4, "BIGINT": 8, "UBIGINT": 8, "DOUBLE": 8, "TIME": 8, "TIME_NS": 8, "TIMESTAMP": 8, "TIMESTAMP_S": 8,
    "TIMESTAMP_MS": 8, "TIMESTAMP_NS": 8, "TIMESTAMP WITH TIME ZONE": 8, "TIME WITH TIME ZONE": 8, "HUGEINT": 16,
    "UHUGEINT": 16, "INTERVAL": 16, "UUID": 16,
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\((\d+),")
_USUAL_ITEMS = 4.0


def width_of(kind: str, length: float | None = None) -> float:
    """Return the bytes of a value of a type.

    Args:
        kind: The type as DuckDB's catalog names it.
        length: The mean length of a text, where it is known.

    Example:
        >>> width_of("DECIMAL(12,2)"), width_of("VARCHAR", 5), width_of("VARCHAR", 40)
        (8.0, 16.0, 56.0)
    """
    if kind in _FIXED:
        return float(_FIXED[kind])
    if match := _DECIMAL.match(kind):
        digits = int(match[1])
        return 2.0 if digits <= 4 else 4.0 if digits <= 9 else 8.0 if digits <= 18 else 16.0
    if kind.endswith("]"):
        return _STRING + _USUAL_ITEMS * width_of(kind[: kind.rindex("[")])
    text = USUAL_TEXT_BYTES if length is None else length
    return _STRING + (text if text > _INLINED else 0.0)
