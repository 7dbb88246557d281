"""Joins without a condition."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_links import parts_of
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, walk

__all__ = ["JoinWithoutCondition"]


class JoinWithoutCondition(QueryRule):
    """Nothing links two tables, so that every row of one meets every row of the other.

    A condition may stand in ON, USING or WHERE, or in a subquery that names both. Tables of which one row at most is
    taken do no harm. Where CROSS JOIN or ON TRUE says that it is meant, it is a note.
    """

    code = "QRY003"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Add the condition, or write CROSS JOIN where every pair is meant."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers);"
        "CREATE TABLE items (order_id int NOT NULL REFERENCES orders, price int NOT NULL);"
    )
    bad = (
        "SELECT * FROM customers, orders",
        "SELECT * FROM customers c, orders o, items i WHERE i.order_id = o.id",
        "SELECT * FROM customers c JOIN orders o ON o.id > 5",
        "SELECT * FROM customers CROSS JOIN orders",
        "UPDATE orders o SET customer_id = 1 FROM items i WHERE i.price > 3",
    )
    good = (
        "SELECT * FROM customers c, orders o WHERE o.customer_id = c.id",
        "SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id",
        "SELECT * FROM customers, LATERAL (SELECT * FROM orders WHERE customer_id = customers.id) o",
        "SELECT o.*, t.n FROM orders o, (SELECT count(*) AS n FROM customers) t",
        "SELECT * FROM customers c, generate_series(1, 3) g",
        "SELECT * FROM customers c, orders o WHERE c.id = 1",
        "SELECT 1 FROM customers c, orders o WHERE EXISTS (SELECT 1 FROM items WHERE order_id = o.id AND price = c.id)",
        "SELECT * FROM orders JOIN items ON order_id = orders.id",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield the first source of each part that nothing links to the part before it."""
        for scope in query.scopes:
            parts = parts_of(query, scope) if len(scope.sources) > 1 else None
            for part in parts or ():
                source = scope.sources[min(part)]
                node = Node("", source.name, start=source.start, end=source.end)
                first = scope.sources[0].name
                meant = source.join == "cross" or (source.on is not None and _is_constant(source.on))
                yield self.at(
                    query, node, f"nothing links {source.name} to {first}: every row meets every row",
                    severity=Severity.NOTE if meant else Severity.WARNING,
                )  # fmt: skip


def _is_constant(node: Node) -> bool:
    """Whether a condition is over constants alone, as ON TRUE and ON 1 = 1 are."""
    return all(each.kind in {"boolean", "number", "compare"} for each in walk(node))
