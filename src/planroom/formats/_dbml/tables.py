"""Table and TablePartial: columns, indexes, checks, notes, injected partials."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from planroom.formats._dbml.settings import CHECK, COLUMN, INDEX, TABLE, settings
from planroom.formats._dbml.syntax import (
    CheckEntry,
    ColumnEntry,
    IndexEntry,
    Injection,
    Note,
    Setting,
    TableElement,
    TypeName,
    Value,
)
from planroom.formats._text.problems import PassedOver

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.formats._dbml.cursor import DbmlCursor

__all__ = ["ROWS", "note", "table"]

T = TypeVar("T")

ROWS = "rows are data, and a model holds structure"
"""Why records are not in a model."""


class _Body:
    """What was found in the braces of a table so far."""

    def __init__(self) -> None:
        self.entries: list[ColumnEntry | Injection] = []
        self.indexes: list[IndexEntry] = []
        self.checks: list[CheckEntry] = []
        self.note: Note | None = None
        self.passed: list[PassedOver] = []


def table(cursor: DbmlCursor, *, partial: bool = False) -> list[TableElement | PassedOver]:
    """Pass a Table or TablePartial, and return it and the records inside it.

    Raises:
        Broken: It does not parse.
    """
    what = "a TablePartial" if partial else "a Table"
    place = cursor.advance().place
    name = cursor.dotted(what)
    alias = ""
    if cursor.token.kind == "word" and cursor.token.text.lower() == "as":
        cursor.advance()
        alias = cursor.name("an alias")
    given = settings(cursor, TABLE, what)
    cursor.expect("{", what, "open its body with {.")
    body = _Body()
    while not cursor.accept("}"):
        _entry(cursor, body, what)
    made = TableElement(
        name, alias, given, tuple(body.entries), tuple(body.indexes), tuple(body.checks), body.note, partial, place,
        cursor.end,
    )  # fmt: skip
    return [made, *body.passed]


def _entry(cursor: DbmlCursor, body: _Body, what: str) -> None:
    """Pass one thing in the body of a table."""
    cursor.stay_inside(what)
    token, following = cursor.token, cursor.following.kind
    if token.kind == "~":
        cursor.advance()
        body.entries.append(Injection(cursor.name("an injected partial"), token.place))
        cursor.end_line("an injected partial")
    elif token.kind == "word" and following in ("{", ":", "(") and _part(cursor, body, token.text.lower()):
        pass
    elif token.kind in ("word", "quoted"):
        body.entries.append(_column(cursor))
    else:
        cursor.fail(f"{what} expects a column, not {cursor.shown()}", "a column is a name, a type and [settings].")


def _part(cursor: DbmlCursor, body: _Body, kind: str) -> bool:
    """Pass indexes, checks, a note or records, if the word at the place begins them."""
    if kind == "indexes" and cursor.following.kind == "{":
        body.indexes += _lines(cursor, _index, "indexes")
    elif kind == "checks" and cursor.following.kind == "{":
        body.checks += _lines(cursor, _check, "checks")
    elif kind == "note" and cursor.following.kind != "(":
        body.note = note(cursor, body.note)
    elif kind == "records" and cursor.following.kind != ":":
        body.passed.append(_records(cursor))
    else:
        return False
    return True


def note(cursor: DbmlCursor, before: Note | None) -> Note:
    """Pass a note inside an element, ``note: '...'`` or ``Note { '...' }``, and return it.

    Args:
        cursor: Where the note is.
        before: The note that the element has already.

    Raises:
        Broken: It holds no string, or more than one, or the element has a note.
    """
    place = cursor.advance().place
    if before:
        cursor.fail("two notes are given", "join them into one.", at=place)
    block = cursor.token.kind == "{"
    cursor.advance()
    if cursor.token.kind not in ("string", "quoted"):
        cursor.fail(f"a note expects a string, not {cursor.shown()}", "write note: '...'.")
    text = cursor.advance().text
    if block:
        cursor.expect("}", "a note")
    return Note(text, place)


def _records(cursor: DbmlCursor) -> PassedOver:
    place = cursor.advance().place
    while cursor.token.kind not in ("{", "}", "end", "open"):
        cursor.advance()
    cursor.skip_block("records")
    return PassedOver("data", "records", ROWS, place, cursor.end)


# -- columns -----------------------------------------------------------------------------------------------------------


def _column(cursor: DbmlCursor) -> ColumnEntry:
    token = cursor.advance()
    if cursor.is_new_line():
        cursor.fail(f"the column {token.text!r} has no type", "write a type after its name.", at=token.place)
    kind = _type(cursor)
    bare = []
    while cursor.token.kind == "word" and cursor.token.gap != "\n" and cursor.token.text.lower() in ("pk", "unique"):
        bare.append(Setting(cursor.token.text.lower(), None, cursor.advance().place))
    given = settings(cursor, COLUMN, "a column") if cursor.token.gap != "\n" else ()
    cursor.end_line(f"the column {token.text!r}")
    return ColumnEntry(token.text, kind, (*bare, *given), token.place)


def _type(cursor: DbmlCursor) -> TypeName:
    quoted = cursor.token.kind == "quoted"
    parts = cursor.dotted("a type")
    arguments: tuple[str, ...] = ()
    if cursor.token.kind == "(" and cursor.token.gap != "\n":
        cursor.advance()
        arguments = _arguments(cursor)
    array = False
    while cursor.token.kind == "[" and not cursor.token.gap:
        cursor.advance()
        cursor.accept("number")
        cursor.expect("]", "an array's bracket", "put a blank before the [ of the settings.")
        array = True
    return TypeName(parts, quoted, arguments, array)


def _arguments(cursor: DbmlCursor) -> tuple[str, ...]:
    """Pass what stands in a type's parentheses, the opening one passed already."""
    found = []
    while not cursor.accept(")"):
        sign = ""
        while cursor.token.kind in ("-", "+"):
            sign = "-" if (cursor.advance().kind == "-") != bool(sign) else ""
        if cursor.token.kind not in ("word", "number", "string", "quoted"):
            cursor.fail(f"a type's parentheses expect a number or a name, not {cursor.shown()}", "close them with ).")
        found.append(sign + cursor.advance().text)
        if cursor.token.kind != ")":
            cursor.expect(",", "a type's parentheses")
    return tuple(found)


