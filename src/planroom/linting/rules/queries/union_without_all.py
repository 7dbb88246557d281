"""UNION whose search for duplicates can find none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["UnionWithoutAll"]


class UnionWithoutAll(QueryRule):
    """UNION sorts or hashes all rows for duplicates that there cannot be, or that do not matter.

    No row of two queries is the same where they give different constants in one column; and IN and EXISTS do not count
    how often a value comes.
    """

    code = "QRY016"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "UNION ALL."
    source = "https://www.postgresql.org/docs/current/queries-union.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int); CREATE TABLE old (id int PRIMARY KEY, total int);"
    bad = (
        "SELECT 'new' AS kind, id FROM orders UNION SELECT 'old', id FROM old",
        "SELECT * FROM orders WHERE id IN (SELECT id FROM old UNION SELECT total FROM old)",
    )
    good = (
        "SELECT id FROM orders UNION SELECT id FROM old",
        "SELECT 'new' AS kind, id FROM orders UNION ALL SELECT 'old', id FROM old",
        "SELECT 'a', total FROM orders UNION SELECT 'a', total FROM old",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each UNION that ALL would do for."""
        for scope in query.scopes:
            if scope.operator != "union" or scope.keeps_duplicates:
                continue
            place = Node("", "UNION", start=scope.start, end=scope.end)
            if scope.role in {"in", "exists"}:
                message = f"{scope.role.upper()} does not count duplicates: UNION ALL gives the same"
                yield self.mended(query, self.at(query, place, message), _edits(query, scope))
            elif self._differ(query, scope):
                found = self.at(query, place, "the queries of the UNION give different constants: no row comes twice")
                yield self.mended(query, found, _edits(query, scope))

    def _differ(self, query: QueryInModel, scope: Scope) -> bool:
        """Whether a column is another constant in each of two plain queries, whose own rows are all different."""
        one, two = (query.scopes[each] for each in scope.operands)
        if one.kind != "select" or two.kind != "select":
            return False
        pairs = zip(one.projections, two.projections, strict=False)
        kinds = {"string", "number"}
        apart = any(
            left.node.kind == right.node.kind and left.node.kind in kinds and left.node.text != right.node.text
            for left, right in pairs
        )
        return apart and all(self._has_key(query, each) for each in (one, two))

    def _has_key(self, query: QueryInModel, scope: Scope) -> bool:
        return query.joins(scope).told_apart_by(each.node for each in scope.projections)


def _edits(query: QueryInModel, scope: Scope) -> list[Place]:
    """Return ALL behind the word between the two queries, where it stands there once."""
    one, two = (query.scopes[each] for each in scope.operands)
    between = query.statement.script.text[one.end : two.start] if 0 <= one.end <= two.start else ""
    found = list(re.finditer(r"\bunion\b(?:\s+distinct\b)?", between, re.IGNORECASE))
    if len(found) != 1 or "--" in between or "/*" in between:
        return []
    return [(one.end + found[0].start(), one.end + found[0].end(), "UNION ALL")]
