"""The queries of a file, each with its name and the values that stand for its parameters.

A comment before a statement names it, as aiosql, sqlc and yesql have it; others give a value for a parameter, as an
SQL literal::

    -- name: orders_of_customer
    -- param: customer_id = 42
    SELECT * FROM orders WHERE customer_id = :customer_id;
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.findings import Location
from planroom.sqltext.scripts import split_script
from planroom.sqltext.splitting import split
from planroom.sqltext.statements import Script

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["NamedQuery", "named_queries"]

_NAME = re.compile(r"(?:^|;)\s*(?:--|/\*+)\s*name\s*:\s*([^\s(*]+)", re.IGNORECASE | re.MULTILINE)
_PARAM = re.compile(r"(?:^|;)\s*--\s*param(?:eter)?\s*:\s*[:$@]?(\w+)\s*=\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_MARKS = re.compile(r"(?:<!|[!$^#*])+$")  # aiosql's: what a query gives back
_OTHERS = frozenset(
    "abort alter analyze attach begin call checkpoint close cluster comment commit copy create deallocate declare"
    " detach discard do drop end execute export fetch grant import install listen load lock move notify pragma prepare"
    " reassign refresh reindex release reset revoke rollback savepoint security set show start truncate unlisten use"
    " vacuum".split()
)  # what no engine plans; of all else, the engine says best what is wrong with it


@dataclass(frozen=True)
class NamedQuery:
    """One statement of a file.

    Attributes:
        name: What it is called; its file and line where nothing says.
        text: The statement, without what ends it.
        location: Where it begins.
        values: SQL literals that a comment gives for its parameters, by name or number.
        is_query: Whether an engine makes a plan of such statements.
    """

    name: str
    text: str
    location: Location
    values: Mapping[str, str]
    is_query: bool = True


def named_queries(text: str, source: str = "<text>", *, dialect: str = "postgres") -> tuple[NamedQuery, ...]:
    r"""Return the statements of a script in order; psql's lines and rows of COPY are left out.

    Args:
        text: The script.
        source: Its path, for places and for names.
        dialect: ``postgres``, or another that `split_script` knows.

    Example:
        >>> [(each.name, each.text) for each in named_queries("-- name: one\nselect 1; select 2", "a.sql")]
        [('one', 'select 1'), ('a.sql:2', 'select 2')]
    """
    script = Script(text.removeprefix("\ufeff"), source)
    return tuple(_named(script, dialect))


def _named(script: Script, dialect: str) -> Iterator[NamedQuery]:
    end = 0
    for start, stop in _spans(script.text, dialect):
        before = script.text[end:start]
        names = _NAME.findall(before)
        location = script.location(start)
        name = _MARKS.sub("", names[-1]) if names else f"{script.source}:{location.line}"
        text = script.text[start:stop].rstrip()
        yield NamedQuery(name, text, location, dict(_PARAM.findall(before)), _first_word(text) not in _OTHERS)
        end = stop


def _first_word(text: str) -> str:
    word = re.match(r"\w*", text)
    return word[0].lower() if word else ""


def _spans(text: str, dialect: str) -> Iterator[tuple[int, int]]:
    if dialect == "postgres":
        yield from ((piece.start, piece.end) for piece in split(text) if piece.kind == "sql")
    else:
        yield from ((part.start, part.start + len(part.text)) for part in split_script(text, dialect))
