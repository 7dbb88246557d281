"""Counting to learn whether there is one."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, follows, parenthesis, precedes
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["CountInsteadOfExists"]

_ANY = frozenset({(">", "0"), (">=", "1"), ("<>", "0")})
_NONE = frozenset({("=", "0"), ("<", "1"), ("<=", "0")})


class CountInsteadOfExists(QueryRule):
    """Counting all rows to learn whether there is one reads them all.

    EXISTS stops at the first.
    """

    code = "QRY020"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "EXISTS (SELECT ...), or NOT EXISTS."
    source = "https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-EXISTS"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers);"
    )
    bad = (
        "SELECT * FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) > 0",
        "SELECT * FROM customers c WHERE 0 = (SELECT count(o.id) FROM orders o WHERE o.customer_id = c.id)",
    )
    good = (
        "SELECT * FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
        "SELECT * FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) > 3",
        "SELECT customer_id FROM orders GROUP BY 1 HAVING count(*) > 0",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each comparison of a counting subquery that asks only for the first row."""
        mirrored = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
        for spot in query.spots("compare"):
            if len(spot.node.args) != 2:
                continue
            left, right = spot.node.args
            operator = spot.node.text
            if right.kind == "subquery":
                left, right, operator = right, left, mirrored.get(operator, operator)
            if left.kind == "subquery" and right.kind == "number" and self._counts(query, left):
                asked = (operator, right.text)
                if asked in _ANY | _NONE:
                    word = "EXISTS" if asked in _ANY else "NOT EXISTS"
                    message = f"all rows are counted to compare with {right.text}: {word} asks the same"
                    yield self.mended(query, self.at(query, spot.node, message), _edits(query, left, right, word))

    def _counts(self, query: QueryInModel, node: Node) -> bool:
        scope = query.scopes[node.scope]
        return (
            len(scope.projections) == 1
            and scope.projections[0].node.kind == "call"
            and scope.projections[0].node.text == "count"
            and not scope.group_by
            and scope.having is None
        )


def _edits(query: QueryInModel, counting: Node, number: Node, word: str) -> list[Place]:
    """Return EXISTS over the same rows in place of the comparison."""
    scope = query.scopes[counting.scope]
    count = scope.projections[0].node
    start, end = parenthesis(query, scope.start)
    counted = [query.nullable(scope, each) for each in count.args if each.kind != "star"]
    if start < 0 or any(each is not False for each in counted) or count.marks & {"filtered"} or scope.limit:
        return []
    edits = [(count.start, count.end, "1")]
    if number.start > end:
        last = follows(query, end, r"\s*(?:<>|!=|[<>]=?|=)\s*\d+\b")
        return [(start, start, f"{word} "), *edits, (end, last, "")] if last == number.end else []
    first = precedes(query, start, r"\b\d+\s*(?:<>|!=|[<>]=?|=)\s*")
    return [(first, start, f"{word} "), *edits] if first == number.start else []
