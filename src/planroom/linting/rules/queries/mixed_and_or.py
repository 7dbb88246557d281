"""AND beside OR without parentheses."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import means_the_same
from planroom.resolving.query_in_model import QueryInModel

__all__ = ["MixedAndOr"]


class MixedAndOr(QueryRule):
    """AND binds more strongly than OR: a reader who does not think of it reads another condition.

    ``a OR b AND c`` is ``a OR (b AND c)``.
    """

    code = "QRY018"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "Put parentheses around the part that is meant."
    source = "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int, paid boolean);"
    bad = ("SELECT * FROM orders WHERE total = 1 OR total = 2 AND paid",)
    good = (
        "SELECT * FROM orders WHERE total = 1 OR (total = 2 AND paid)",
        "SELECT * FROM orders WHERE (total = 1 OR total = 2) AND paid",
        "SELECT * FROM orders WHERE total = 1 OR total = 2",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each OR over an AND without parentheses."""
        for spot in query.spots("or"):
            inner = [each for each in spot.node.args if each.kind == "and" and "parentheses" not in each.marks]
            if inner:
                found = self.at(query, inner[0], f"{query.written(inner[0])} is read before the OR around it")
                edits = [(place, place, mark) for each in inner for place, mark in ((each.start, "("), (each.end, ")"))]
                yield self.mended(query, found, edits if means_the_same(query, edits) else ())
