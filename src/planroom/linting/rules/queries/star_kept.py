"""SELECT * whose columns are kept."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, starred, written
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["StarKept"]


class StarKept(QueryRule):
    """A view keeps the columns that * stood for when it was made, and INSERT ... SELECT * the order that they had.

    A column that is added later is not in the view; a view made anew has other columns than before; an INSERT writes
    to the wrong column, or fails.
    """

    code = "QRY019"
    severity = Severity.WARNING
    effect = Effect.BREAKS_QUERIES
    fix = "Name the columns."
    source = "https://www.postgresql.org/docs/current/sql-createview.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int); CREATE TABLE old (id int PRIMARY KEY, total int);"
    kinds = frozenset({"create-view", "insert"})
    bad = (
        "CREATE VIEW v AS SELECT * FROM orders",
        "INSERT INTO old (id, total) SELECT * FROM orders",
        "CREATE OR REPLACE VIEW v AS SELECT o.* FROM orders o UNION ALL SELECT id, total FROM old",
    )
    good = (
        "CREATE VIEW v AS SELECT id, total FROM orders",
        "CREATE VIEW v AS SELECT count(*) AS n FROM orders",
        "CREATE VIEW v AS SELECT id FROM (SELECT * FROM orders) o",
        "INSERT INTO old (id, total) SELECT id, total FROM orders",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each star among the outputs that are kept."""
        for scope in _kept(query, next(each for each in query.scopes if each.role == "root")):
            for projection in scope.projections:
                if projection.node.kind == "star":
                    what = "the view" if query.query.kind == "create-view" else "the INSERT"
                    message = (
                        f"{query.written(projection.node)}: {what} depends on the columns, and their order, of today"
                    )
                    found = self.at(query, projection.node, message)
                    yield self.mended(query, found, _edits(query, scope, projection.node))


def _edits(query: QueryInModel, scope: Scope, star: Node) -> list[Place]:
    names = starred(query, scope, star) if written(query, star).endswith("*") else ""
    return [(star.start, star.end, names)] if names else []


def _kept(query: QueryInModel, scope: Scope) -> Iterator[Scope]:
    if not scope.operands:
        yield scope
    for each in scope.operands:
        yield from _kept(query, query.scopes[each])
