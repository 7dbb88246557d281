"""INSERT with more or fewer values than columns."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel

__all__ = ["InsertWidth"]


class InsertWidth(QueryRule):
    """The INSERT names another number of columns than it gives values, so that the server refuses it.

    Each row of VALUES counts by itself.
    """

    code = "QRY038"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Give each column a value; DEFAULT for one that the table fills."
    source = "https://www.postgresql.org/docs/current/sql-insert.html"
    before = "CREATE TABLE a (id int PRIMARY KEY, note text);"
    kinds = frozenset({"insert"})
    bad = (
        "INSERT INTO a (id, note) VALUES (1)",
        "INSERT INTO a (id) SELECT id, note FROM a",
        "INSERT INTO a (id, note) VALUES (1, 'x'), (2, 'y', 'z')",
        "INSERT INTO a (id) SELECT * FROM a",
    )
    good = (
        "INSERT INTO a (id, note) VALUES (1, DEFAULT)",
        "INSERT INTO a (id, note) SELECT * FROM a",
        "INSERT INTO a (id) VALUES (1), (2)",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield the first row whose number of values is another than that of the columns."""
        named = query.query.target_columns
        if named is None:
            return
        scope = next(each for each in query.scopes if each.role == "root")
        outputs = query.outputs(scope.number) if scope.kind != "insert" else None
        widths = [(None, len(outputs))] if outputs is not None else []
        rows = [(row, len(row.args)) for row in scope.others if scope.kind == "values" and row.kind == "tuple"]
        for row, width in (*widths, *rows):
            if width != len(named):
                place = row if row is not None else named[0]
                yield self.at(query, place, f"{width} values for {len(named)} columns")
                return
