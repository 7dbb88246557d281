"""Cut a script of any dialect into statements, each with its place, without parsing them.

One pass over the text; the cost is linear in its length. PostgreSQL's own rules are in `planroom.sqltext.splitting`.

Sources: the lexical chapters of the MySQL, SQLite, DuckDB, SQL Server and Oracle manuals; the ``DELIMITER`` command of
the mysql client, ``GO`` of sqlcmd, ``/`` of SQL*Plus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from planroom.sqltext.lexis import BLOCK_COMMENT, dollar_quotes, line_comment, quotes_of
from planroom.sqltext.splitting import skip_blank

__all__ = ["Part", "split_script"]

_ROUTINE = re.compile(
    r"create\s+(?:or\s+(?:replace|alter)\s+)?(?:definer\s*=\s*\S+\s+)?(?:temp(?:orary)?\s+|(?:non)?editionable\s+)?"
    r"(?:trigger|function|procedure|proc|package|type\s+body|event)\b",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"(?:begin|declare|if)\b", re.IGNORECASE)
_BATCH = re.compile(r"(?:create|alter)\s+(?:or\s+alter\s+)?(?:proc|procedure|function|trigger|view)\b", re.IGNORECASE)
_STARTS = "create|alter|drop|insert|truncate|grant"  # with which T-SQL begins a statement though none has ended
_CONDITIONAL = re.compile(rf"{quotes_of('mysql')}|{line_comment('mysql')}|/\*M?!\d*|/\*|\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a script.

    Attributes:
        text: As written, without its terminator; MySQL's conditional comments are opened, blanks in place of their
            marks, so that every offset stays.
        start: Where it begins, in characters from 0.
    """

    text: str
    start: int


def split_script(text: str, dialect: str) -> Iterator[Part]:
    """Yield the statements of a script in order.

    Lines for a client (DELIMITER, GO, ``/``) are no statements; blank and comment-only parts are left out.
    """
    opened = _opened(text) if dialect == "mysql" else text
    for start, end in _spans(opened, dialect):
        begin = _skipped(opened, start, end, dialect)
        if piece := opened[begin:end].rstrip():
            yield Part(piece, begin)


@cache
def _tokens(dialect: str, terminator: str) -> re.Pattern[str]:
    """Everything in which a terminator means nothing, and what decides where a statement ends."""
    parts = [rf"(?P<skipped>{line_comment(dialect)}|{BLOCK_COMMENT}|{quotes_of(dialect)})"]
    parts += [r"(?P<dollar>(?<![\w$])\$(?:[^\W\d]\w*)?\$)"] * dollar_quotes(dialect)
    parts += [r"(?P<delimiter>^[ \t]*delimiter[ \t]+\S+[^\n]*)"] * (dialect == "mysql")
    parts += [r"(?P<go>^[ \t]*go(?:[ \t]+\d+)?[ \t\r]*$)"] * (dialect == "tsql")
    parts += [rf"(?P<starts>^[ \t]*(?=(?:{_STARTS})\b))"] * (dialect == "tsql")
    parts += [r"(?P<go>^[ \t]*/[ \t\r]*$)"] * (dialect == "oracle")
    parts += [rf"(?P<end>{re.escape(terminator)})"]
    parts += [r"(?P<word>(?<![\w$@#])(?:begin|case|end(?:\s+(?:if|loop|while|repeat|for|case))?)(?![\w$]))"]
    parts += [r"(?P<mark>[()])"]
    return re.compile("|".join(parts), re.IGNORECASE | re.MULTILINE | re.DOTALL)


def _spans(text: str, dialect: str) -> Iterator[tuple[int, int]]:
    """Yield where each statement begins and ends, blanks and comments around it included."""
    start, position, depth, blocks, terminator = 0, 0, 0, 0, ";"
    kind_of = _Kinds(text, dialect)
    while match := _tokens(dialect, terminator).search(text, position):
        position, kind = max(match.end(), position + (match.end() == match.start())), match.lastgroup
        cut = match.start()
        if kind == "dollar":
            close = text.find(match[0], position)
            position = len(text) if close < 0 else close + len(match[0])
        elif kind == "mark":
            depth = max(0, depth + (1 if match[0] == "(" else -1))
        elif kind == "word" and terminator == ";" and kind_of.nests(start):
            blocks = max(0, blocks + _nesting(match[0]))
        elif (
            kind in {"delimiter", "go"}
            or (kind == "end" and (terminator != ";" or not (blocks or kind_of.is_whole(start))))
            or (kind == "starts" and not (depth or blocks or kind_of.is_whole(start)))
        ):
            yield start, cut
            start, depth, blocks = max(cut, match.end()), 0, 0
            terminator = match[0].split()[1] if kind == "delimiter" else terminator
    yield start, len(text)


def _nesting(word: str) -> int:
    """Return by how much a word changes the number of blocks that stand open: END IF ends none that was counted."""
    first, _, second = word.lower().partition(" ")
    if first != "end":
        return 1
    return -1 if second.strip() in {"", "case"} else 0


@dataclass
class _Kinds:
    """What kind of statement begins at a place; asked for many words of the same statement."""

    text: str
    dialect: str
    place: int = -1
    head: str = ""

    def _head(self, start: int) -> str:
        if start != self.place:
            begin = _skipped(self.text, start, len(self.text), self.dialect)
            self.place, self.head = start, self.text[begin : begin + 200]
        return self.head

    def nests(self, start: int) -> bool:
        """Whether BEGIN and END belong to a body."""
        head = self._head(start)
        return bool(_ROUTINE.match(head)) or (self.dialect in {"tsql", "oracle"} and bool(_BLOCK.match(head)))

    def is_whole(self, start: int) -> bool:
        """Whether only a line for the client ends the statement: a T-SQL batch, a PL/SQL block."""
        head = self._head(start)
        if self.dialect == "oracle":
            return self.nests(start)
        return self.dialect == "tsql" and bool(_BATCH.match(head))


def _skipped(text: str, start: int, end: int, dialect: str) -> int:
    """Return where a statement begins: past blanks and comments."""
    start = skip_blank(text, start, end)
    while dialect == "mysql" and start < end and text[start] == "#":
        line = text.find("\n", start, end)
        start = skip_blank(text, end if line < 0 else line, end)
    return start


def _opened(text: str) -> str:
    """Return a MySQL script with the marks of its conditional comments blanked: a server runs what is between them."""
    if "/*!" not in text and "/*M!" not in text:
        return text
    pieces: list[str] = []
    seen, position, opened = 0, 0, False
    while found := _CONDITIONAL.search(text, position):
        position = found.end()
        if found[0] == "/*":
            close = text.find("*/", position)
            position = len(text) if close < 0 else close + 2
        elif found[0].startswith("/*") or (found[0] == "*/" and opened):
            pieces += [text[seen : found.start()], " " * len(found[0])]
            seen, opened = found.end(), found[0] != "*/"
    return "".join([*pieces, text[seen:]])
