"""A text with what is needed to say where something stands in it, and what was noticed on the way."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem, nearest
from planroom.findings import Location
from planroom.model import Unread

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from planroom.formats._text.problems import PassedOver, Problem
    from planroom.formats.base import Document

__all__ = ["Notebook", "Source", "refuse_nonsense"]

_MOST_KEPT = 2_000  # characters of a broken element that are kept
_MOST_COMPARED = 250_000  # names, in some 0.3 s


class Source:
    """One text; ``text`` is all of it."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self._source = document.source

    @cached_property
    def _lines(self) -> Sequence[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def at(self, place: int, end: int = 0) -> Location:
        """Return the location of an offset, which spans to ``end`` where that is given."""
        line = bisect_right(self._lines, place)
        return Location(self._source, line, place - self._lines[line - 1] + 1, max(end - place, 0))


class Notebook:
    """Everything that a model does not hold, whatever the order in which it is found."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._compared = 0
        self._sources = sources
        self._found: list[tuple[int, int, Unread]] = []

    def broken(self, source: Source, problem: Problem) -> None:
        """Keep what is broken."""
        reason = f"{problem.reason}: {problem.fix}" if problem.fix else problem.reason
        self._keep(source, "broken", problem.what, reason.rstrip("."), (problem.place, problem.end), problem.fault)

    def wrong(self, source: Source, what: str, reason: str, place: int, end: int) -> None:
        """Keep what contradicts the rest of the text."""
        self._keep(source, "broken", what, reason, (place, end), place)

    def unheld(self, source: Source, what: str, reason: str, place: int, end: int) -> None:
        """Keep what a model has no place for."""
        self._keep(source, "structure", what, reason, (place, end), place)

    def passed(self, source: Source, element: PassedOver) -> None:
        """Keep an element that says nothing about structure, or for which a model has no place."""
        self._keep(source, element.kind, element.what, element.reason, (element.place, element.end), element.place)

    def _keep(self, source: Source, kind: str, what: str, reason: str, span: tuple[int, int], fault: int) -> None:
        text = source.text[span[0] : min(span[1], span[0] + _MOST_KEPT)]
        unread = Unread(kind=kind, what=what, reason=reason, text=text, location=source.at(fault, span[1]))
        self._found.append((self._sources.index(source), fault, unread))

    def did_you_mean(self, name: str, known: Collection[str]) -> str:
        """Return the end of a reason, which names the known name most like one that is not known; or nothing.

        Comparing costs time for each known name: a text with nothing but unknown names gets hints for the first.
        """
        self._compared += len(known)
        close = nearest(name, known) if self._compared <= _MOST_COMPARED else ""
        return f": did you mean {close!r}?" if close else ""

    def unread(self) -> tuple[Unread, ...]:
        """Return all of it in the order of the texts."""
        return tuple(unread for _, _, unread in sorted(self._found, key=lambda each: each[:2]))


def refuse_nonsense(files: Sequence[tuple[Source, Sequence[object], Sequence[Problem]]], language: str) -> None:
    """Return unless something is broken and nothing at all was read.

    Args:
        files: The texts, each with its elements and problems.
        language: What they should be in.

    Raises:
        SyntaxProblem: Nothing in the texts parses.
    """
    broken = next(((source, problems[0]) for source, _, problems in files if problems), None)
    if broken is None or any(elements for _, elements, _ in files):
        return
    source, problem = broken
    raise SyntaxProblem(
        f"Nothing in it can be read as {language}.",
        where=str(source.at(problem.fault)),
        why=f"{problem.reason}.",
        fix=problem.fix,
    )
