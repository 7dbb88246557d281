"""The lines of a plan in PostgreSQL's text format, each whole again and told apart by what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from planroom.plans._postgres.nodes import CONDITIONS
from planroom.plans._postgres.text_properties import KEY
from planroom.plans._postgres.text_titles import is_title
from planroom.plans._postgres.text_tokens import open_bracket, open_quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Line", "LineKind", "lines_of"]

_ARROW = re.compile(r"->\s*(?=\S)")
_SUBPLAN = re.compile(r"(?:InitPlan|SubPlan|CTE) .+")
_WORKER = re.compile(r"Worker (\d+): +(.*)", re.DOTALL)
_EXPRESSIONS = frozenset(
    {*CONDITIONS, "Output", "Sort Key", "Presorted Key", "Group Key", "Hash Key", "Cache Key", "Window", "Remote SQL"}
)


class LineKind(Enum):
    """What a line is."""

    NODE = "the first line of a node"
    SUBPLAN = "the name of a sub-plan, whose node is the next line"
    WORKER = "the first line on one parallel worker"
    PROPERTY = "a key and its value"
    OTHER = "something else"


@dataclass(slots=True)
class Line:
    """A line of a plan.

    Attributes:
        column: Where its text begins.
        text: Its text; of a node without the arrow, of a worker without its number.
        kind: What it is.
        key: Of a property; of a worker, its number.
        arrow: Whether a node's line begins with one: all but the topmost.
        number: Its place in the pasted text, from 1.
    """

    column: int
    text: str
    kind: LineKind
    number: int
    key: str = ""
    arrow: bool = False


def lines_of(texts: Sequence[str]) -> list[Line]:
    """Return the lines, put together again where a string or a client's window broke them; blank ones are left out."""
    lines: list[Line] = []
    waiting = ""
    for number, text in enumerate(texts, 1):
        if waiting == "quote" and lines:
            lines[-1].text += "\n" + text
        elif not (stripped := text.strip()):
            continue
        else:
            line = _line(text, stripped, number)
            if waiting == "bracket" and line.kind is LineKind.OTHER:
                lines[-1] = _longer(lines[-1], stripped)
            else:
                lines.append(line)
        waiting = _waits_for(lines[-1])
    return _unbroken(lines, texts) if waiting == "quote" else lines


def _longer(line: Line, more: str) -> Line:
    """Return a line with what a window broke off it; only together do both look like what they are."""
    text = f"{line.text} {more}"
    if line.kind is LineKind.OTHER:
        return _line(" " * line.column + text, text, line.number)
    line.text = text
    return line


def _unbroken(lines: list[Line], texts: Sequence[str]) -> list[Line]:
    """Take a quote that is never closed for an apostrophe, and what follows it for lines of their own."""
    last = lines[-1]
    if "\n" not in last.text:
        return lines
    last.text = last.text.partition("\n")[0]
    return [*lines, *(_line(text, text.strip(), at) for at, text in _after(texts, last.number) if text.strip())]


def _after(texts: Sequence[str], number: int) -> Iterator[tuple[int, str]]:
    return ((at, texts[at - 1]) for at in range(number + 1, len(texts) + 1))


def _line(text: str, stripped: str, number: int) -> Line:
    column = len(text) - len(text.lstrip())
    if arrow := _ARROW.match(stripped):
        return Line(column, stripped[arrow.end() :], LineKind.NODE, number, arrow=True)
    if _SUBPLAN.fullmatch(stripped):
        return Line(column, stripped, LineKind.SUBPLAN, number)
    if worker := _WORKER.fullmatch(stripped):
        return Line(column, worker[2], LineKind.WORKER, number, key=worker[1])
    if found := KEY.fullmatch(stripped):
        return Line(column, found["value"], LineKind.PROPERTY, number, key=found["key"])
    if len(stripped) < 10_000 and is_title(stripped):
        return Line(column, stripped, LineKind.NODE, number)
    return Line(column, stripped, LineKind.OTHER, number)


def _waits_for(line: Line) -> str:
    """Return what the line lacks to be whole: the end of a quote, of a bracket, or nothing."""
    if line.kind is LineKind.PROPERTY and line.key in _EXPRESSIONS and open_quote(line.text):
        return "quote"
    return "bracket" if line.kind is not LineKind.SUBPLAN and open_bracket(line.text) else ""
