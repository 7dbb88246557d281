"""Statements: what a script says, one after the other, each with its place and its syntax tree.

The vocabulary of the trees is PostgreSQL's own raw parse tree (``CreateStmt``, ``ColumnDef`` ...), as nested read-only
dictionaries.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cached_property
from itertools import accumulate
from typing import Any

from planroom.findings import Location
from planroom.sqltext.libpg_query import ParserError, check, parse_tree
from planroom.sqltext.splitting import skip_blank, split
from planroom.values import dataclass

__all__ = [
    "Script",
    "Statement",
    "Tree",
    "broken_statements",
    "holds_routines",
    "is_template",
    "may_be_template",
    "parse_postgres",
]

Tree = Mapping[str, Any]

_BLOCK = re.compile(r"do\s*(?:language\b|[$'])")
_PSQL_LINE = re.compile(r"^[ \t]*\\", re.MULTILINE)

BROKEN, PSQL, COPY_DATA = "broken", "psql", "copy-data"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a script.

    Attributes:
        kind: The tree's kind, such as ``CreateStmt``; ``broken`` for a text that does not parse, ``psql`` for a
            line meant for psql, ``copy-data`` for the rows of a COPY.
        tree: The fields of the tree; empty for the three kinds above.
        text: The statement as written, without its semicolon.
        location: Where it begins; for a broken one, where the parser stopped.
        offset: Where its text begins in the script, in characters.
        problem: Why it is broken.
        base: What the tree's own locations (bytes) count from: where the text begins, on the same count.
    """

    kind: str
    text: str
    location: Location
    offset: int = 0
    tree: Tree = field(default_factory=dict, compare=False, repr=False)
    problem: str = ""
    base: int = field(default=0, compare=False, repr=False)

    def at(self, node: Tree) -> Location:
        """Return the place of a node of the tree; the statement's own where the node has none."""
        if "location" not in node:
            return self.location
        offset = node["location"] - self.base
        before = self.text[:offset] if self.text.isascii() else self.text.encode()[:offset].decode(errors="ignore")
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else self.location.column + len(before)
        return Location(self.location.source, self.location.line + lines, column)


@dataclass(frozen=True)
class Script:
    """A text with what turns offsets into places, and whether it may be a template."""

    text: str
    source: str
    templates: bool = False

    @cached_property
    def _line_starts(self) -> list[int]:
        lines = self.text.split("\n")
        return [0, *accumulate(len(line) + 1 for line in lines[:-1])]

    def location(self, offset: int) -> Location:
        """Return the place of an offset, in characters."""
        line = bisect_right(self._line_starts, offset)
        return Location(self.source, line, offset - self._line_starts[line - 1] + 1)


def parse_postgres(text: str, source: str = "<text>", *, templates: bool = False) -> tuple[Statement, ...]:
    """Return the statements of a PostgreSQL script.

    A statement that does not parse costs that statement alone. psql's lines and COPY rows are statements of their
    own kinds, so that nothing of the script is lost.

    Args:
        text: The script.
        source: Its path or address, for places.
        templates: Read a statement that does not parse with what a tool may put in (`planroom.sqltext.templates`). Its
            text is then not what is written: it is for who reads, and not for who runs it.
    """
    script = Script(text.removeprefix("\ufeff"), source, templates)
    return _parsed_at_once(script) or _parsed_piece_by_piece(script)


def holds_routines(text: str) -> bool:
    """Whether a script may define a routine or run a block of code; most do neither, which this tells quickly."""
    lowered = text.lower()
    return "function" in lowered or "procedure" in lowered or bool(_BLOCK.search(lowered))


def broken_statements(text: str, source: str = "<text>", *, templates: bool = False) -> tuple[Statement, ...]:
    """Return the statements that `parse_postgres` cannot read; of those that it can, nothing is decoded."""
    script = Script(text.removeprefix("\ufeff"), source, templates)
    if _fits_at_once(script):
        with suppress(ParserError, UnicodeError):
            check(script.text.encode())
            return ()
    return tuple(each for each in _parsed_piece_by_piece(script) if each.kind == BROKEN)


