"""From what EXPLAIN printed to a `Plan`: the reader that recognises a text reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.plans.readers import READERS

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["plan_of"]


def plan_of(text: str, *, source: str = "") -> Plan:
    """Return the plan that a text holds: PostgreSQL's JSON or text format, or DuckDB's JSON.

    Args:
        text: What EXPLAIN printed, with or without what a client put around it.
        source: Where the text is from, for messages.

    Raises:
        SyntaxProblem: It holds no plan; the message says what it holds instead.
    """
    if not text.strip("\ufeff \t\r\n"):
        raise SyntaxProblem(
            "There is no plan in this text.",
            where=source,
            why="it is empty.",
            fix="paste the whole output of EXPLAIN (FORMAT JSON) ... or EXPLAIN ....",
        )
    for reader in sorted(READERS, key=lambda each: each.order):
        if reader.recognises(text):
            return reader.read(text, source=source)
    raise SyntaxProblem(
        "There is no plan in this text.",
        where=source,
        why=f"it begins with {text.strip()[:40]!r}; {', '.join(reader.describe() for reader in READERS)} are read.",
        fix="paste the whole output of EXPLAIN (FORMAT JSON) ... or EXPLAIN ....",
    )
