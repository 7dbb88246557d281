"""Comparison with NULL."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, follows, precedes
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["ComparisonWithNull"]


class ComparisonWithNull(QueryRule):
    """A comparison with NULL is neither true nor false, so that it selects nothing.

    ``x = NULL`` and ``x <> NULL`` are NULL for every x.
    """

    code = "QRY002"
    severity = Severity.ERROR
    effect = Effect.WRONG_RESULT
    fix = "IS NULL, IS NOT NULL, or IS [NOT] DISTINCT FROM."
    source = "https://www.postgresql.org/docs/current/functions-comparison.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, paid_at date);"
    bad = (
        "SELECT * FROM orders WHERE paid_at = NULL",
        "SELECT * FROM orders WHERE paid_at <> NULL",
        "DELETE FROM orders WHERE NULL = paid_at",
    )
    good = (
        "SELECT * FROM orders WHERE paid_at IS NULL",
        "UPDATE orders SET paid_at = NULL WHERE id = 1",
        "SELECT * FROM orders WHERE paid_at IS DISTINCT FROM NULL",
        "SELECT 'x = NULL' -- = NULL",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each comparison with NULL."""
        for spot in query.spots("compare"):
            if any(each.kind == "null" for each in spot.node.args):
                found = self.at(query, spot.node, f"{query.written(spot.node)} is never true")
                yield self.mended(query, found, _edits(query, spot.node))


def _edits(query: QueryInModel, node: Node) -> list[Place]:
    """Return IS NULL or IS NOT NULL in place of the operator and the word."""
    word = {"=": " IS NULL", "<>": " IS NOT NULL"}.get(node.text)
    one, other = node.args
    if word is None or one.kind == other.kind:
        return []
    if other.kind == "null":
        end = follows(query, one.end, r"\s*(?:=|<>|!=)\s*null\b")
        return [(one.end, end, word)] if end >= 0 else []
    start = precedes(query, other.start, r"\bnull\s*(?:=|<>|!=)\s*")
    return [(start, other.start, ""), (other.end, other.end, word)] if start >= 0 else []
