"""Names, strings and types as DBML writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.formats._dbml.meanings import BUILTIN_SCHEMA
from planroom.formats._dbml.tokens import unindented
from planroom.model.names import DEFAULT_SCHEMA
from planroom.sqltext import BUILTIN_TYPE_NAMES

if TYPE_CHECKING:
    from collections.abc import Container

    from planroom.sqltext import DataType

__all__ = ["note", "quoted", "quoted_all", "string", "type_text"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\([0-9, ]*\))?")
_KEYWORDS = frozenset(
    "as checks dep diagramview enum false from indexes metadata note null pk project records ref reuse table "
    "tablegroup tablepartial true unique use".split()
)
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def quoted(name: str) -> str:
    """Return a name, between quotes unless it is a plain word.

    Example:
        >>> quoted("orders"), quoted("Order lines")
        ('orders', '"Order lines"')
    """
    if _PLAIN.fullmatch(name) and name.lower() not in _KEYWORDS:
        return name
    return '"' + name.translate(_ESCAPES).replace('"', '\\"') + '"'


def quoted_all(schema: str, *names: str) -> str:
    """Return names joined by dots; the schema that goes without saying is left out."""
    return ".".join(quoted(name) for name in ((schema, *names) if schema != DEFAULT_SCHEMA else names))


def string(text: str) -> str:
    """Return a text between single quotes, on one line."""
    return "'" + text.translate(_ESCAPES).replace("'", "\\'") + "'"


def note(text: str, indent: str) -> str:
    """Return a text as a string; as a block of lines where reading the block gives the same text.

    Args:
        text: What is to be said.
        indent: What stands before the line on which the note begins.
    """
    if "\n" not in text or "\r" in text:
        return string(text)
    inner = indent + "  "
    lines = [inner + line if line else "" for line in text.split("\n")]
    block = "\n".join(["", *lines, indent])
    if unindented(block) != text:
        return string(text)
    return "'''" + block.replace("\\", "\\\\").replace("'", "\\'") + "'''"


def type_text(kind: DataType, *, postgres: bool, enums: Container[str]) -> str:
    """Return a type such that reading it gives the same type.

    Args:
        kind: The type.
        postgres: It is a type of PostgreSQL, whose own names are shortened.
        enums: The names of the enums that need no schema.
    """
    array = "[]" if kind.array else ""
    if kind.schema:
        own = kind.schema == DEFAULT_SCHEMA and kind.name in enums
        return (quoted(kind.name) if own else f"{quoted(kind.schema)}.{quoted(kind.name)}") + _arguments(kind) + array
    if not postgres or kind.name not in BUILTIN_TYPE_NAMES:
        return quoted(kind.name) + _arguments(kind) + array
    short = kind.element.short
    if short.partition("(")[0] in enums:
        return f"{BUILTIN_SCHEMA}.{quoted(str(kind.element))}{array}"
    return (short if _PLAIN_TYPE.fullmatch(short) else quoted(short)) + array


def _arguments(kind: DataType) -> str:
    if not kind.modifiers:
        return ""
    shown = [each if re.fullmatch(r"-?[0-9]+|[A-Za-z_]\w*", each) else string(each) for each in kind.modifiers]
    return f"({','.join(shown)})"
