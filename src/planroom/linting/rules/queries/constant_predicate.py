"""Conditions that say nothing about the row."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import shape

__all__ = ["ConstantPredicate"]

_CONSTANTS = frozenset({"number", "string", "boolean"})


class ConstantPredicate(QueryRule):
    """A condition whose outcome does not depend on the row is a leftover, or a mistake.

    Comparing a column with itself is true for all rows but those where it is NULL.
    """

    code = "QRY017"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "Remove it, or compare what was meant; IS NOT NULL where that is it."
    source = "https://www.postgresql.org/docs/current/functions-comparison.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int, paid int);"
    bad = (
        "SELECT * FROM orders WHERE 1 = 1 AND total > 3",
        "SELECT * FROM orders WHERE total = total",
        "SELECT * FROM orders o JOIN orders p ON o.id = o.id",
    )
    good = (
        "SELECT * FROM orders WHERE total = paid",
        "SELECT * FROM orders o JOIN orders p ON o.id = p.id",
        "SELECT 1 = 1",
        "SELECT * FROM orders WHERE true",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each comparison of two constants, or of a column with itself."""
        for spot in query.spots("compare"):
            if spot.place not in {"where", "on", "having"} or len(spot.node.args) != 2:
                continue
            left, right = spot.node.args
            if left.kind in _CONSTANTS and right.kind in _CONSTANTS:
                yield self.at(query, spot.node, f"{query.written(spot.node)} is the same for every row")
            elif left.kind == "column" and shape(left) == shape(right):
                message = f"{query.written(spot.node)} compares a column with itself"
                yield self.at(query, spot.node, message, severity=Severity.WARNING)
