"""Aggregates and window functions where there are no groups yet."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_columns import Spot
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import walk

__all__ = ["MisplacedAggregate"]


class MisplacedAggregate(QueryRule):
    """An aggregate in WHERE, or a window function in WHERE or HAVING, is refused: it is calculated later.

    WHERE chooses the rows before they are grouped, HAVING the groups before windows are laid over them.
    """

    code = "QRY025"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "HAVING for aggregates; a query around this one for window functions."
    source = "https://www.postgresql.org/docs/current/tutorial-agg.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int);"
    bad = (
        "SELECT customer_id FROM orders WHERE sum(total) > 5 GROUP BY customer_id",
        "SELECT * FROM orders WHERE count(*) > 1",
        "SELECT * FROM orders WHERE row_number() OVER (ORDER BY id) < 3",
    )
    good = (
        "SELECT customer_id FROM orders GROUP BY customer_id HAVING sum(total) > 5",
        "SELECT * FROM orders WHERE total > (SELECT avg(total) FROM orders)",
        "SELECT 1 FROM orders o GROUP BY id HAVING EXISTS (SELECT 1 FROM orders p WHERE p.total > sum(o.total))",
        "SELECT * FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM orders) o WHERE n < 3",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each aggregate or window function in a place where there can be none."""
        for spot in query.spots("window"):
            if spot.place in {"where", "having", "on"} and not _qualifies(query):
                yield self.at(query, spot.node, f"a window function cannot stand in {spot.place.upper()}")
        inside = {id(each.node.args[0]) for each in query.spots("window") if each.node.args}
        for spot in query.spots("call"):
            if spot.place in {"where", "on"} and id(spot.node) not in inside and self._is_own_aggregate(query, spot):
                yield self.at(query, spot.node, f"{query.written(spot.node)} cannot stand in {spot.place.upper()}")

    def _is_own_aggregate(self, query: QueryInModel, spot: Spot) -> bool:
        """Whether it is an aggregate over the rows of this query, not of one around it."""
        node = spot.node
        if "aggregate" not in node.marks:
            return False
        if node.text in {"min", "max"} and len(node.args) > 1:
            return False  # SQLite's scalar functions
        columns = [each for each in walk(node) if each.kind == "column"]
        found = [query.resolve(spot.scope, each) for each in columns]
        return all(each is not None and each.scope == spot.scope.number for each in found)


def _qualifies(query: QueryInModel) -> bool:
    """Whether the dialect has QUALIFY, which is read as a condition on groups."""
    return query.dialect in {"duckdb", "snowflake", "bigquery", "databricks", "teradata", "clickhouse"}
