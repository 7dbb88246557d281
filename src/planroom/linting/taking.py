"""What scripts are taken for, each where it belongs: a design, steps that change one, or queries."""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import PurePath
from typing import TYPE_CHECKING

from planroom.linting.base import Subject
from planroom.sqltext import may_be_template, statement_texts
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Part", "sorted_out", "subject_of"]

Scripts = tuple[tuple[str, str], ...]

_PART = r"""(?:"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[\w$]+)"""
_NAME = rf"(?P<name>{_PART}(?:\s*\.\s*{_PART})*)"
_KIND = (
    r"(?:(?:foreign\s+)?table|(?:materialized\s+)?view|index|sequence|type|domain|schema|function|procedure|routine"
    r"|aggregate|(?:procedural\s+)?language|extension|collation|conversion|operator\s+(?:class|family)|statistics"
    r"|text\s+search\s+\w+|server|foreign\s+data\s+wrapper|publication|subscription|event\s+trigger)\b"
)
"""What stands before a name of the design's own; before others (DATABASE, ROLE, DEFAULT PRIVILEGES) stands more.

Source: PostgreSQL manual, "SQL Commands".
"""
_BEFORE_NAMES = r"(?:\s*(?:concurrently|if\s+(?:not\s+)?exists|only)\b)*+\s*"
_MAKES = re.compile(
    r"create\s+(?:(?:or\s+replace|global|local|temp|temporary|unlogged|recursive|trusted|unique)\s+)*"
    rf"{_KIND}{_BEFORE_NAMES}{_NAME}"
    rf"|alter\s.*?\b(?:add\s+constraint|rename\s+to)\s+(?P<later>{_PART})",
    re.IGNORECASE | re.DOTALL,
)
_CHANGES = re.compile(
    rf"(?:(?:alter|drop|refresh|reindex(?:\s*\([^)]*\))?)\s+{_KIND}|(?:truncate|lock)\b(?:\s+tables?\b)?"
    r"|(?:vacuum|cluster)\b(?:\s*\([^)]*\)|\s+(?:full|freeze|verbose|analyze)\b)*+)"
    rf"{_BEFORE_NAMES}{_NAME}",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"(?:(?:create|drop)\s+(?:(?:unique|clustered|nonclustered)\s+)*index"
    r"|(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:(?:constraint\s+)?trigger|policy|rule))\b"
    rf"[^()]*?\bon\s+(?:(?:select|insert|update|delete)\s+to\s+)?(?:only\s+)?{_NAME}",
    re.IGNORECASE,
)
"""What has a table: its name says which one changes."""
_QUERY = re.compile(r"\(*\s*(?:select|with|values|insert|update|delete|merge|table|explain|replace)\b", re.IGNORECASE)
_DEFINES = re.compile(r"(?:create|alter|drop|truncate|reindex|refresh|vacuum|cluster|comment|do)\b", re.IGNORECASE)
_READS = re.compile(r"\(*\s*(?:select|with|values|table)\b", re.IGNORECASE)
_CLEARS = re.compile(r"drop\s+(?:\w+\s+){1,3}?if\s+exists\b", re.IGNORECASE)
"""What a dump begins with: it removes what may be there, and makes it."""
_COMPLETES = re.compile(
    r"create\b|comment\b|alter\s+(?!(?:foreign\s+)?table\b)[^;]*\bowne(?:r|d)\b"
    rf"|alter\s+(?:foreign\s+)?table{_BEFORE_NAMES}{_NAME}\s*\*?\s+(?:add\s+(?:constraint|primary|unique|foreign|check|exclude)"
    r"|owner|enable|force|replica|cluster|attach|inherit|drop\s+constraint\s+if\s+exists"
    rf"|alter\s+(?:column\s+)?{_PART}\s+(?:set\s+(?:default|not\s+null|statistics|storage|compression)|add\s+generated))\b",
    re.IGNORECASE,
)
"""What a design says of its tables after it made them, in a file of its own or not."""
_SETS = re.compile(r"(?:set|reset|begin|start|commit|rollback|end)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"[vV]?\d+[._-]?\d*")


@dataclass(frozen=True, slots=True)
class Part:
    """Scripts that are judged together.

    Attributes:
        subject: What they are taken for.
        why: For what reason.
        scripts: The source and the text of each, in order.
    """

    subject: Subject
    why: str
    scripts: Scripts


def sorted_out(
    scripts: Sequence[tuple[str, str]], *, with_model: bool, said: Callable[[str], str], said_by: str = ""
) -> tuple[Part, ...]:
    """Return scripts in the parts that are judged together: designs, then migrations, then queries.

    Scripts of which nothing is said are taken for what stands in them: those that hold queries alone are queries, and
    the others are one design, or the steps of one migration, to which scripts that only change rows belong.

    Args:
        scripts: The source and the text of each, in order.
        with_model: The design that they meet is known, so that what defines, changes it.
        said: Returns what a source is said to be; empty where nothing is said.
        said_by: Where that is said.
    """
    told: dict[Subject, list[tuple[str, str]]] = {}
    silent: list[tuple[str, str]] = []
    for script in scripts:
        word = said(script[0])
        (told.setdefault(Subject(word), []) if word else silent).append(script)
    parts = [Part(subject, f"{said_by} says so", tuple(found)) for subject, found in told.items()]
    parts += _by_content(silent, with_model=with_model) if silent else []
    return tuple(sorted(parts, key=lambda part: tuple(Subject).index(part.subject)))


def _by_content(scripts: Sequence[tuple[str, str]], *, with_model: bool) -> Iterator[Part]:
    subject, why = subject_of(scripts, with_model=with_model)
    if subject is Subject.QUERIES:
        yield Part(subject, why, tuple(scripts))
        return
    apart = _READS if subject is Subject.MIGRATIONS else _QUERY
    asking = [_all(_heads(text), apart) for _, text in scripts]
    yield Part(subject, why, tuple(each for each, asks in zip(scripts, asking, strict=True) if not asks))
    if any(asking):
        queries = tuple(each for each, asks in zip(scripts, asking, strict=True) if asks)
        yield Part(Subject.QUERIES, "it holds queries alone", queries)


def _heads(text: str) -> Iterator[str]:
    """Yield how the statements of a script begin; mostly the first of them tell enough."""
    heads = (each[:400] for each in statement_texts(text))
    if not may_be_template(text):
        return heads
    from planroom.sqltext.templates import filled

    return (filled(each) if each[0] == "{" or _DEFINES.match(each) else each for each in heads)


def _all(statements: Iterator[str], kind: re.Pattern[str]) -> bool:
    """Whether all statements, but those that only set the stage, are of a kind; and there are some."""
    telling = (each for each in statements if not _SETS.match(each))
    first = next(telling, None)
    return first is not None and bool(kind.match(first)) and all(kind.match(each) for each in telling)


_GIVEN = frozenset({"public", "plpgsql"})
"""What every database has: a dump may change it, and makes it never."""
_IMPLIED = ("_seq", "_pkey", "_key", "_idx", "_excl")
"""How names end that PostgreSQL gives itself, after the table's: of a serial's sequence, of a constraint's index."""


def subject_of(scripts: Sequence[tuple[str, str]], *, with_model: bool) -> tuple[Subject, str]:
    """Return what scripts are taken for, and why.

    Args:
        scripts: The source and the text of each, in order.
        with_model: The design that they meet is known, so that what defines, changes it.
    """
    if not any(_DEFINES.match(each) for _, text in scripts for each in _heads(text)):
        if any(_QUERY.match(each) for _, text in scripts for each in _heads(text)):
            return Subject.QUERIES, "it holds queries alone"
        return Subject.SCHEMA, "it holds nothing that changes or asks"
    if with_model:
        return Subject.MIGRATIONS, "it changes the model that was given"
    if len(scripts) > 1 and all(_NUMBERED.match(PurePath(source).name) for source, _ in scripts):
        return Subject.MIGRATIONS, "its files are numbered"
    return _by_what_it_changes([(source, list(_heads(text))) for source, text in scripts])


def _by_what_it_changes(scripts: Sequence[tuple[str, list[str]]]) -> tuple[Subject, str]:
    makes = [_made(statements) for _, statements in scripts]
    starts_anew = any(makes)
    together = set().union(*makes) if not any(_is_numbered(source) for source, _ in scripts) else set()
    earlier: set[str] = set()
    for made, (source, statements) in zip(makes, scripts, strict=True):
        for statement in statements:
            found = _PLACES.match(statement) or _CHANGES.match(statement)
            name = _plain(found["name"]) if found else ""
            if _is_there(name, together) and (_COMPLETES.match(statement) or _CLEARS.match(statement)):
                continue
            if name in earlier and name not in made:
                return Subject.MIGRATIONS, f"{PurePath(source).name} changes what an earlier file made"
            if found and not _is_there(name, made) and not (starts_anew and _CLEARS.match(statement)):
                named = re.sub(r"\s*\.\s*", ".", found["name"].strip())
                return Subject.MIGRATIONS, f"it changes {named}, which it does not make"
        earlier |= made
    return Subject.SCHEMA, "it makes what it speaks of"


def _is_numbered(source: str) -> bool:
    """Whether a file or its folder has a number, which says when it runs; files without one have no order."""
    path = PurePath(source)
    return any(_NUMBERED.match(name) for name in (path.name, path.parent.name))


def _made(statements: Sequence[str]) -> set[str]:
    return {_plain(found["name"] or found["later"]) for found in map(_MAKES.match, statements) if found}


def _is_there(name: str, made: set[str]) -> bool:
    """Whether a name is one of what is made, of what comes with it, or of what every database has."""
    if name in made or name in _GIVEN:
        return True
    return name.endswith(_IMPLIED) and not made.isdisjoint(accumulate(name.split("_"), "{}_{}".format))


def _plain(name: str) -> str:
    last: str = re.findall(_PART, name)[-1]
    return last.strip('"`[]').lower()
