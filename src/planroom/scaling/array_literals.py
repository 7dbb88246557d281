"""PostgreSQL's array literals, ``{a,"b c"}``, as tuples of texts: the form in which statistics hold values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["array_literal", "array_values"]

_BLANK = " \t\n\r\v\f"  # array_isspace(): other blanks of Unicode are letters to the server
_QUOTED = re.compile(rf'[{{}}",\\{_BLANK}]')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ELEMENT = re.compile(rf'[{_BLANK}]*+(?:"((?:[^"\\]++|\\.)*+)"[{_BLANK}]*+|([^"{{}},\\]*+))([,}}])', re.DOTALL)
_MOST_SHOWN = 40


def array_literal(values: Sequence[str]) -> str:
    r"""Return texts as the literal of an array of one dimension.

    Source: PostgreSQL, array_out() in src/backend/utils/adt/arrayfuncs.c.

    Example:
        >>> array_literal(["a", "b c", "", "NULL"])
        '{a,"b c","","NULL"}'
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: str) -> str:
    if value and not _QUOTED.search(value) and value.upper() != "NULL":
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def array_values(literal: str) -> tuple[str, ...]:
    r"""Return the elements of an array literal of one dimension as texts; an array in an array is one text.

    The time is linear in the length of the literal.

    Raises:
        SourceError: It is no such literal, or an element is NULL, which no statistics hold.

    Example:
        >>> array_values('{1,"b \\"c\\"","{2,3}"}')
        ('1', 'b "c"', '{2,3}')
    """
    text = literal.strip(_BLANK)
    if not (text.startswith("{") and text.endswith("}")):
        raise _broken(literal, 0)
    if not text[1:-1].strip(_BLANK):
        return ()
    if '"' not in text and "\\" not in text and "{" not in text[1:] and "}" not in text[:-1]:
        return tuple(_bare(each, literal, 0) for each in text[1:-1].split(","))
    return tuple(_elements(text))


def _elements(text: str) -> list[str]:
    found: list[str] = []
    place, closing = 1, ","
    while closing == ",":
        match = _ELEMENT.match(text, place)
        if match is None:
            raise _broken(text, place)
        quoted, bare, closing = match.groups()
        found.append(_bare(bare, text, place) if quoted is None else _unescaped(quoted))
        place = match.end()
    if place != len(text):
        raise _broken(text, place)
    return found


def _unescaped(quoted: str) -> str:
    return _ESCAPED.sub(r"\1", quoted) if "\\" in quoted else quoted


def _bare(element: str, literal: str, place: int) -> str:
    """Return an element that stands without quotes, where an empty one and NULL are none."""
    value = element.strip(_BLANK)
    if not value or value.upper() == "NULL":
        raise _broken(literal, place)
    return value


def _broken(literal: str, place: int) -> SourceError:
    near = literal[place : place + _MOST_SHOWN]
    return SourceError(
        "A list of values is no array literal of PostgreSQL.",
        where=f"character {place + 1} of {len(literal)}",
        why=f"near {near!r}: expected values parted by commas between braces, none of them NULL.",
        fix="export the statistics again: the text may have been cut or edited.",
    )
