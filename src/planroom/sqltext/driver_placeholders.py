"""Placeholders as drivers and tools write them, in the form that the engines take: ``$1``, ``$2`` ...

``%(name)s`` and ``%s`` are psycopg's, ``?`` is that of JDBC, ODBC and DuckDB, ``:name`` SQLAlchemy's and psql's,
``@name`` sqlc's.
"""

from __future__ import annotations

import re
from itertools import count

from planroom.sqltext.splitting import tokens

__all__ = ["bound_values", "engine_placeholders"]

_PROTECTED = frozenset({"quoted", "dollar", "line", "block"})
_NUMBER = re.compile(r"\$(\d+)")
_NAMED = re.compile(r"%\((?P<percent>\w+)\)s|(?<![\w\]\[)'\"}:]):(?P<colon>[^\W\d]\w*)|(?<![\w@])@(?P<at>[^\W\d]\w*)")
# A %s or ? behind a value is an operator: a % s, data ? 'key'. Behind a keyword it is a placeholder again.
_PLAIN = re.compile(
    r"(?P<before>(?:^|[(,=<>+\-*/|]|\b(?:limit|offset|in|like|ilike|and|or|not|between|then|else|when|select|values|is"
    r"|returning|from|where|on|any|all|case|fetch|first)\b)\s*)(?P<mark>%s\b|\?(?![|&?]))",
    re.IGNORECASE,
)


def engine_placeholders(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with ``$n`` for every placeholder, and their names in the order of the numbers.

    A placeholder without a name is called by its number. What stands in quotes and comments is left alone; lengths are
    kept where the new form is not longer, so that the places in an engine's messages stay right.

    Example:
        >>> engine_placeholders("select * from t where a = %(low)s and b = :low and c::int = $1")
        ('select * from t where a = $2      and b = $2   and c::int = $1', ('1', 'low'))
        >>> engine_placeholders("select data ? 'k' from t where a = ? and b > ?")
        ("select data ? 'k' from t where a = $1 and b > $2", ('1', '2'))
    """
    masked = _masked(sql)
    highest = max(map(int, _NUMBER.findall(masked)), default=0)
    following = count(highest + 1)
    numbers: dict[str, int] = {str(number): number for number in range(1, highest + 1)}
    pieces, position = [], 0
    for found in sorted([*_NAMED.finditer(masked), *_PLAIN.finditer(masked)], key=lambda each: each.start()):
        start = found.start("mark") if "mark" in found.groupdict() else found.start()
        if start < position:
            continue
        name = _name(found) or str(next(number for number in following))
        if name not in numbers:
            numbers[name] = int(name) if name.isdigit() else next(following)
        pieces += [sql[position:start], f"${numbers[name]}".ljust(found.end() - start)]
        position = found.end()
    return "".join([*pieces, sql[position:]]), tuple(numbers)


def _name(found: re.Match[str]) -> str:
    return next((text for text in found.groupdict().values() if text and "mark" not in found.groupdict()), "")


def bound_values(sql: str, values: dict[int, str]) -> str:
    """Return a statement with literals in place of its ``$n``.

    Args:
        sql: A statement.
        values: SQL literals by number; a number without one stays.

    Example:
        >>> bound_values("select '$1' from t where a = $1", {1: "'x'"})
        "select '$1' from t where a = 'x'"
    """
    pieces, position = [], 0
    for found in _NUMBER.finditer(_masked(sql)):
        number = int(found[1])
        pieces += [sql[position : found.start()], values.get(number, found[0])]
        position = found.end()
    return "".join([*pieces, sql[position:]])


def _masked(text: str) -> str:
    """Return the text with quotes in place of everything in which a placeholder means nothing."""
    pieces, position = [], 0
    for kind, start, end in tokens(text):
        if kind in _PROTECTED:
            pieces += [text[position:start], "'" * (end - start)]
            position = end
    return "".join([*pieces, text[position:]])
