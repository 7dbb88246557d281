"""BETWEEN two dates on a timestamp."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
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
                    yield self.at(query, spot.node, message)


def _is_date(node: Node) -> bool:
    if node.kind == "string":
        return bool(_DATE.match(node.text))
    return node.kind == "call" and node.text == "current_date"
