"""The elements of a DBML text besides tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.formats._dbml.settings import GROUP, LABEL, NOTE, REF, settings, string_of
from planroom.formats._dbml.syntax import (
    Endpoint,
    EnumElement,
    GroupElement,
    LabelEntry,
    MetadataElement,
    ProjectElement,
    RefElement,
)
from planroom.formats._dbml.tables import ROWS, note, table
from planroom.formats._text.problems import PassedOver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.formats._dbml.cursor import DbmlCursor
    from planroom.formats._dbml.syntax import Element

__all__ = ["ELEMENTS"]


def _enum(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    name = cursor.dotted("an Enum")
    cursor.expect("{", "an Enum", "open its body with {.")
    labels: dict[str, LabelEntry] = {}
    while not cursor.accept("}"):
        cursor.stay_inside("an Enum")
        token = cursor.token
        label = cursor.name("an Enum")
        if label in labels:
            cursor.fail(f"the label {label!r} stands twice", "remove one of them.", at=token.place)
        given = settings(cursor, LABEL, "a label") if cursor.token.gap != "\n" else ()
        cursor.end_line("a label")
        labels[label] = LabelEntry(label, string_of(given, "note"), token.place)
    if not labels:
        cursor.fail("an Enum needs a label", "write its labels, one a line.", at=place)
    return [EnumElement(name, tuple(labels.values()), place, cursor.end)]


# -- references --------------------------------------------------------------------------------------------------------

_SIGNS = ("<", ">", "-", "<>")


def _ref(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    name = "" if cursor.token.kind in (":", "{") else cursor.dotted("a Ref")[-1]
    block = cursor.token.kind == "{"
    if block or cursor.token.kind == ":":
        cursor.advance()
    else:
        cursor.fail(f"a Ref expects : or {{, not {cursor.shown()}", "write Ref: child.column > parent.column")
    left = _endpoint(cursor)
    if cursor.token.kind not in _SIGNS:
        cursor.fail(f"a Ref expects one of < > - <>, not {cursor.shown()}", "write child.column > parent.column")
    sign = cursor.advance().kind
    right = _endpoint(cursor)
    given = settings(cursor, REF, "a Ref") if block or cursor.token.gap != "\n" else ()
    if block:
        cursor.expect("}", "a Ref", "a Ref holds one reference.")
    else:
        cursor.end_line("a Ref")
    if len(left.columns) != len(right.columns):
        cursor.fail(
            f"{len(left.columns)} columns refer to {len(right.columns)}", "name as many on both sides.", at=place
        )
    return [RefElement(name, left, sign, right, given, place, cursor.end)]


def _endpoint(cursor: DbmlCursor) -> Endpoint:
    """Pass ``table.column``, ``schema.table.column`` or ``table.(a, b)``, and return it."""
    place = cursor.token.place
    parts = [cursor.name("a Ref")]
    while cursor.accept("."):
        if cursor.token.kind == "(":
            return Endpoint(tuple(parts), _columns(cursor), place)
        parts.append(cursor.name("a Ref"))
    if len(parts) < 2:
        cursor.fail(f"{parts[0]!r} names no column", "write table.column.", at=place)
    return Endpoint(tuple(parts[:-1]), (parts[-1],), place)


def _columns(cursor: DbmlCursor) -> tuple[str, ...]:
    cursor.advance()
    columns = [cursor.name("the columns of a Ref")]
    while cursor.accept(","):
        columns.append(cursor.name("the columns of a Ref"))
    cursor.expect(")", "the columns of a Ref")
    return tuple(columns)


# -- groups, the project, metadata -------------------------------------------------------------------------------------


def _group(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    name = cursor.name("a TableGroup")
    given = settings(cursor, GROUP, "a TableGroup")
    cursor.expect("{", "a TableGroup", "open its body with {.")
    tables, found = [], None
    while not cursor.accept("}"):
        cursor.stay_inside("a TableGroup")
        if cursor.token.text.lower() == "note" and cursor.following.kind in (":", "{"):
            found = note(cursor, found)
        else:
            token = cursor.token
            tables.append((cursor.dotted("a TableGroup"), token.place))
            cursor.end_line("a table of a TableGroup")
    return [GroupElement(name, given, tuple(tables), found, place, cursor.end)]


def _project(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    name = "" if cursor.token.kind == "{" else cursor.name("a Project")
    cursor.expect("{", "a Project", "open its body with {.")
    fields, found = [], None
    while not cursor.accept("}"):
        cursor.stay_inside("a Project")
        if cursor.token.text.lower() == "note" and cursor.following.kind in (":", "{"):
            found = note(cursor, found)
        else:
            fields.append(_pair(cursor, "a Project"))
    return [ProjectElement(name, tuple(fields), found, place, cursor.end)]


def _pair(cursor: DbmlCursor, what: str) -> tuple[str, str]:
    """Pass ``key: 'value'`` and return it, the key in lower case."""
    key = cursor.name(what).lower()
    while cursor.token.kind == "word":
        key += " " + cursor.advance().text.lower()
    cursor.expect(":", what, "write key: 'value'.")
    if cursor.token.kind not in ("string", "quoted", "color"):
        cursor.fail(f"{what} expects a string after {key!r}, not {cursor.shown()}", f"write {key}: '...'.")
    return key, cursor.advance().text


_DESCRIBED = ("table", "column", "tablegroup", "note")


def _metadata(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    target = cursor.name("Metadata").lower()
    if target not in _DESCRIBED:
        cursor.fail(f"Metadata describes no {target!r}", "write Metadata Table name {, or Column, TableGroup or Note.")
    name = cursor.dotted("Metadata")
    cursor.expect("{", "Metadata", "open its body with {.")
    values = []
    while not cursor.accept("}"):
        values.append(_pair(cursor, "Metadata"))
    return [MetadataElement(target, name, tuple(values), place, cursor.end)]


# -- what a model has no place for -------------------------------------------------------------------------------------


def _sticky_note(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    cursor.name("a Note at the top level")
    settings(cursor, NOTE, "a Note")
    cursor.skip_block("a Note")
    return [PassedOver("structure", "Note", "a model has no notes of its own, only comments", place, cursor.end)]


def _view(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    cursor.name("a DiagramView")
    cursor.skip_block("a DiagramView")
    return [
        PassedOver("session", "DiagramView", "planroom chooses what a picture shows when it draws", place, cursor.end)
    ]


def _records(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    name = cursor.dotted("records")
    cursor.expect("(", "records", "name their columns: records table(a, b) {.")
    while not cursor.accept(")"):
        cursor.name("the columns of records")
        if cursor.token.kind != ")":
            cursor.expect(",", "the columns of records")
    cursor.skip_block("records")
    return [PassedOver("data", "records", ROWS, place, cursor.end, name)]


def _dep(cursor: DbmlCursor) -> list[Element]:
    place = cursor.advance().place
    while cursor.token.kind not in (":", "{", "end"):
        cursor.name("a Dep")
    if cursor.token.kind == "{":
        cursor.skip_block("a Dep")
    else:
        cursor.expect(":", "a Dep", "write Dep: source -> target.")
        depth = 0
        while depth or not cursor.is_new_line():
            depth += {"[": 1, "]": -1}.get(cursor.token.kind, 0)
            if cursor.token.kind in ("end", "open"):
                cursor.fail("a Dep is never closed", "close its settings with ].")
            cursor.advance()
    return [PassedOver("structure", "Dep", "a model holds foreign keys, not lineage", place, cursor.end)]


def _use(cursor: DbmlCursor) -> list[Element]:
    """Pass ``use * from '...'`` or ``reuse { ... } from '...'``."""
    place = cursor.advance().place
    if not cursor.accept("*"):
        cursor.skip_block("use")
    if cursor.token.text.lower() != "from":
        cursor.fail(f"use expects from, not {cursor.shown()}", "write use * from './file'")
    cursor.advance()
    path = cursor.expect("string", "use", "name the file: from './file'").text
    reason = f"files are read together when they are given together; {path!r} is not looked for"
    return [PassedOver("session", "use", reason, place, cursor.end)]


def _table(cursor: DbmlCursor) -> list[Element]:
    return [*table(cursor)]


def _partial(cursor: DbmlCursor) -> list[Element]:
    return [*table(cursor, partial=True)]


ELEMENTS: Mapping[str, Callable[[DbmlCursor], list[Element]]] = {
    "table": _table, "tablepartial": _partial, "enum": _enum, "ref": _ref, "tablegroup": _group, "project": _project,
    "metadata": _metadata, "note": _sticky_note, "diagramview": _view, "records": _records, "dep": _dep, "use": _use,
    "reuse": _use,
}  # fmt: skip
"""What passes each kind of element, by the word that begins it, in lower case."""
