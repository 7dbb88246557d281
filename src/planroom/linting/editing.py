"""Edits: made from a statement and offsets in its text, put in place in a source, all of a fix or none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Edit, Location
from planroom.sqltext.splitting import tokens
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planroom.sqltext import Statement

__all__ = ["Edited", "after", "before", "code_end", "edited", "instead", "offset_of"]

_COMMENTS = frozenset({"line", "block"})


def instead(statement: Statement, start: int, end: int, text: str) -> Edit:
    """Return the edit that puts a text in place of a part of a statement, by offsets in the statement's own text."""
    before = statement.text[:start]
    lines = before.count("\n")
    column = start - before.rfind("\n") if lines else statement.location.column + start
    return Edit(Location(statement.location.source, statement.location.line + lines, column, end - start), text)


def before(statement: Statement, text: str) -> Edit:
    """Return the edit that puts another statement before one."""
    return instead(statement, 0, 0, f"{text};\n")


def after(statement: Statement, *texts: str) -> Edit:
    """Return the edit that puts other statements behind one, whether or not it ends with a semicolon."""
    end = code_end(statement.text)
    return instead(statement, end, end, "".join(f";\n{text}" for text in texts))


def code_end(text: str) -> int:
    """Return where the last of a text ends that is neither blank nor comment."""
    if "--" not in text and "/*" not in text:
        return len(text.rstrip())
    end = position = 0
    for kind, start, stop in tokens(text):
        if text[position:start].strip():
            end = position + len(text[position:start].rstrip())
        if kind not in _COMMENTS and text[start:stop].strip():
            end = stop
        position = stop
    return position + len(text[position:].rstrip()) if text[position:].strip() else end


def offset_of(text: str, location: Location) -> int:
    """Return where a place is in the text of its source, in characters; -1 where the text has no such place."""
    start = 0
    for _ in range(location.line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return -1
    start += location.column - 1
    return start if location.line and location.column and start + location.length <= len(text) else -1


@dataclass(frozen=True)
class Edited:
    """A source with edits in place.

    Attributes:
        text: What it is then.
        done: The numbers of the fixes that are in it.
    """

    text: str
    done: tuple[int, ...]


def edited(text: str, fixes: Sequence[Iterable[Edit]]) -> Edited:
    """Return a text with those fixes in place that do not touch what an earlier one changes; each whole or not at all.

    Args:
        text: The source, as it was judged.
        fixes: The edits of each, all of this source.
    """
    taken: list[tuple[int, int, str]] = []
    done = []
    for number, edits in enumerate(fixes):
        placed = [_placed(text, each) for each in edits]
        if placed and all(start >= 0 for start, _, _ in placed) and not any(_touches(each, taken) for each in placed):
            taken += [each for each in placed if each not in taken]
            done.append(number)
    breaks = "\r\n" if "\r\n" in text else "\n"
    for start, end, new in sorted(taken, reverse=True):
        text = text[:start] + new.replace("\n", breaks) + text[end:]
    return Edited(text, tuple(done))


def _placed(text: str, edit: Edit) -> tuple[int, int, str]:
    start = offset_of(text, edit.location)
    return start, start + edit.location.length, edit.text


def _touches(one: tuple[int, int, str], others: list[tuple[int, int, str]]) -> bool:
    """Whether an edit overlaps another, or is put in at the same place with another text."""
    start, end, _ = one
    return any(
        one != other
        and ((start < other[1] and other[0] < end) or (start == end == other[0] == other[1] and not _chain(one, other)))
        for other in others
    )


def _chain(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two texts that are put in at one place are statements before it, or behind it, which may follow."""
    texts = one[2], other[2]
    return all(each.startswith(";\n") for each in texts) or all(each.endswith(";\n") for each in texts)
