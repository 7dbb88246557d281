"""A query of the application fails once the step has run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.findings import Finding
    from planroom.linting.compatibility import Broken

__all__ = ["QueryBroken"]

SHOWN = 3


class QueryBroken(MigrationRule):
    """A query of the application fails once the step has run.

    It is judged when queries are given. While the migration is rolled out, the version of the application that runs
    sends the queries that it knows. A query that a later step of the same file mends is not counted, since a file is
    taken to be rolled out as one.
    """

    code = "MIG037"
    severity = Severity.ERROR
    effect = Effect.BREAKS_QUERIES
    statements = frozenset(
        {"DropStmt", "AlterTableStmt", "RenameStmt", "AlterObjectSchemaStmt", "ViewStmt", "AlterEnumStmt", "CreateStmt"}
    )
    fix = "Deploy a version that does without it first, or keep the old name alive until then: a view, a second column."
    source = "https://www.postgresql.org/docs/current/ddl-alter.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b text NOT NULL DEFAULT ''); CREATE TABLE u (id int)"
    queries = (
        "SELECT a FROM t WHERE id = 1",
        "INSERT INTO t (id, a) VALUES (1, 2)",
        "SELECT id, c FROM t JOIN u USING (id)",
    )
    bad = (
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t RENAME COLUMN a TO c",
        "ALTER TABLE t RENAME TO v",
        "DROP TABLE t",
        "ALTER TABLE t ALTER COLUMN b DROP DEFAULT",
    )
    good = (
        "ALTER TABLE t ADD COLUMN d int",
        "ALTER TABLE t RENAME COLUMN b TO d",
        "ALTER TABLE t RENAME TO v; CREATE VIEW t AS SELECT * FROM v",
        "DROP TABLE u",
    )

    def check(self, step: Step) -> Iterator[Finding]:  # noqa: ARG002
        """Yield nothing: what a step breaks shows after it."""
        yield from ()

    def of(self, step: Step, broken: Sequence[Broken]) -> Finding:
        """Return the finding for the queries that a step breaks."""
        count, more = len(broken), len(broken) - SHOWN
        shown = "; ".join(map(str, broken[:SHOWN])) + (f"; and {more} more" if more > 0 else "")
        return self.finding(
            f"{count} {'query fails' if count == 1 else 'queries fail'} after this: {shown}",
            location=place(step),
            lock=str(step.effects.strongest or ""),
            relations=sorted(".".join(key) for key in step.effects.locks),
            queries=[str(each.query) for each in broken],
        )
