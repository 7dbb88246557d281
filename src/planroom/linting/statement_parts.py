"""Parts of a statement that a rule names and does not place: it knows a model, and no text.

A part is named by words: ``("type", column, type)`` is the type of a column where it is made, ``("default", column,
text)`` its constant default, ``("end",)`` the place behind the statement, ``("word", text)`` a word that stands in it
once. What cannot be told for certain has no place, and its fix no edit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.findings import Edit, Location
from planroom.linting.editing import after, instead, offset_of
from planroom.sqltext import parse_postgres, parse_type
from planroom.sqltext.libpg_query import ParserError
from planroom.sqltext.splitting import Piece, split

if TYPE_CHECKING:
    from planroom.sqltext import Statement, Tree

__all__ = ["placed"]

_PART = r"(?:\"(?:[^\"]|\"\")+\"|[^\W\d][\w$]*)"
_TYPE = re.compile(
    rf"(?:national\s+)?{_PART}(?:\s*\.\s*{_PART})*(?:\s+(?:varying|precision)\b)?(?:\s*\([^()]*\))?"
    r"(?:\s+with(?:out)?\s+time\s+zone\b)?(?!\s*(?:\[|array\b))",
    re.IGNORECASE,
)
_SERIALS = {
    **dict.fromkeys(("serial", "serial4"), "integer"),
    **dict.fromkeys(("bigserial", "serial8"), "bigint"),
    **dict.fromkeys(("smallserial", "serial2"), "smallint"),
}


def placed(edits: Sequence[Edit], texts: Mapping[str, str]) -> tuple[Edit, ...]:
    """Return edits with the places of the parts that they mean; none where one of them is not certain.

    Args:
        edits: Those of one fix.
        texts: The text of each source.
    """
    found = [_placed(each, texts.get(each.location.source, "")) for each in edits]
    return tuple(each for each in found if each is not None) if all(found) else ()


def _placed(edit: Edit, text: str) -> Edit | None:
    if not edit.part:
        return edit
    statement = _statement_at(text, edit.location)
    return _PARTS[edit.part[0]](statement, edit) if statement is not None else None


@lru_cache(maxsize=2)
def _pieces(text: str) -> tuple[Piece, ...]:
    return tuple(each for each in split(text) if each.kind == "sql")


def _statement_at(text: str, location: Location) -> Statement | None:
    """Return the statement that a place is in."""
    start = offset_of(text, Location(location.source, location.line, location.column))
    number = bisect_right(_pieces(text), start, key=lambda each: each.start) - 1
    if start < 0 or number < 0 or start > _pieces(text)[number].end:
        return None
    first, last = _pieces(text)[number].start, _pieces(text)[number].end
    found = parse_postgres(text[first:last], location.source)
    if len(found) != 1 or not found[0].tree:
        return None
    before = text.count("\n", 0, first)
    column = first - text.rfind("\n", 0, first)
    return replace(found[0], location=Location(location.source, before + 1, column))


def _end(statement: Statement, edit: Edit) -> Edit | None:
    return after(statement, edit.text)


def _type(statement: Statement, edit: Edit) -> Edit | None:
    """Place the type of a column: where the statement makes it, and gives it the type that the rule read."""
    _, name, expected = edit.part
    column = _column(statement, name)
    start = _offset(statement, column.get("typeName", {})) if column is not None else -1
    found = _TYPE.match(statement.text, start) if start >= 0 else None
    if found is None or _read(found[0]) != expected:
        return None
    return instead(statement, start, found.end(), edit.text)


def _read(text: str) -> str:
    serial = _SERIALS.get(text.lower())
    if serial:
        return f"serial {serial}"
    try:
        return str(parse_type(text).name)
    except (ParserError, ValueError, LookupError):
        return ""


def _default(statement: Statement, edit: Edit) -> Edit | None:
    """Place the constant that a column has as its default, be it cast or not."""
    _, name, written = edit.part
    column = _column(statement, name)
    for constraint in (column or {}).get("constraints", ()):
        fields = constraint["Constraint"]
        if fields["contype"] == "CONSTR_DEFAULT":
            node = fields["raw_expr"]
            constant = node.get("TypeCast", {}).get("arg", node).get("A_Const", {})
            start = _offset(statement, constant)
            if start >= 0 and statement.text[start : start + len(written)].lower() == written:
                return instead(statement, start, start + len(written), edit.text)
    return None


def _word(statement: Statement, edit: Edit) -> Edit | None:
    """Place what a pattern finds once in the statement."""
    found = list(re.finditer(edit.part[1], statement.text, re.IGNORECASE))
    return instead(statement, *found[0].span("it"), edit.text) if len(found) == 1 else None


_PARTS: Mapping[str, Callable[[Statement, Edit], Edit | None]] = {
    "end": _end,
    "type": _type,
    "default": _default,
    "word": _word,
}


def _column(statement: Statement, name: str) -> Tree | None:
    return next((each for each in _columns(statement) if each.get("colname") == name), None)


def _columns(statement: Statement) -> Iterator[Tree]:
    """Yield the columns that a statement makes."""
    for each in statement.tree.get("tableElts", ()):
        yield each.get("ColumnDef", {})
    for each in statement.tree.get("cmds", ()):
        command = each["AlterTableCmd"]
        if command["subtype"] == "AT_AddColumn":
            yield command["def"]["ColumnDef"]


def _offset(statement: Statement, node: Tree) -> int:
    """Return where a node begins in the statement's text; -1 where the parser does not tell."""
    if "location" not in node:
        return -1
    data = statement.text.encode()[: node["location"] - statement.base]
    return len(data.decode(errors="ignore")) if node["location"] >= statement.base else -1
