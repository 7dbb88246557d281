"""A DBML text as syntax: element by element, and what is broken costs itself alone."""

from __future__ import annotations

from planroom.errors import nearest
from planroom.formats._dbml.cursor import DbmlCursor
from planroom.formats._dbml.elements import ELEMENTS
from planroom.formats._dbml.syntax import Element, File
from planroom.formats._text.cursor import Broken
from planroom.formats._text.problems import Problem

__all__ = ["parse"]


def parse(text: str) -> File:
    """Return what a text says. Linear in its length, whatever it holds; nothing recurses."""
    cursor = DbmlCursor(text)
    elements: list[Element] = []
    while cursor.token.kind != "end":
        cursor.depth = 0
        place = cursor.token.place
        try:
            elements += _element(cursor)
        except Broken as broken:
            what = _what(cursor.text, place)
            _recover(cursor, place)
            end = max(cursor.end, place + 1)
            cursor.problems.append(Problem(what, broken.reason, broken.fix, place, end, broken.fault))
    return File(tuple(elements), tuple(cursor.problems))


def _element(cursor: DbmlCursor) -> list[Element]:
    token = cursor.token
    read = ELEMENTS.get(token.text.lower()) if token.kind == "word" else None
    if read:
        return read(cursor)
    if token.kind != "word":
        cursor.fail(f"an element begins with a word, not {cursor.shown()}", f"DBML has {_kinds()}.")
    close = nearest(token.text, ELEMENTS)
    hint = f"did you mean {close!r}?" if close else f"DBML has {_kinds()}."
    return cursor.fail(f"there is no element called {cursor.shown()}", hint)


def _kinds() -> str:
    return ", ".join(ELEMENTS)


def _what(text: str, place: int) -> str:
    """Return the word that begins an element, as a message shows it."""
    return text[place : place + 40].split(maxsplit=1)[0] if text[place : place + 40].strip() else "text"


def _recover(cursor: DbmlCursor, begin: int) -> None:
    """Pass what is left of a broken element: to the brace that closes it, or to the next line that begins another."""
    opened = cursor.depth > 0
    while cursor.token.kind != "end":
        token = cursor.token
        if token.place > begin and cursor.begins_element():
            return
        cursor.advance()
        opened = opened or cursor.depth > 0
        if opened and cursor.depth <= 0:
            return
