"""Subqueries that run once for each row."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_indexes import column_used, indexes_led_by, is_small
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["CorrelatedSubquery"]


class CorrelatedSubquery(QueryRule):
    """A subquery for one value that names the row outside runs once for each row.

    Where an index leads to its rows it is a note; where none does, each run reads the whole table.
    """

    code = "QRY031"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "Join to a query that is grouped by the column, or LATERAL; or make an index on the column."
    source = "https://www.postgresql.org/docs/current/sql-expressions.html#SQL-SYNTAX-SCALAR-SUBQUERIES"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total int);"
    )
    bad = (
        "SELECT c.id, (SELECT sum(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c",
        "SELECT (SELECT c.id FROM customers c WHERE c.id = o.customer_id) FROM orders o",
    )
    good = (
        "SELECT c.id, (SELECT sum(o.total) FROM orders o) FROM customers c",
        "SELECT * FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
        "SELECT (SELECT sum(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id = 5",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each subquery for one value that is run again and again."""
        for spot in query.spots("subquery"):
            scope = query.scopes[spot.node.scope]
            if scope.role != "scalar" or not scope.sources or not query.reaches_out(scope.number):
                continue
            around = spot.scope
            if around.kind != "select" or len(query.joins(around).settled(())) == len(around.sources):
                continue
            scanned = self._scanned(query, scope)
            message = "the subquery runs once for each row"
            if scanned:
                yield self.at(
                    query, spot.node, f"{message}, and reads all of {scanned} each time: no index leads to its rows"
                )
            else:
                yield self.at(query, spot.node, message, severity=Severity.NOTE)

    def _scanned(self, query: QueryInModel, scope: Scope) -> str:
        """Return the table that is read as a whole each time; empty where an index leads to its rows."""
        compared: list[Node] = []
        for predicate in scope.predicates:
            if predicate.node.kind == "compare" and predicate.node.text == "=":
                compared += predicate.node.args
        used = [each for node in compared if (each := column_used(query, scope, node)) is not None]
        if not used or any(indexes_led_by(each.table, each.name) for each in used):
            return ""
        first = used[0]
        return "" if is_small(query, scope, first.source) else first.table.name
