"""From what EXPLAIN printed to a `Plan`: the reader that recognises a text reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.collector import put_off
from planroom.errors import SyntaxProblem
from planroom.plans.readers import READERS

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["plan_of"]


def plan_of(text: str, *, source: str = "") -> Plan:
    """Return the plan that a text holds, whichever engine printed it in whichever of its formats.

    PostgreSQL's text, JSON, YAML and XML formats are read, and DuckDB's JSON; with or without what a client, a log or
    a mail program put around them. Both text and JSON of one PostgreSQL plan give equal objects.

    Args:
        text: What EXPLAIN printed.
        source: Where the text is from, for messages.

    Raises:
        SyntaxProblem: It holds no plan; the message says what it holds instead.
    """
    if not text.strip("\ufeff \t\r\n\0"):
        raise SyntaxProblem(
            "There is no plan in this text.",
            where=source,
            why="it is empty.",
            fix="paste the whole output of EXPLAIN (FORMAT JSON) ... or EXPLAIN ....",
        )
    text = text.rstrip(" \t\r\n\0")
    readers = sorted(READERS, key=lambda each: each.order)
    for reader in readers:
        if reader.recognises(text):
            with put_off():
                return reader.read(text, source=source)
    from planroom.plans._elsewhere import problem_with

    raise problem_with(text, source=source, formats=tuple(reader.describe() for reader in readers))
