"""Conditions on large tables that no index serves."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_indexes import Use, column_used, expression_indexes, indexes_led_by, lists
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Predicate, Scope, walk

__all__ = ["MissingIndex"]

_LARGE = 100_000  # rows: from here on reading all of a table takes tens of milliseconds


class MissingIndex(QueryRule):
    """No index serves any of the conditions on a large table, so that each run reads all of it.

    The number of rows must be known. Conditions count that compare a column with a value; columns of two values
    (boolean) do not, since half of a table is read without an index anyway.
    """

    code = "QRY032"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "CREATE INDEX CONCURRENTLY on the columns that are compared for equality."
    source = "https://www.postgresql.org/docs/current/indexes-intro.html"
    before = (
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int, placed_at date, paid boolean, tags text[]);"
        "CREATE INDEX ON orders (placed_at);"
    )
    rows = MappingProxyType({"public.orders": 5_000_000.0})
    bad = (
        "SELECT * FROM orders WHERE customer_id = 7",
        "SELECT * FROM orders o WHERE o.customer_id IN (7, 8) AND o.paid",
        "UPDATE orders SET paid = true WHERE customer_id = $1",
    )
    good = (
        "SELECT * FROM orders WHERE id = 7",
        "SELECT * FROM orders WHERE customer_id = 7 AND placed_at > '2026-01-01'",
        "SELECT * FROM orders WHERE paid = true",
        "SELECT count(*) FROM orders",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield the first condition on each large table of which no condition is served."""
        for scope in query.scopes:
            unserved: dict[int, tuple[Predicate, Use]] = {}
            served: set[int] = set()
            for predicate in scope.predicates:
                for use in self._uses(query, scope, predicate.node):
                    if self._is_served(use) or (predicate.place == "on" and not self._is_constant(predicate.node)):
                        served.add(use.source)
                    elif self._is_sought(query, scope, predicate.node, use):
                        unserved.setdefault(use.source, (predicate, use))
            for source in sorted(unserved.keys() - served):
                predicate, use = unserved[source]
                rows = query.rows(scope.sources[source]) or 0
                if rows >= _LARGE:
                    yield self.at(
                        query, predicate.node,
                        f"no index serves {query.written(predicate.node)}: all {rows:,.0f} rows are read",
                        subject=query.subject(use.output), rows=rows,
                    )  # fmt: skip

    def _uses(self, query: QueryInModel, scope: Scope, node: Node) -> list[Use]:
        columns = (each for each in walk(node) if each.kind == "column")
        return [use for each in columns if (use := column_used(query, scope, each)) is not None]

    def _is_served(self, use: Use) -> bool:
        return bool(
            indexes_led_by(use.table, use.name)
            or expression_indexes(use.table, use.name)
            or any(lists(use.table, use.name))
        )

    def _is_constant(self, node: Node) -> bool:
        return sum(each.kind == "column" for each in walk(node)) == 1

    def _is_sought(self, query: QueryInModel, scope: Scope, node: Node, use: Use) -> bool:
        """Whether a condition compares the bare column with values that stand outside its table."""
        if use.output.type == "boolean":
            return False
        if node.kind == "in" and node.args and node.scope < 0:
            return column_used(query, scope, node.args[0]) == use and self._is_constant(node)
        if node.kind != "compare" or node.text != "=" or not self._is_constant(node):
            return False
        return any(column_used(query, scope, each) == use for each in node.args)
