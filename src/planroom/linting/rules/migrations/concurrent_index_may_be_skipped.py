"""IF NOT EXISTS skips an invalid index that a failed CONCURRENTLY left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ConcurrentIndexMayBeSkipped"]


class ConcurrentIndexMayBeSkipped(MigrationRule):
    """IF NOT EXISTS skips an invalid index that a failed CONCURRENTLY left behind.

    When CREATE INDEX CONCURRENTLY fails or is cancelled, its index stays, invalid: no query uses it, every write
    maintains it. Run again with IF NOT EXISTS, the migration succeeds and the index stays invalid.
    """

    code = "MIG021"
    severity = Severity.WARNING
    effect = Effect.SLOW
    statements = frozenset({"IndexStmt"})
    fix = "DROP INDEX CONCURRENTLY IF EXISTS first, then CREATE INDEX CONCURRENTLY without IF NOT EXISTS."
    source = "https://www.postgresql.org/docs/current/sql-createindex.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int)"
    bad = ("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a)",)
    good = ("CREATE INDEX CONCURRENTLY ix ON t (a)", "DROP INDEX CONCURRENTLY IF EXISTS ix")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for both words together."""
        fields = step.statement.tree
        if fields.get("concurrent") and fields.get("if_not_exists"):
            name = fields.get("idxname", "")
            message = f"an invalid {name} that a failed attempt left behind is taken for the index"
            yield self.finding(message, location=place(step), index=name)