# -- indexes and checks ------------------------------------------------------------------------------------------------


def _lines(cursor: DbmlCursor, line: Callable[[DbmlCursor], T], what: str) -> list[T]:
    """Pass a word and its block, and return what its lines are."""
    cursor.advance()
    cursor.advance()
    found = []
    while not cursor.accept("}"):
        cursor.stay_inside(what)
        found.append(line(cursor))
    return found


def _index(cursor: DbmlCursor) -> IndexEntry:
    place = cursor.token.place
    parts = _index_parts(cursor)
    while not cursor.is_new_line() and cursor.token.kind != "[":
        parts += _index_parts(cursor)
    given = settings(cursor, INDEX, "an index") if cursor.token.gap != "\n" else ()
    cursor.end_line("an index")
    return IndexEntry(tuple(parts), given, place)


def _index_parts(cursor: DbmlCursor) -> list[Value]:
    """Pass one part of an index, or several in parentheses."""
    if not cursor.accept("("):
        return [_index_part(cursor)]
    parts = [_index_part(cursor)]
    while cursor.accept(","):
        parts.append(_index_part(cursor))
    cursor.expect(")", "the columns of an index")
    return parts


def _index_part(cursor: DbmlCursor) -> Value:
    if cursor.token.kind not in ("word", "quoted", "code"):
        cursor.fail(f"an index expects a column or an expression, not {cursor.shown()}", "write (a, b) or `lower(a)`.")
    token = cursor.advance()
    return Value("code" if token.kind == "code" else "word", token.text, token.place)


def _check(cursor: DbmlCursor) -> CheckEntry:
    token = cursor.expect("code", "checks", "write the condition between backticks.")
    given = settings(cursor, CHECK, "a check") if cursor.token.gap != "\n" else ()
    cursor.end_line("a check")
    return CheckEntry(token.text, given, token.place)
