"""OR over columns of two tables."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel

__all__ = ["OrAcrossTables"]


class OrAcrossTables(QueryRule):
    """An OR over columns of two tables can be tested only after the join, so that no index helps with either side.

    Over columns of one table PostgreSQL joins two index scans (BitmapOr); over two tables it joins everything first.
    """

    code = "QRY035"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "UNION of two queries, one for each side, where both sides select few rows."
    source = "https://www.postgresql.org/docs/current/indexes-bitmap-scans.html"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, code text);"
    )
    bad = ("SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.name = 'x' OR o.code = 'x'",)
    good = (
        "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.code = 'x' OR o.id = 5",
        "SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL OR o.code = 'x'",
        "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.name = 'x' AND o.code = 'x'",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each OR in WHERE whose sides are each about another table."""
        for scope in query.scopes:
            for predicate in scope.predicates:
                node = predicate.node
                if (
                    predicate.place != "where"
                    or node.kind != "or"
                    or any(each.kind not in {"compare", "in", "like"} for each in node.args)
                ):
                    continue
                sides = [query.joins(scope).sources_of([each]) for each in node.args]
                known = [each for each in sides if each is not None and len(each) == 1]
                if len(known) == len(sides) and len(set().union(*known)) > 1:
                    names = sorted({scope.sources[number].name for each in known for number in each})
                    yield self.at(query, node, f"the OR is over {' and '.join(names)}: it is tested after the join")
