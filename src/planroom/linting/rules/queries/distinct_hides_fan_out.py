"""DISTINCT that takes back what a join has multiplied."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_aggregates import aggregates_of, projected
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["DistinctHidesFanOut"]


class DistinctHidesFanOut(QueryRule):
    """A join repeats rows only for DISTINCT to drop the copies.

    The outputs are of some of the tables and tell their rows apart; another table only filters, and has several rows
    for each of theirs.
    """

    code = "QRY024"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "EXISTS with the condition of the join, without DISTINCT."
    source = "https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-EXISTS"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total int);"
    )
    bad = (
        "SELECT DISTINCT c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 5",
        "SELECT DISTINCT c.* FROM customers c, orders o WHERE o.customer_id = c.id",
    )
    good = (
        "SELECT DISTINCT c.id, o.total FROM customers c JOIN orders o ON o.customer_id = c.id",
        "SELECT DISTINCT c.name FROM customers c JOIN orders o ON o.customer_id = c.id",
        "SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each source that only filters, and repeats the rows of the others."""
        for scope in query.scopes:
            if not scope.distinct or len(scope.sources) < 2 or scope.group_by or aggregates_of(scope):
                continue
            joins = query.joins(scope)
            nodes = projected(query, scope)
            shown = joins.sources_of([*nodes, *scope.order_by]) if nodes is not None else None
            if not shown or not joins.known or not joins.told_apart_by(nodes or (), shown):
                continue
            extra = set(range(len(scope.sources))) - joins.settled(shown)
            if extra and all(scope.sources[each].join not in {"right", "full"} for each in extra):
                yield self._found(query, scope, min(extra), sorted(shown))

    def _found(self, query: QueryInModel, scope: Scope, number: int, shown: list[int]) -> Finding:
        source = scope.sources[number]
        names = " and ".join(scope.sources[each].name for each in shown)
        place = Node("", source.name, start=source.start, end=source.end)
        return self.at(
            query, place, f"the join to {source.name} repeats rows of {names}, and DISTINCT drops the copies"
        )
