"""HAVING that could be WHERE."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_aggregates import aggregates_within, has_window
from planroom.linting.query_edits import Place, conjoined, precedes, written
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope, walk

__all__ = ["HavingWithoutAggregate"]


class HavingWithoutAggregate(QueryRule):
    """A condition without an aggregate in HAVING throws rows away after they have been grouped.

    PostgreSQL moves such conditions to WHERE by itself where it may; others group first.
    """

    code = "QRY021"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "Move the condition to WHERE."
    source = "https://www.postgresql.org/docs/current/sql-select.html#SQL-HAVING"
    before = "CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int);"
    bad = ("SELECT customer_id, sum(total) FROM orders GROUP BY customer_id HAVING customer_id > 5",)
    good = (
        "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id HAVING sum(total) > 5",
        "SELECT customer_id, sum(total) AS t FROM orders WHERE customer_id > 5 GROUP BY customer_id",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each condition of HAVING over columns that are grouped by alone."""
        for scope in query.scopes:
            names = {each.name for each in scope.projections if any(aggregates_within(each.node))}
            for predicate in scope.predicates if scope.group_by and not scope.grouping_sets else ():
                inside = list(walk(predicate.node))
                if predicate.place != "having" or any(each.scope >= 0 or each.kind == "call" for each in inside):
                    continue
                plain = [each for each in inside if each.kind == "column"]
                if plain and not has_window(predicate.node) and not any(each.text in names for each in plain):
                    message = f"{query.written(predicate.node)} needs no groups: it can stand in WHERE"
                    found = self.at(query, predicate.node, message)
                    alone = predicate.node is scope.having and query.dialect == "postgres"
                    yield self.mended(query, found, _edits(query, scope, predicate.node) if alone else ())


def _edits(query: QueryInModel, scope: Scope, condition: Node) -> list[Place]:
    """Return the condition in WHERE, where it is all that HAVING says."""
    having = precedes(query, condition.start, r"\s*\bhaving\s+")
    group = precedes(query, scope.group_by[0].start, r"\bgroup\s+by\s+")
    if having < 0 or group < 0 or condition.kind == "or":
        return []
    gone = (having, condition.end, "")
    if scope.where is None:
        return [(group, group, f"WHERE {written(query, condition)} "), gone]
    kept = conjoined(query, scope.where, written(query, condition))
    return [*kept, gone] if kept else []
