"""Aggregates over rows that a join has multiplied."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_aggregates import added_up, aggregates_of, group_columns
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["AggregateFanOut"]


class AggregateFanOut(QueryRule):
    """A join repeats the rows that an aggregate adds up, so that it counts them more than once.

    The aggregate is over columns of one table, and another table of the join has several rows for each of its rows:
    none of that table's unique keys is set equal to columns of the first, of tables that it settles, of GROUP BY, or
    to constants. Where the rows of one table lead to a row of each of the others, the join has its rows, and to add up
    a column of a parent once for each of them may be what is meant: a warning. Where there is no such table it is an
    error.
    """

    code = "QRY004"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Aggregate before the join, in a subquery for each table, or use EXISTS where the other table only filters."
    source = "https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-GROUP"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, credit int);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total int NOT NULL);"
        "CREATE TABLE payments (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, amount int);"
    )
    bad = (
        "SELECT sum(total) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN payments p USING (customer_id)",
        "SELECT sum(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id",
        "SELECT count(p.id) FROM orders o LEFT JOIN payments p USING (customer_id) GROUP BY o.customer_id",
    )
    good = (
        "SELECT c.id, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id",
        "SELECT count(DISTINCT p.id) FROM orders o LEFT JOIN payments p USING (customer_id) GROUP BY o.customer_id",
        "SELECT sum(c.credit) FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
        "SELECT sum(credit) FROM customers c JOIN (SELECT DISTINCT customer_id FROM orders) o ON customer_id = c.id",
        "SELECT o.customer_id, max(o.total) FROM orders o JOIN payments p ON p.customer_id = o.customer_id GROUP BY 1",
        "SELECT sum(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.id = 7",
        "SELECT sum(CASE WHEN c.name = 'x' THEN 1 ELSE 0 END) FROM customers c JOIN orders o ON o.customer_id = c.id",
        "SELECT o.id, sum(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY o.id",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each aggregate over one table that another multiplies."""
        for scope in query.scopes:
            if scope.kind == "select" and len(scope.sources) > 1 and query.joins(scope).known:
                for node in aggregates_of(scope):
                    if node.text in {"sum", "count", "avg"} and "distinct" not in node.marks:
                        yield from self._judged(query, scope, node)

    def _judged(self, query: QueryInModel, scope: Scope, node: Node) -> Iterator[Finding]:
        joins = query.joins(scope)
        added = joins.sources_of(added_up(node))
        if not added:
            return
        constants = group_columns(query, scope)
        multiplying = [each for each in range(len(scope.sources)) if each not in joins.settled(added, constants)]
        if not multiplying:
            return
        everything = set(range(len(scope.sources)))
        crossing = all(joins.settled({each}, constants) != everything for each in everything)
        number = self._multiplier(multiplying, lambda each: added <= joins.settled({each}, constants))
        yield self.at(
            query, node,
            f"{query.written(node)} counts a row of {scope.sources[min(added)].name} once for each row of "
            f"{scope.sources[number].name} that it is joined to",
            severity=Severity.ERROR if crossing else Severity.WARNING,
            multiplied_by=scope.sources[number].name,
        )  # fmt: skip

    def _multiplier(self, numbers: list[int], leads_back: Callable[[int], bool]) -> int:
        """Return the source to name: a child of what is added up before one that is only reached through another."""
        return next((each for each in numbers if leads_back(each)), numbers[0])
