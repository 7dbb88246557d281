"""A statement that takes long runs while an earlier one of the same transaction keeps others out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.effects import Cause
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["WorkUnderAHeldLock"]


class WorkUnderAHeldLock(MigrationRule):
    """A statement that takes long runs while an earlier one of the same transaction keeps others out.

    Locks are kept to the end of the transaction. An UPDATE of all rows, or an index of another table, prolongs an
    ACCESS EXCLUSIVE lock that would have been over in a moment.
    """

    needs_work = True
    code = "MIG029"
    severity = Severity.ERROR
    effect = Effect.BLOCKS_READS
    statements = frozenset(
        {"UpdateStmt", "DeleteStmt", "MergeStmt", "AlterTableStmt", "IndexStmt", "RefreshMatViewStmt", "ReindexStmt",
         "ClusterStmt"}
    )  # fmt: skip
    fix = "COMMIT after the statement that takes the lock; run what takes long in transactions of its own."
    source = "https://www.postgresql.org/docs/current/explicit-locking.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int)"
    bad = (
        "BEGIN; ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = a; COMMIT",
        "BEGIN; ALTER TABLE t ADD COLUMN c int; DELETE FROM u; COMMIT",
    )
    good = (
        "ALTER TABLE t ADD COLUMN c int; UPDATE t SET c = a",
        "BEGIN; ALTER TABLE t ADD COLUMN c int; ALTER TABLE u ADD COLUMN c int; COMMIT",
        "BEGIN; CREATE TABLE n (id int); UPDATE n SET id = 1; COMMIT",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for work that is certain, while the transaction holds a lock that blocks."""
        held = step.session.holding()
        work = [each for each in step.effects.work if each.certain and each.cause is not Cause.VALIDATE]
        if work and held:
            yield said(self, step, work, held)
