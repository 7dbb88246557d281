"""Which format a source is in: by its name, its suffix, or its content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.findings import Finding, Fix, Location, Severity
from planroom.formats import FORMATS, Document, Format
from planroom.sqltext.dialects import LOOKED_AT, product

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["dialect_called", "format_called", "format_of", "guessed"]


def format_called(name: str) -> Format:
    """Return the format of a name, or the one for any dialect, bound to the dialect of that name.

    Raises:
        UnknownNameError: Neither a format nor a dialect bears it.
    """
    from planroom.formats.sql import SqlFormat
    from planroom.sqltext.dialect_expressions import is_dialect, known_dialects

    name = _ALIASES.get(name, name)
    if name in FORMATS:
        return FORMATS[name]
    if is_dialect(name):
        return SqlFormat().of(name)
    raise UnknownNameError.of("format", name, {*FORMATS.names(), *known_dialects()}, listing="planroom formats")


def dialect_called(name: str) -> str:
    """Return the name that sqlglot has for a dialect.

    Raises:
        UnknownNameError: There is no such dialect.
    """
    from planroom.sqltext.dialect_expressions import is_dialect, known_dialects

    name = _ALIASES.get(name.lower(), name.lower())
    if not is_dialect(name):
        raise UnknownNameError.of("dialect", name, known_dialects())
    return name


_ALIASES = {"mariadb": "mysql", "postgresql": "postgres", "sqlserver": "tsql", "mssql": "tsql"}


def format_of(documents: Sequence[Document], suffix: str = "") -> Format:
    """Return the format that a document's suffix means, or, when several or none do, that its content looks like."""
    suffix = suffix or Path(documents[0].source).suffix.lower()
    readable = [each for each in FORMATS if each.reads]
    by_suffix = sorted((each for each in readable if suffix in each.suffixes), key=lambda each: not each.preferred)
    if len(by_suffix) == 1:
        return by_suffix[0]
    head = _head(documents) if by_suffix else documents[0].text[:4096]
    found = next((each for each in by_suffix or readable if each.recognises(head)), None)
    if found or by_suffix:
        return found or by_suffix[0]
    raise UnknownNameError.of(
        "format for files", f"*{suffix}" if suffix else Path(documents[0].source).name,
        [each.name for each in readable], listing="planroom formats",
    )  # fmt: skip


def _head(documents: Sequence[Document]) -> str:
    """Return the beginning of the documents: of one, or of the first of many small ones."""
    pieces, room = [], LOOKED_AT
    for document in documents:
        pieces.append(document.text[:room])
        room -= len(pieces[-1])
        if room <= 0:
            break
    return "\n".join(pieces)


def guessed(dialect: str, documents: Sequence[Document]) -> Finding:
    """Return the finding that says in which dialect a script was read though nobody named one."""
    return Finding(
        code="READ004",
        slug="dialect-guessed",
        severity=Severity.NOTE,
        message=f"read as {product(dialect)}: --from postgres reads it otherwise",
        location=Location(documents[0].source),
        why="Several dialects share the suffix .sql; this one is told by what no other has.",
        fix=Fix(f"say so: --from {dialect}, or format={dialect!r}."),
    )
