"""The line comments of a script, and the lines that each statement takes."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from planroom.sqltext.splitting import split, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["line_comments", "statement_lines", "statement_texts"]


def line_comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each ``--`` comment of a PostgreSQL script begins, and the comment; strings and bodies hold none."""
    for kind, start, end in tokens(text):
        if kind == "line":
            yield start, text[start:end]


def statement_lines(text: str) -> tuple[tuple[int, int], ...]:
    """Return the first and the last line of each statement of a PostgreSQL script, from 1, in order."""
    ends = [at for at, character in enumerate(text) if character == "\n"]

    def line(offset: int) -> int:
        return bisect_right(ends, offset - 1) + 1

    return tuple((line(piece.start), line(max(piece.start, piece.end - 1))) for piece in split(text))


def statement_texts(text: str) -> Iterator[str]:
    """Yield the text of each statement of a script, from its first word on, without the comments before it."""
    return (text[piece.start : piece.end] for piece in split(text) if piece.kind == "sql")
