"""LIMIT without ORDER BY."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_aggregates import aggregates_of
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Scope

__all__ = ["LimitWithoutOrder"]


class LimitWithoutOrder(QueryRule):
    """LIMIT without ORDER BY takes any rows: which ones changes with the plan, and from page to page.

    Queries of which one row at most can come, those of EXISTS, those that lock rows (a queue takes any), and LIMIT 0
    are let pass.
    """

    code = "QRY014"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "ORDER BY columns that tell all rows apart, such as the primary key last."
    source = "https://www.postgresql.org/docs/current/queries-limit.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL);"
    bad = (
        "SELECT * FROM orders LIMIT 10",
        "SELECT * FROM (SELECT id FROM orders LIMIT 10 OFFSET 10) o",
        "SELECT id FROM orders UNION ALL SELECT total FROM orders LIMIT 3",
    )
    good = (
        "SELECT * FROM orders ORDER BY id LIMIT 10",
        "SELECT * FROM orders WHERE EXISTS (SELECT 1 FROM orders LIMIT 1)",
        "SELECT count(*) FROM orders LIMIT 1",
        "SELECT * FROM orders WHERE id = 3 LIMIT 1",
        "SELECT * FROM orders FOR UPDATE SKIP LOCKED LIMIT 1",
        "SELECT * FROM orders LIMIT 0",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each LIMIT of a query without order."""
        for scope in query.scopes:
            limit = scope.limit
            if limit is None or scope.order_by or scope.role == "exists" or scope.locks or limit.text == "0":
                continue
            if scope.kind in {"select", "set"} and not self._gives_one_row(query, scope):
                yield self.at(query, limit, f"LIMIT {query.written(limit)} without ORDER BY: any rows may come")

    def _gives_one_row(self, query: QueryInModel, scope: Scope) -> bool:
        if scope.kind != "select":
            return False
        if not scope.sources or (aggregates_of(scope) and not scope.group_by):
            return True
        return len(query.joins(scope).settled(())) == len(scope.sources)
