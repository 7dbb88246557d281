"""What a DBML text says, element by element, before anything is looked up: plain, frozen values.

Every value knows its place, an offset into its text. Names are lists of parts: ``("sales", "orders")``.
"""

from __future__ import annotations

from typing import NamedTuple

from planroom.formats._text.problems import PassedOver, Problem

__all__ = [
    "CheckEntry",
    "ColumnEntry",
    "Element",
    "Endpoint",
    "EnumElement",
    "File",
    "GroupElement",
    "IndexEntry",
    "Injection",
    "LabelEntry",
    "MetadataElement",
    "Name",
    "Note",
    "ProjectElement",
    "RefElement",
    "Setting",
    "TableElement",
    "TypeName",
    "Value",
]

Name = tuple[str, ...]
"""The parts of a dotted name, from the outside in."""


class Value(NamedTuple):
    """A value of a setting, or a part of an index.

    Attributes:
        kind: ``string``, ``number``, ``code`` (between backticks), ``word`` or ``color``.
        text: What it means, without quotes and escapes; the parts of a dotted word are in ``parts``.
        parts: The parts of a word, or of the column that ``ref`` names; empty for anything else.
        sign: The sign before a reference: ``<``, ``>``, ``-`` or ``<>``; empty for anything else.
    """

    kind: str
    text: str
    place: int
    parts: Name = ()
    sign: str = ""


class Setting(NamedTuple):
    """One setting between brackets; its name is in lower case, its words separated by one blank."""

    name: str
    value: Value | None
    place: int


class TypeName(NamedTuple):
    """A column's type: a dotted name, what stands in parentheses, and whether brackets follow."""

    parts: Name
    quoted: bool
    arguments: tuple[str, ...]
    array: bool


class ColumnEntry(NamedTuple):
    """A column of a table."""

    name: str
    type: TypeName
    settings: tuple[Setting, ...]
    place: int


class Injection(NamedTuple):
    """``~name``: the columns of a TablePartial belong here."""

    name: str
    place: int


class IndexEntry(NamedTuple):
    """One line of ``indexes``."""

    parts: tuple[Value, ...]
    settings: tuple[Setting, ...]
    place: int


class CheckEntry(NamedTuple):
    """One line of ``checks``, or a ``check`` among a column's settings."""

    text: str
    settings: tuple[Setting, ...]
    place: int


class Note(NamedTuple):
    """A note inside another element."""

    text: str
    place: int


class TableElement(NamedTuple):
    """A Table or, where ``partial``, a TablePartial; ``entries`` are in the order of the text."""

    name: Name
    alias: str
    settings: tuple[Setting, ...]
    entries: tuple[ColumnEntry | Injection, ...]
    indexes: tuple[IndexEntry, ...]
    checks: tuple[CheckEntry, ...]
    note: Note | None
    partial: bool
    place: int
    end: int


class LabelEntry(NamedTuple):
    """A label of an enum."""

    name: str
    note: str
    place: int


class EnumElement(NamedTuple):
    """An Enum."""

    name: Name
    labels: tuple[LabelEntry, ...]
    place: int
    end: int


class Endpoint(NamedTuple):
    """One end of a reference: a table, and its columns in order."""

    table: Name
    columns: tuple[str, ...]
    place: int


class RefElement(NamedTuple):
    """A Ref; ``sign`` is ``<``, ``>``, ``-`` or ``<>``."""

    name: str
    left: Endpoint
    sign: str
    right: Endpoint
    settings: tuple[Setting, ...]
    place: int
    end: int


class GroupElement(NamedTuple):
    """A TableGroup."""

    name: str
    settings: tuple[Setting, ...]
    tables: tuple[tuple[Name, int], ...]
    note: Note | None
    place: int
    end: int


class ProjectElement(NamedTuple):
    """A Project: its fields, names in lower case."""

    name: str
    fields: tuple[tuple[str, str], ...]
    note: Note | None
    place: int
    end: int


class MetadataElement(NamedTuple):
    """A Metadata block: what it describes (``table``, ``column`` ...), whose it is, and the values."""

    target: str
    name: Name
    values: tuple[tuple[str, str], ...]
    place: int
    end: int


Element = TableElement | EnumElement | RefElement | GroupElement | ProjectElement | MetadataElement | PassedOver


class File(NamedTuple):
    """One text, in the order of its elements."""

    elements: tuple[Element, ...]
    problems: tuple[Problem, ...]
