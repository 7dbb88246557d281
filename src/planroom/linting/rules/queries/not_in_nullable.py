"""NOT IN over what may be NULL."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, conjoined, follows, written
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["NotInNullable"]


class NotInNullable(QueryRule):
    """NOT IN finds nothing at all as soon as one of the values is NULL.

    ``x NOT IN (a, NULL)`` is ``x <> a AND x <> NULL``, which is never true. A subquery over a column that may be NULL
    works until the first NULL is stored. NULLs that the subquery itself leaves out (IS NOT NULL, or any comparison of
    the column) do no harm.
    """

    code = "QRY001"
    severity = Severity.ERROR
    effect = Effect.WRONG_RESULT
    fix = "NOT EXISTS with the comparison inside, or IS NOT NULL in the subquery."
    source = "https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-NOTIN"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total int NOT NULL);"
    )
    bad = (
        "SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)",
        "SELECT * FROM customers c WHERE NOT (c.id IN (SELECT o.customer_id FROM orders o WHERE o.total > 3))",
        "SELECT * FROM customers WHERE id <> ALL (SELECT customer_id FROM orders)",
        "SELECT 1 FROM customers WHERE id NOT IN (SELECT o.id FROM customers c LEFT JOIN orders o ON total = c.id)",
        "SELECT * FROM customers WHERE id NOT IN (1, NULL)",
        "WITH ids AS (SELECT customer_id AS c FROM orders) SELECT * FROM customers WHERE id NOT IN (SELECT c FROM ids)",
    )
    good = (
        "SELECT * FROM customers WHERE id NOT IN (SELECT id FROM orders)",
        "SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)",
        "SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id > 5)",
        "SELECT * FROM customers WHERE id IN (SELECT customer_id FROM orders)",
        "SELECT * FROM customers WHERE id NOT IN (SELECT coalesce(customer_id, 0) FROM orders)",
        "SELECT * FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each NOT IN whose values may be NULL."""
        for spot in query.spots("not"):
            inner = spot.node.args[0] if spot.node.args else spot.node
            if inner.kind == "in":
                yield from self._judged(query, spot.node, inner)
        for spot in query.spots("compare"):
            if spot.node.text == "<>" and spot.node.args[-1].kind == "quantified" and spot.node.args[-1].text == "all":
                yield from self._judged(query, spot.node, spot.node.args[-1])

    def _judged(self, query: QueryInModel, node: Node, inner: Node) -> Iterator[Finding]:
        if inner.scope < 0:
            if any(each.kind == "null" for each in inner.args[1:]):
                yield self.at(query, node, "NOT IN with NULL among its values is never true")
            return
        for output in query.outputs(inner.scope) or ():
            if output.nullable:
                name = query.subject(output) or output.name or "its value"
                message = f"NOT IN over {name}, which may be NULL: one NULL and nothing is found"
                found = self.at(query, node, message, subject=query.subject(output))
                yield self.mended(query, found, _edits(query, query.scopes[inner.scope]))
                return


def _edits(query: QueryInModel, scope: Scope) -> list[Place]:
    """Return the condition that leaves NULL out, where the query is a plain one over a column."""
    value = scope.projections[0].node if len(scope.projections) == 1 else None
    grouped = scope.group_by or scope.grouping_sets or scope.having is not None or scope.limit or scope.offset
    if value is None or value.kind != "column" or scope.kind != "select" or grouped:
        return []
    condition = f"{written(query, value)} IS NOT NULL"
    if scope.where is not None:
        return conjoined(query, scope.where, condition)
    plain = all(each.kind in {"table", "cte"} and not each.using for each in scope.sources)
    ends = [each.end for each in scope.sources] + [each.on.end for each in scope.sources if each.on is not None]
    end = max(ends, default=-1)
    return [(end, end, f" WHERE {condition}")] if plain and follows(query, end, r"\s*\)") >= 0 else []
