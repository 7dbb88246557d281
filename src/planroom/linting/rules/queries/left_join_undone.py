"""LEFT JOIN that a condition makes an inner join."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_nulls import strict_columns
from planroom.sqltext import Predicate, Scope

__all__ = ["LeftJoinUndone"]


class LeftJoinUndone(QueryRule):
    """A LEFT JOIN whose right side a later condition wants not to be NULL is an inner join.

    Rows without a partner carry NULL in all columns of the right side; a comparison with one of them in WHERE, or in
    the ON of an inner join that follows, is not true for those rows.
    """

    code = "QRY005"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Move the condition into ON, or write JOIN where only pairs are meant."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total int);"
        "CREATE TABLE items (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders);"
    )
    bad = (
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.total > 10",
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.total IN (1, 2)",
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id JOIN items i ON i.order_id = o.id",
        "SELECT * FROM customers LEFT JOIN orders ON customer_id = customers.id WHERE total BETWEEN 1 AND 5",
        (
            "SELECT * FROM items x JOIN (customers c LEFT JOIN orders o ON o.customer_id = c.id"
            " JOIN items i ON i.order_id = o.id) ON c.id = x.id"
        ),
    )
    good = (
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 10",
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL",
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE coalesce(o.total, 0) > 10",
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.total > 10 OR o.id IS NULL",
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.id > 10",
        "SELECT * FROM customers c LEFT JOIN orders o ON o.customer_id = c.id LEFT JOIN items i ON i.order_id = o.id",
        "SELECT * FROM customers c LEFT JOIN (orders o JOIN items i ON i.order_id = o.id) ON o.customer_id = c.id",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield the first condition that undoes each LEFT JOIN."""
        for scope in query.scopes:
            left = {number for number, source in enumerate(scope.sources) if source.join == "left"}
            for predicate in scope.predicates if left else ():
                for number in sorted(left & self._wanted(query, scope, predicate)):
                    left.discard(number)
                    name = scope.sources[number].name
                    condition = query.written(predicate.node)
                    message = f"{condition} undoes the LEFT JOIN of {name}: no row without a partner is left"
                    yield self.at(query, predicate.node, message)

    def _wanted(self, query: QueryInModel, scope: Scope, predicate: Predicate) -> set[int]:
        """Return the sources that a condition wants not to be NULL."""
        if predicate.place == "having" or (
            predicate.place == "on" and scope.sources[predicate.source].join not in {"inner", "cross"}
        ):
            return set()
        found = (query.resolve(scope, node) for node in strict_columns(predicate.node))
        wanted = {each.source for each in found if each is not None and each.scope == scope.number}
        if predicate.place == "where":
            return wanted
        inside = scope.sources[predicate.source].operands
        return {each for each in wanted if each < predicate.source and each not in inside}
