"""BETWEEN two dates on a timestamp."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, follows, written
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_types import DATES, TIMESTAMPS
from planroom.sqltext import Node

__all__ = ["BetweenOnTimestamps"]

_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}$")


class BetweenOnTimestamps(QueryRule):
    """BETWEEN with a date as its upper bound leaves out all but the first instant of that day.

    A date stands for its midnight, so that an order of the last day's morning is not found.
    """

    code = "QRY013"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "ts >= first AND ts < day after the last."
    source = "https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_BETWEEN_.28especially_with_timestamps.29"
    before = "CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamptz NOT NULL, due date NOT NULL);"
    bad = (
        "SELECT * FROM orders WHERE placed_at BETWEEN '2026-01-01' AND '2026-01-31'",
        "SELECT * FROM orders o WHERE o.placed_at BETWEEN date '2026-01-01' AND current_date",
        "SELECT * FROM orders WHERE placed_at BETWEEN '2026-01-01' AND '2026-01-31'::date",
    )
    good = (
        "SELECT * FROM orders WHERE due BETWEEN '2026-01-01' AND '2026-01-31'",
        "SELECT * FROM orders WHERE placed_at BETWEEN '2026-01-01' AND '2026-01-31 23:59:59.999999'",
        "SELECT * FROM orders WHERE placed_at >= '2026-01-01' AND placed_at < '2026-02-01'",
        "SELECT * FROM orders WHERE placed_at::date BETWEEN '2026-01-01' AND '2026-01-31'",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each BETWEEN on a timestamp whose upper bound is a date."""
        for spot in query.spots("between"):
            if len(spot.node.args) == 3 and query.type(spot.scope, spot.node.args[0]) in TIMESTAMPS:
                high = spot.node.args[2]
                if _is_date(high) or query.type(spot.scope, high) in DATES:
                    last = query.written(high)
                    message = (
                        f"{query.written(spot.node.args[0])} has a time of day: BETWEEN ends at midnight of {last}"
                    )
                    yield self.mended(query, self.at(query, spot.node, message), _edits(query, spot.node))


def _edits(query: QueryInModel, node: Node) -> list[Place]:
    """Return the same as two comparisons, the second with the day after."""
    value, _, high = node.args
    between, cast = follows(query, value.end, r"\s*between\s+"), follows(query, high.end, r"\s*::\s*date\b")
    end = max(high.end, cast)
    bounds = re.split(r"\s+and\s+", query.statement.script.text[between:end], flags=re.IGNORECASE)
    if query.dialect != "postgres" or value.kind != "column" or between < 0 or len(bounds) != 2:
        return []
    after = _day_after(high.text) if high.kind == "string" and cast < 0 else f"{bounds[1]} + 1"
    name = written(query, value)
    return [(value.start, end, f"({name} >= {bounds[0]} AND {name} < {after})")] if after else []


def _day_after(text: str) -> str:
    try:
        return f"'{date.fromisoformat(text) + timedelta(days=1)}'"
    except (ValueError, OverflowError):
        return ""


def _is_date(node: Node) -> bool:
    if node.kind == "string":
        return bool(_DATE.match(node.text))
    return node.kind == "call" and node.text == "current_date"
