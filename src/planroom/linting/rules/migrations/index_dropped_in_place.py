"""Dropping an index closes its table for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["IndexDroppedInPlace"]


class IndexDroppedInPlace(MigrationRule):
    """Dropping an index closes its table for a moment.

    DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every query on it, and later ones wait behind it.
    CONCURRENTLY waits without keeping anybody out.
    """

    code = "MIG035"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    statements = frozenset({"DropStmt"})
    fix = "DROP INDEX CONCURRENTLY, outside a transaction."
    source = "https://www.postgresql.org/docs/current/sql-dropindex.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a)"
    bad = ("DROP INDEX t_a",)
    good = ("DROP INDEX CONCURRENTLY t_a", "CREATE TABLE n (id int); CREATE INDEX n_id ON n (id); DROP INDEX n_id")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for a DROP INDEX that is not concurrent."""
        fields = step.statement.tree
        if fields["removeType"] != "OBJECT_INDEX" or fields.get("concurrent"):
            return
        for key, lock in list(step.effects.locks.items())[:1]:
            yield self.finding(
                f"{key[1]} is closed for a moment",
                subject=qualified(*key),
                location=place(step),
                lock=str(lock),
                relations=[qualified(*each) for each in step.effects.locks],
            )
