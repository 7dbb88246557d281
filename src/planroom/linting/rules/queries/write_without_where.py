"""UPDATE and DELETE of all rows."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["WriteWithoutWhere"]


class WriteWithoutWhere(QueryRule):
    """UPDATE or DELETE without WHERE changes every row of the table.

    A join, LIMIT, or a condition of MERGE restricts it as well.
    """

    code = "QRY009"
    severity = Severity.WARNING
    effect = Effect.LOSES_DATA
    fix = "Add WHERE; say WHERE true where all rows are meant, or TRUNCATE to empty a table."
    source = "https://www.postgresql.org/docs/current/sql-delete.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int); CREATE TABLE old (id int PRIMARY KEY);"
    bad = (
        "DELETE FROM orders",
        "UPDATE orders SET total = 0",
        "WITH x AS (DELETE FROM orders RETURNING id) SELECT * FROM x",
    )
    good = (
        "DELETE FROM orders WHERE id = 1",
        "UPDATE orders SET total = 0 WHERE true",
        "DELETE FROM orders USING old WHERE old.id = orders.id",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield the statement when nothing restricts it."""
        for scope in query.scopes:
            if scope.kind in {"update", "delete"} and scope.where is None and scope.limit is None:
                (target, *others) = scope.sources
                if not others:
                    node = Node("", target.name, start=target.start, end=target.end)
                    name = ".".join(target.table)
                    yield self.at(query, node, f"{scope.kind.upper()} without WHERE: it is done to all rows of {name}")
