r"""Cut a PostgreSQL script into statements, as psql does, without parsing them.

psql's own lines (``\connect``, ``\restrict``) and the data of ``COPY ... FROM stdin`` are pieces of their own. One
pass over the text; the cost is linear in its length.

Source: PostgreSQL manual, "Lexical Structure"; psql's rules for when a semicolon ends a statement (parentheses, and
BEGIN ... END in the body of CREATE FUNCTION or PROCEDURE).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

__all__ = ["Piece", "after_as", "skip_blank", "split", "sql_body", "tokens"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a script.

    Attributes:
        kind: ``sql``, ``psql`` (a line for psql), or ``copy`` (rows that follow a COPY statement).
        start: Where its first character stands, from 0.
        end: Where it ends, without the semicolon.
    """

    kind: str
    start: int
    end: int


@cache
def _tokens(words: str = "", initials: str = "") -> re.Pattern[str]:
    """Everything in which a semicolon, a parenthesis or a backslash means nothing, or something else.

    What is none of it is passed over in one go, and every match begins where the last one ended: the scan is linear.
    """
    return re.compile(
        rf"""
        (?P<psql> ^[ \t]* \\ [^\n]* )
      | [^'"$/;()\n{initials}-]*+ (?:
          (?P<quoted> (?<=e) (?<![a-z0-9_$].) ' (?: [^'\\] | '' | \\. )* (?:'|\Z)
                    | ' (?: [^'] | '' )* (?:'|\Z)
                    | " (?: [^"] | "" )* (?:"|\Z) )
        | (?P<dollar> (?-i: (?<![A-Za-z0-9_$]) (?<![^\x00-\x7f])
                            \$ (?: (?: [A-Za-z_] | [^\x00-\x7f] ) (?: [A-Za-z0-9_] | [^\x00-\x7f] )* )? \$ ) )
        | (?P<line> --[^\n]* )
        | (?P<block> /\* )
        | (?P<mark> [;()] )
        {words}
        | (?P<other> . ) )
        """,
        re.VERBOSE | re.IGNORECASE | re.MULTILINE | re.DOTALL,
    )


def _tokens_and_words() -> re.Pattern[str]:
    word = "(?P<word> (?<![a-z0-9_$]) (?:as|begin|case|end|return) (?![a-z0-9_$]) )"
    return _tokens(f"| {word}", initials="abcer")


_BLOCK_MARK = re.compile(r"/\*|\*/")
_COPY_FROM_STDIN = re.compile(r"\s*copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)
_ROUTINE = re.compile(r"\s*create\s+(?:or\s+replace\s+)?(?:function|procedure)\b", re.IGNORECASE)
_COPY_END = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE)
_BLANK = re.compile(r"\s*(?:--[^\n]*(?:\n|\Z)\s*)*")


def split(text: str) -> Iterator[Piece]:
    """Yield the pieces of a script in order; blank and comment-only pieces are left out."""
    start, position, depth, blocks = 0, 0, 0, 0
    token = _tokens_and_words() if "begin" in text.lower() else _tokens()
    while match := token.match(text, position):
        position, kind = match.end(), match.lastgroup or ""
        if kind == "dollar":
            position = _end_of_dollar_quote(text, match)
        elif kind == "block":
            position = _end_of_comment(text, match.end())
        elif kind == "psql" and not blocks:
            yield from _sql(text, start, match.start())
            yield Piece("psql", match.start(), match.end())
            start = position
            depth = 0
        elif kind == "word":
            blocks = _nesting(text, start, match, blocks)
        elif match[kind] == ";" and depth <= 0 and not blocks:
            begin, end = skip_blank(text, start, position - 1), position - 1
            if begin < end:
                yield Piece("sql", begin, end)
            if _COPY_FROM_STDIN.match(text, begin, end):
                position = yield from _copy_data(text, position)
            start, depth = position, 0
        elif kind == "mark":
            depth += {"(": 1, ")": -1}.get(match[kind], 0)
    yield from _sql(text, start, len(text))


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the kind, the beginning and the end of everything in which punctuation means nothing, or something else."""
    position, token = 0, _tokens()
    while match := token.match(text, position):
        position, kind = match.end(), match.lastgroup or ""
        if kind == "dollar":
            position = _end_of_dollar_quote(text, match)
        elif kind == "block":
            position = _end_of_comment(text, match.end())
        yield kind, match.start(kind), position


def skip_blank(text: str, start: int, end: int | None = None) -> int:
    """Return where the first statement after ``start`` begins: past blanks and comments."""
    end = len(text) if end is None else end
    while match := _BLANK.match(text, start, end):
        start = match.end()
        if not text.startswith("/*", start):
            break
        start = min(_end_of_comment(text, start + 2), end)
    return start


def _sql(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield the statement between two places, without leading blanks and line comments, if there is one."""
    start = skip_blank(text, start, end)
    if start < end:
        yield Piece("sql", start, end)


def _nesting(text: str, start: int, word: re.Match[str], blocks: int) -> int:
    """Return how many BEGIN or CASE stand open after this word, inside the body of a routine."""
    spelled = word["word"].lower()
    if (
        spelled in {"begin", "case"}
        and (blocks or spelled == "begin")
        and _ROUTINE.match(text, skip_blank(text, start))
    ):
        return blocks + 1
    return blocks - 1 if spelled == "end" and blocks else blocks


def _end_of_dollar_quote(text: str, opening: re.Match[str]) -> int:
    end = text.find(opening["dollar"], opening.end())
    return len(text) if end < 0 else end + len(opening["dollar"])


def _end_of_comment(text: str, position: int) -> int:
    """Return where a block comment ends; PostgreSQL's nest."""
    depth = 1
    for mark in _BLOCK_MARK.finditer(text, position):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return mark.end()
    return len(text)


def _copy_data(text: str, position: int) -> Generator[Piece, None, int]:
    r"""Yield the rows after a COPY statement and return where they end: after the line ``\.``."""
    start = text.find("\n", position) + 1 or len(text)
    match = _COPY_END.search(text, start)
    end = match.end() if match else len(text)
    yield Piece("copy", start, end)
    return end


def after_as(text: str) -> str:
    """Return what stands after the first AS outside parentheses: the query of CREATE VIEW."""
    place = _first_word(text, {"as"})
    return text[place[1] :].strip() if place else ""


def sql_body(text: str) -> str:
    """Return the SQL-standard body of CREATE FUNCTION: from RETURN or BEGIN ATOMIC to the end."""
    place = _first_word(text, {"return", "begin"})
    return text[place[0] :].strip() if place else ""


def _first_word(text: str, words: set[str]) -> tuple[int, int] | None:
    """Return where the first of the words stands outside quotes, comments and parentheses."""
    position, depth, token = 0, 0, _tokens_and_words()
    while match := token.match(text, position):
        position = match.end()
        if match.lastgroup == "dollar":
            position = _end_of_dollar_quote(text, match)
        elif match.lastgroup == "block":
            position = _end_of_comment(text, match.end())
        elif match.lastgroup == "word" and not depth and match["word"].lower() in words:
            return match.span("word")
        elif match.lastgroup == "mark":
            depth += {"(": 1, ")": -1}.get(match["mark"], 0)
    return None
