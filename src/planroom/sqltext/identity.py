"""Which queries are one: those that differ in constants, formatting and comments alone."""

from __future__ import annotations

import hashlib
import re

from planroom.sqltext.libpg_query import ParserError, fingerprint

__all__ = ["query_fingerprint"]

_BLANK = re.compile(r"\s+")
_LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")


def query_fingerprint(sql: str) -> str:
    """Return a hash of 16 hexadecimal digits that queries share which differ in constants and formatting alone.

    It is PostgreSQL's own parser's; a text that this does not parse, such as one in DuckDB's dialect, is hashed
    without its literals and blanks.

    Example:
        >>> query_fingerprint("select 1 from a") == query_fingerprint("SELECT 2  FROM a")
        True
        >>> query_fingerprint("select * from 'a.csv' limit 1") == query_fingerprint("select * from 'b.csv' limit 2")
        True
    """
    try:
        return fingerprint(sql.encode())
    except (ParserError, RecursionError, UnicodeError, ValueError):
        plain = _BLANK.sub(" ", _LITERAL.sub("?", sql)).strip().rstrip("; ").lower()
        return hashlib.sha256(plain.encode(errors="backslashreplace")).hexdigest()[:16]
