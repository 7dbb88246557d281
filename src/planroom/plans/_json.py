"""JSON as people paste it: with psql's frame, wrapped lines, a client's column header, doubled quotes, or cut off."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.plans._deep_json import deep_value
from planroom.plans._frames import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["as_document"]

# PostgreSQL 15 to 18 write the counts of a MERGE into several tables inside the list of the tables.
_MERGE = re.compile(r'("Target Tables": \[[^\[\]]*\})((?:,\s*"Tuples \w+": \d+)+)\s*\]')
_FIRST, _OF_LINE = re.compile(r"[\[{]"), re.compile(r"^ *[\[{]", re.MULTILINE)


def as_document(text: str, *, source: str = "") -> Any:
    """Return the JSON value in a text.

    A value within other output (a line of a log, a command's echo) is found. Strings that a client broke over lines
    are joined.

    Raises:
        SyntaxProblem: It is cut off or broken; the message says where.
    """
    problem: tuple[str, json.JSONDecodeError] | None = None
    for body in _attempts(text):
        try:
            return _parsed(body)
        except json.JSONDecodeError as error:
            # What lies further in tells more than that something stands around the value.
            if problem is None or error.pos > problem[1].pos:
                problem = body, error
    assert problem is not None  # noqa: S101  (there is one attempt at least)
    raise _broken(*problem, source)


def _attempts(text: str) -> Iterator[str]:
    """Yield the text as it is, and then with ever more taken away from it or put right in it."""
    yield text.strip("\ufeff \t\r\n;")  # most often nothing is around it, and looking for a frame takes its time
    body = _undoubled(bare(text).text.strip())
    yield body.rstrip(";")
    last = max(body.rfind("]"), body.rfind("}")) + 1
    for start in dict.fromkeys(found.start() for found in (_FIRST.search(body), _OF_LINE.search(body)) if found):
        inner = body[start:last] or body
        yield inner
        yield _MERGE.sub(r"\1]\2", inner)
        yield re.sub(r"\n\s*", "", inner)  # a client that wraps lines breaks within strings


def _undoubled(body: str) -> str:
    if len(body) > 1 and body[0] == body[-1] == '"' and '""' in body:
        return body[1:-1].replace('""', '"')
    return body


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        return deep_value(text)


def _no_number(word: str) -> Any:
    raise json.JSONDecodeError(f"{word} is no number in JSON", word, 0)


def _broken(body: str, error: json.JSONDecodeError, source: str) -> SyntaxProblem:
    if "no number" in error.msg:
        return SyntaxProblem("This is no valid JSON.", where=source, why=f"{error.msg}.", fix=_FIX)
    place = f"{source or '<text>'}:{error.lineno}:{error.colno}"
    if error.pos >= len(body.rstrip()) - 1 or "Unterminated" in error.msg:
        return SyntaxProblem(
            "The plan is cut off.",
            where=place,
            why="its JSON ends before it is complete.",
            fix="copy it again, whole; psql -XAtc 'EXPLAIN (FORMAT JSON) ...' > plan.json writes it without a frame.",
        )
    return SyntaxProblem("This is no valid JSON.", where=place, why=f"{error.msg}.", fix=_FIX)


_FIX = "paste the output of EXPLAIN as the engine printed it."
