"""DISTINCT that cannot drop a row."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_aggregates import aggregates_of, projected
from planroom.linting.query_edits import follows
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["DistinctOverKey"]


class DistinctOverKey(QueryRule):
    """DISTINCT looks for duplicates among rows that a unique key tells apart already.

    The outputs hold a key of each table, or columns that lead to one through the joins; or they hold all of GROUP BY.
    """

    code = "QRY023"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "Remove DISTINCT."
    source = "https://www.postgresql.org/docs/current/sql-select.html#SQL-DISTINCT"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL UNIQUE, phone text UNIQUE, name text);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers);"
    )
    bad = (
        "SELECT DISTINCT id, name FROM customers",
        "SELECT DISTINCT email FROM customers",
        "SELECT DISTINCT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id",
        "SELECT DISTINCT * FROM customers",
    )
    good = (
        "SELECT DISTINCT name FROM customers",
        "SELECT DISTINCT phone FROM customers",
        "SELECT DISTINCT c.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id",
        "SELECT id, name FROM customers",
        "SELECT DISTINCT lower(email) FROM customers",
        "SELECT DISTINCT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each DISTINCT over a key."""
        for scope in query.scopes:
            if scope.distinct and scope.sources and not scope.group_by and not aggregates_of(scope):
                nodes = projected(query, scope)
                if nodes is not None and query.joins(scope).told_apart_by(nodes):
                    keys = " and ".join(source.name for source in scope.sources)
                    place = Node("", "DISTINCT", start=scope.start, end=scope.end)
                    message = f"the outputs tell all rows of {keys} apart: DISTINCT finds no duplicate"
                    select, end = (
                        follows(query, scope.start, each) for each in (r"select\s+", r"select\s+distinct\s+")
                    )
                    edits = [(select, end, "")] if end >= 0 else []
                    yield self.mended(query, self.at(query, place, message), edits)
