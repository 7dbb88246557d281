"""WITH queries that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["UnusedCte"]


class UnusedCte(QueryRule):
    """Nothing reads what WITH prepares: a leftover, or a name that was meant and not written.

    Those that change data do their work all the same, and are let pass.
    """

    code = "QRY039"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    fix = "Remove it, or read from it."
    source = "https://www.postgresql.org/docs/current/queries-with.html"
    before = "CREATE TABLE a (id int PRIMARY KEY, note text);"
    bad = ("WITH w AS (SELECT id FROM a) SELECT note FROM a",)
    good = (
        "WITH w AS (SELECT id FROM a) SELECT id FROM w",
        "WITH w AS (SELECT id FROM a), x AS (SELECT id FROM w) DELETE FROM a USING x WHERE a.id = x.id",
        "WITH w AS (DELETE FROM a WHERE id = 1 RETURNING id) SELECT 1",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each CTE that is no source of any query."""
        read = {source.scope for scope in query.scopes for source in scope.sources if source.kind == "cte"}
        for scope in query.scopes:
            if scope.role == "cte" and scope.number not in read and scope.kind in {"select", "set", "values"}:
                yield self.at(query, Node("", start=scope.start, end=scope.end), "nothing reads this query of WITH")
