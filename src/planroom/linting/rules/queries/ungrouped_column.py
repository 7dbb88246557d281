"""Columns that a group has several values of."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_aggregates import aggregates_of, group_keys
from planroom.model import Table
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["UngroupedColumn"]

_LENIENT = frozenset({"mysql", "sqlite"})
_MAY_AGGREGATE = frozenset({"aggregate", "unknown"})


class UngroupedColumn(QueryRule):
    """A column outside GROUP BY and outside an aggregate has several values in a group, so that the server refuses it.

    Columns that a primary key in GROUP BY determines are fine in PostgreSQL. MySQL and SQLite take any value.
    """

    code = "QRY015"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Add it to GROUP BY, or aggregate it."
    source = "https://www.postgresql.org/docs/current/sql-select.html#SQL-GROUPBY"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text, city text);"
        "CREATE TABLE orders (id int, customer_id int REFERENCES customers, total int);"
    )
    bad = (
        "SELECT customer_id, total FROM orders GROUP BY customer_id",
        "SELECT customer_id, sum(total) FROM orders",
        "SELECT city, count(*) FROM customers GROUP BY city ORDER BY name",
        "SELECT c.name, count(*) FROM customers c GROUP BY c.city",
        "SELECT customer_id, jsonb_build_object('total', total), jsonb_agg(id) FROM orders GROUP BY customer_id",
        "SELECT customer_id, jsonb_agg(id) FROM orders",
        "SELECT city, percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM customers",
    )
    good = (
        "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id",
        "SELECT id, name, city, count(*) FROM customers GROUP BY id",
        "SELECT c.name, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id",
        "SELECT lower(city), count(*) FROM customers GROUP BY 1",
        "SELECT lower(city) AS town, count(*) FROM customers GROUP BY town ORDER BY town",
        "SELECT lower(c.city), count(*) FROM customers c GROUP BY lower(city) ORDER BY lower(c.city)",
        "SELECT customer_id, sum(sum(total)) OVER (ORDER BY customer_id) FROM orders GROUP BY customer_id",
        "SELECT (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c",
        "SELECT name FROM customers GROUP BY GROUPING SETS ((name), ())",
        "SELECT customer_id, jsonb_agg(jsonb_build_object('id', id) ORDER BY id) FROM orders GROUP BY customer_id",
        "SELECT city, percentile_cont(0.5) WITHIN GROUP (ORDER BY length(name)) FROM customers GROUP BY city",
        "SELECT customer_id, mode() WITHIN GROUP (ORDER BY total) FILTER (WHERE id > 5) FROM orders GROUP BY 1",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each column that is neither grouped nor aggregated."""
        if query.dialect in _LENIENT:
            return
        for scope in query.scopes:
            if scope.kind != "select" or scope.grouping_sets or not (scope.group_by or aggregates_of(scope)):
                continue
            keys = group_keys(scope)
            grouped = {(each.scope, each.source, node.text) for node in keys
                       if node.kind == "column" and (each := query.resolve(scope, node)) is not None}  # fmt: skip
            shapes = {query.shape(scope, node) for node in keys}
            names = {each.name for each in scope.projections}
            for place, expression in scope.expressions():
                if place in {"select", "having", "order"}:
                    alias = place == "order" and expression.args and expression.args[0].text in names
                    if not alias:
                        yield from self._ungrouped(query, scope, expression, grouped, shapes)

    def _ungrouped(
        self, query: QueryInModel, scope: Scope, node: Node, grouped: set[tuple[int, int, str]],
        shapes: set[tuple[object, ...]],
    ) -> Iterator[Finding]:  # fmt: skip
        if query.shape(scope, node) in shapes or (node.kind == "call" and not _MAY_AGGREGATE.isdisjoint(node.marks)):
            return
        if node.kind == "window" and node.args:
            for each in (*node.args[0].args, *node.args[1:]):
                yield from self._ungrouped(query, scope, each, grouped, shapes)
            return
        for each in node.args:
            yield from self._ungrouped(query, scope, each, grouped, shapes)
        if node.kind != "column":
            return
        found = query.resolve(scope, node)
        if found is None or found.scope != scope.number or found.output is None:
            return
        if (found.scope, found.source, node.text) not in grouped and not self._determined(
            query, scope, found.source, grouped
        ):
            yield self.at(query, node, f"{query.written(node)} has several values in a group")

    def _determined(self, query: QueryInModel, scope: Scope, source: int, grouped: set[tuple[int, int, str]]) -> bool:
        """Whether the primary key of a source is grouped by; also where it cannot be told."""
        table = query.table(scope.sources[source])
        if table is None or query.tables is None:
            return scope.sources[source].kind not in {"cte", "derived", "values"}
        if not isinstance(table, Table):
            return False
        if table.primary_key is None:
            return False
        key = (query.tables.folded(each) for each in table.primary_key.columns)
        return all((scope.number, source, name) in grouped for name in key)
