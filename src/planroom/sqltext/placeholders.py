"""Named values in a statement: ``:name`` and ``{{ name }}`` become the engine's own numbered placeholders."""

from __future__ import annotations

import re
from itertools import count

from planroom.errors import SyntaxProblem
from planroom.sqltext.splitting import tokens

__all__ = ["numbered"]

_PROTECTED = frozenset({"quoted", "dollar", "line", "block"})
_NAME = r"[^\W\d]\w*"
# Not the colon of a cast (a::int), of := , of a slice (a[1:n]) or of a DuckDB struct ({'k':v}).
_COLON = re.compile(rf"(?<![\w\]\[)'\"}}:]):(?P<name>{_NAME})")
_BRACES = re.compile(r"\{\{(?P<inside>[^{}]*)\}\}")
_EITHER = re.compile(f"{_BRACES.pattern}|{_COLON.pattern}")
_QUOTED_BRACES = re.compile(rf"'\s*{_BRACES.pattern}\s*'")


def numbered(text: str, *, after: int = 0) -> tuple[str, tuple[str, ...]]:
    """Return SQL with ``$n`` in place of named values, and their names in the order of the numbers.

    Comments and quoted texts are left alone. A placeholder is filled up with blanks to the length of what it stands
    for, so that the places in the engine's messages stay right.

    Args:
        text: SQL of PostgreSQL or DuckDB.
        after: The highest number that the text uses itself.

    Raises:
        SyntaxProblem: Between braces stands no name, or the braces stand in quotes, where no value can be put.

    Example:
        >>> numbered("SELECT * FROM t WHERE a > :low AND b = {{ name }} AND c <> :low AND d::int = 1")
        ('SELECT * FROM t WHERE a > $1   AND b = $2         AND c <> $1   AND d::int = 1', ('low', 'name'))
    """
    numbers, following = dict[str, int](), count(after + 1)
    pieces, position = [], 0
    for found in _EITHER.finditer(_masked(text)):
        name = found["name"] or found["inside"].strip()
        if not re.fullmatch(_NAME, name):
            raise _no_name(text, found.start())
        if name not in numbers:
            numbers[name] = next(following)
        pieces += [text[position : found.start()], f"${numbers[name]}".ljust(len(found[0]))]
        position = found.end()
    return "".join([*pieces, text[position:]]), tuple(numbers)


def _masked(text: str) -> str:
    """Return the text with quotes in place of everything in which a placeholder means nothing."""
    pieces, position = [], 0
    for kind, start, end in tokens(text):
        if kind not in _PROTECTED:
            continue
        if kind == "quoted" and _QUOTED_BRACES.fullmatch(text, start, end):
            raise _in_quotes(text, start)
        pieces += [text[position:start], "'" * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def _place(text: str, offset: int) -> str:
    return f"sql:{text.count(chr(10), 0, offset) + 1}:{offset - text.rfind(chr(10), 0, offset)}"


def _no_name(text: str, offset: int) -> SyntaxProblem:
    return SyntaxProblem(
        "Between {{ and }} stands no name.",
        where=_place(text, offset),
        why="what stands there is bound as a value, so it is the name of a variable.",
        fix="assign it to a variable first, and write the variable's name.",
    )


def _in_quotes(text: str, offset: int) -> SyntaxProblem:
    return SyntaxProblem(
        "A {{ name }} stands in quotes.",
        where=_place(text, offset),
        why="its value is bound and never becomes part of the text.",
        fix="leave out the quotes around it.",
    )
