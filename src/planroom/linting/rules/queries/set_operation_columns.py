"""Set operations over queries of different widths."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["SetOperationColumns"]


class SetOperationColumns(QueryRule):
    """The queries of a UNION, INTERSECT or EXCEPT give different numbers of columns, so that the server refuses it.

    Stars count with the columns that they stand for today, where the model tells them.
    """

    code = "QRY037"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Give both the same columns, in the same order; NULL for what one does not have."
    source = "https://www.postgresql.org/docs/current/typeconv-union-case.html"
    before = "CREATE TABLE a (id int PRIMARY KEY, note text); CREATE TABLE b (id int PRIMARY KEY);"
    bad = ("SELECT id, note FROM a UNION ALL SELECT id FROM b", "SELECT * FROM a EXCEPT SELECT * FROM b")
    good = ("SELECT id FROM a UNION ALL SELECT id FROM b", "SELECT * FROM a EXCEPT SELECT id, NULL FROM b")

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each set operation whose sides differ in width."""
        for scope in query.scopes:
            if not scope.operands or query.dialect == "duckdb":  # which has UNION BY NAME
                continue
            left, right = (query.outputs(each) for each in scope.operands)
            if left is not None and right is not None and len(left) != len(right):
                place = Node("", start=scope.start, end=scope.end)
                word = scope.operator.upper()
                yield self.at(query, place, f"{word} of {len(left)} columns and of {len(right)}")
