"""Statements as servers record them, as queries with their calls: one that is no query tells why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.sqltext import parse_postgres
from planroom.sqltext.driver_placeholders import bound_values, engine_placeholders
from planroom.sqltext.weighted_queries import WeightedQuery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.findings import Location

__all__ = ["weighed"]

_QUERIES = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})
_MOST_REASON = 160


def weighed(
    name: str, text: str, location: Location, *, calls: float = 1.0, values: Mapping[int, str] | None = None
) -> Iterator[WeightedQuery]:
    """Yield the statements of a text that was sent at once, each with why it has no plan if it has none.

    Args:
        name: What the text is called.
        text: One statement, or several that were sent together.
        location: Where it is recorded.
        calls: How often it ran.
        values: SQL literals of its parameters, by number, where they are recorded.
    """
    found = [each for each in parse_postgres(text) if each.kind != "empty"]
    for number, statement in enumerate(found):
        sql, parameters = engine_placeholders(statement.text)
        sql = bound_values(sql, dict(values or {}))
        unbound = [each for each in range(1, len(parameters) + 1) if each not in (values or {})]
        yield WeightedQuery(
            name=name if not number else f"{name} ({number + 1})",
            sql=sql,
            calls=calls,
            location=location,
            reason=_reason(statement.kind, statement.problem, statement.text),
            generic=bool(unbound),
        )


def _reason(kind: str, problem: str, text: str) -> str:
    if kind in _QUERIES:
        return ""
    if text.strip() == "<insufficient privilege>":
        return "its text is shown to its own role and to members of pg_read_all_stats alone"
    if kind == "broken":
        return problem[:_MOST_REASON] or "it does not parse"
    word = (text.split(maxsplit=1) or [""])[0].upper()[:20]
    return f"{word} has no plan"