def may_be_template(text: str) -> bool:
    """Whether a text holds a character that templates and placeholders need; most that do are none."""
    return any(sign in text for sign in ("{", "@", "%", ":", "?"))


def is_template(text: str) -> bool:
    """Whether a statement of a script does not parse as it stands, and does with what a tool may put in."""
    for piece in split(text):
        statement = text[piece.start : piece.end].rstrip()
        try:
            check(statement.encode() if piece.kind == "sql" else b"")
        except (ParserError, UnicodeError, ValueError):
            if _filled(statement) is not None:
                return True
    return False


def _fits_at_once(script: Script) -> bool:
    """Whether the parser can be called once for all statements: there are no lines for psql."""
    return "\0" not in script.text and not ("\\" in script.text and _PSQL_LINE.search(script.text))


def _parsed_at_once(script: Script) -> tuple[Statement, ...]:
    """Return the statements by one call of the parser: the quick way, for a right text."""
    if not _fits_at_once(script):
        return ()
    try:
        data = script.text.encode()
        trees = parse_tree(data)
    except (ParserError, RecursionError, UnicodeError):
        return ()
    return tuple(_located(script, trees, data))


def _located(script: Script, trees: Sequence[Tree], data: bytes) -> Iterator[Statement]:
    """Yield a statement a tree; the parser counts bytes, people count characters."""
    seen, character, alike = 0, 0, script.text.isascii()
    for tree in trees:
        first = tree.get("stmt_location", 0)
        character, seen = first if alike else character + len(data[seen:first].decode()), first
        length = tree.get("stmt_len") or len(data) - first
        end = character + (length if alike else len(data[first : first + length].decode()))
        start = skip_blank(script.text, character, end)
        ((kind, fields),) = tree["stmt"].items()
        base = start if alike else first + len(script.text[character:start].encode())
        yield Statement(kind, script.text[start:end].rstrip(), script.location(start), start, fields, base=base)


def _parsed_piece_by_piece(script: Script) -> tuple[Statement, ...]:
    return tuple(_parsed(script, piece.kind, piece.start, piece.end) for piece in split(script.text))


def _filled(text: str) -> tuple[str, Sequence[Tree]] | None:
    """Return a statement that is a template with what a tool may put in, and its tree; None where it stays broken."""
    if not may_be_template(text):
        return None
    from planroom.sqltext.templates import fillings

    for filled in fillings(text):
        with suppress(ParserError, RecursionError, UnicodeError):
            trees = parse_tree(filled.encode())
            if len(trees) == 1:
                return filled, trees
    return None


def _parsed(script: Script, kind: str, start: int, end: int) -> Statement:
    text = script.text[start:end].rstrip()
    if kind != "sql":
        return Statement(PSQL if kind == "psql" else COPY_DATA, text, script.location(start), start)
    if "\0" in text:
        return Statement(BROKEN, text, script.location(start + text.index("\0")), start, problem="it holds a NUL byte")
    try:
        trees = parse_tree(text.encode())
    except ParserError as error:
        if script.templates and (filled := _filled(text)) is not None:
            ((name, fields),) = filled[1][0]["stmt"].items()
            return Statement(name, filled[0], script.location(start), start, fields)
        stopped = len(text.encode()[: max(error.offset, 0)].decode(errors="ignore"))
        return Statement(BROKEN, text, script.location(start + stopped), start, problem=error.message)
    except (RecursionError, UnicodeError):
        return Statement(BROKEN, text, script.location(start), start, problem="nested too deeply, or not valid UTF-8")
    if len(trees) != 1:
        return Statement(BROKEN, text, script.location(start), start, problem="more than one statement, or none")
    ((name, fields),) = trees[0]["stmt"].items()
    return Statement(name, text, script.location(start), start, fields)
