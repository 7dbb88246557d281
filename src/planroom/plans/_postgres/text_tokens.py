"""Names, quoted strings and lists within the lines of PostgreSQL's text plans."""

from __future__ import annotations

import re

__all__ = ["NAME", "NUMBER", "number", "open_bracket", "open_quote", "split_list", "unquoted"]

NAME = r'(?:"(?:[^"]|"")+"|[^\s".():]+)'
NUMBER = r"-?(?:\d+(?:\.\d+)?|inf|nan)"

_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
_MARK = re.compile(r"""'[^']*'|"[^"]*"|[(\[]|[)\]]|, """)


def unquoted(name: str) -> str:
    """Return an identifier without its quotes.

    Example:
        >>> unquoted('"we""ird"'), unquoted("plain")
        ('we"ird', 'plain')
    """
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def number(text: str) -> int | float:
    """Return the number as JSON would read it: an integer unless it has a point."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


def open_quote(text: str) -> bool:
    """Return whether a string or quoted name goes on in the next line; a quote within is doubled."""
    left = _QUOTED.sub("", text)
    return "'" in left or '"' in left


def open_bracket(text: str) -> bool:
    """Return whether a bracket is still open."""
    if text.count("(") == text.count(")"):
        return False
    left = _QUOTED.sub("", text)
    return left.count("(") > left.count(")")


def split_list(text: str) -> list[str]:
    """Return the expressions of a list; commas within brackets, strings and quoted names do not separate.

    Example:
        >>> split_list("a, f(b, c), 'd, e'::text")
        ['a', 'f(b, c)', "'d, e'::text"]
    """
    if ", " not in text:
        return [text]
    parts, start, depth = [], 0, 0
    for mark in _MARK.finditer(text):
        sign = mark[0]
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == ", " and depth <= 0:
            parts.append(text[start : mark.start()])
            start = mark.end()
    return [*parts, text[start:]]
