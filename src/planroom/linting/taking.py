"""What scripts are taken for by what stands in them: a design, steps that change one, or queries."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from planroom.linting.base import Subject
from planroom.sqltext import statement_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["subject_of"]

_PART = r"""(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[\w$]+)"""
_NAME = rf"(?P<name>{_PART}(?:\s*\.\s*{_PART})*)"
_MAYBE = r"(?:if\s+(?:not\s+)?exists\s+)?"
_MAKES = re.compile(
    rf"create\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|foreign|materialized|recursive)\s+)*"
    rf"(?:table|view|type|domain|sequence|schema)\s+{_MAYBE}{_NAME}",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    rf"(?:alter|drop|truncate|refresh|reindex|cluster|vacuum|lock)\s+(?:\([^)]*\)\s*)?"
    rf"(?:(?:table|view|type|domain|sequence|schema|materialized|foreign|index|verbose|full|concurrently|only)\s+)*"
    rf"{_MAYBE}(?:only\s+)?{_NAME}",
    re.IGNORECASE,
)
_PLACES = re.compile(
    rf"create\s+(?:or\s+replace\s+)?(?:unique\s+)?(?:index|(?:constraint\s+)?trigger|policy|rule)\b"
    rf"[^()]*?\bon\s+(?:only\s+)?{_NAME}",
    re.IGNORECASE | re.DOTALL,
)
_QUERY = re.compile(r"\(*\s*(?:select|with|values|insert|update|delete|merge|table|explain|replace)\b", re.IGNORECASE)
_DEFINES = re.compile(r"(?:create|alter|drop|truncate|reindex|refresh|vacuum|cluster|comment|do)\b", re.IGNORECASE)
_CLEARS = re.compile(r"drop\s+(?:\w+\s+){1,2}?if\s+exists\b", re.IGNORECASE)
"""What a dump begins with: it removes what may be there, and makes it."""
_NUMBERED = re.compile(r"[vV]?\d+[._-]?\d*")


def subject_of(scripts: Sequence[tuple[str, str]], *, with_model: bool) -> tuple[Subject, str]:
    """Return what scripts are taken for, and why.

    Args:
        scripts: The source and the text of each, in order.
        with_model: The design that they meet is known, so that what defines, changes it.
    """
    texts = [(source, [each[:400] for each in statement_texts(text)]) for source, text in scripts]
    if not any(_DEFINES.match(each) for _, statements in texts for each in statements):
        if any(_QUERY.match(each) for _, statements in texts for each in statements):
            return Subject.QUERIES, "it holds queries alone"
        return Subject.SCHEMA, "it holds nothing that changes or asks"
    if with_model:
        return Subject.MIGRATIONS, "it changes the model that was given"
    if len(scripts) > 1 and all(_NUMBERED.match(PurePath(source).name) for source, _ in scripts):
        return Subject.MIGRATIONS, "its files are numbered"
    return _by_what_it_changes(texts)


def _by_what_it_changes(texts: Sequence[tuple[str, list[str]]]) -> tuple[Subject, str]:
    makes = [{_plain(found["name"]) for found in map(_MAKES.match, statements) if found} for _, statements in texts]
    earlier: set[str] = set()
    for made, (source, statements) in zip(makes, texts, strict=True):
        for statement in statements:
            found = _CHANGES.match(statement) or _PLACES.match(statement)
            name = _plain(found["name"]) if found else ""
            if name in earlier - made:
                return Subject.MIGRATIONS, f"{PurePath(source).name} changes what an earlier file made"
            if found and name not in made and not _CLEARS.match(statement):
                return Subject.MIGRATIONS, f"it changes {found['name'].strip()}, which it does not make"
        earlier |= made
    return Subject.SCHEMA, "it makes what it speaks of"


def _plain(name: str) -> str:
    last = re.split(r"\s*\.\s*(?![^\"]*\"(?:\s*$))", name.strip())[-1]
    return last.strip('"`[]').lower()
