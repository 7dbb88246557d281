"""A statement that keeps others out may itself wait for long, and then everyone waits behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.editing import before
from planroom.linting.effects import Lock
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import names, place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Edit, Finding

__all__ = ["NoLockTimeout"]


class NoLockTimeout(MigrationRule):
    """A statement that keeps others out may itself wait for long, and then everyone waits behind it.

    A lock that is momentary once it is held is queued behind every transaction that uses the table; whoever comes later
    queues behind it. With lock_timeout it gives up, and can be tried again. Said once a file, at the first such
    statement.
    """

    code = "MIG030"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    statements = frozenset(
        {"AlterTableStmt", "DropStmt", "RenameStmt", "AlterObjectSchemaStmt", "TruncateStmt", "CreateTrigStmt",
         "CreateStmt", "RuleStmt", "CreatePolicyStmt", "AlterPolicyStmt", "LockStmt", "IndexStmt", "ReindexStmt",
         "RefreshMatViewStmt", "ClusterStmt", "VacuumStmt", "AlterDomainStmt", "ViewStmt"}
    )  # fmt: skip
    fix = "SET lock_timeout = '5s' before it, and let the runner try again."
    source = "https://www.postgresql.org/docs/current/runtime-config-client.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int)"
    bad = ("ALTER TABLE t ADD COLUMN c int", "SET lock_timeout = 0; ALTER TABLE t ADD COLUMN c int")
    good = (
        "SET lock_timeout = '5s'; ALTER TABLE t ADD COLUMN c int",
        "BEGIN; SET LOCAL lock_timeout = '5s'; ALTER TABLE t ADD COLUMN c int; COMMIT",
        "CREATE INDEX CONCURRENTLY ix ON t (a)",
        "CREATE TABLE n (id int)",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for the first lock of the file that blocks others, where nothing ends the wait."""
        if step.session.times_out or step.session.waited:
            return
        locks = {key: lock for key, lock in step.effects.locks.items() if lock >= Lock.SHARE}
        if locks:
            keys = list(locks)
            found = self.finding(
                f"the wait for {max(locks.values())} on {names(keys)} has no end, and others queue behind it",
                subject=qualified(*keys[0]),
                location=place(step),
                lock=str(max(locks.values())),
                relations=[qualified(*key) for key in keys],
            )
            yield found.with_edits(_edits(step))


def _edits(step: Step) -> tuple[Edit, ...]:
    """Return the setting before it, for the transaction alone where one is open.

    What can be done CONCURRENTLY is better done so, and fails half-way where its waits have an end.
    """
    if step.statement.kind in {"IndexStmt", "ReindexStmt"} or step.statement.tree.get("removeType") == "OBJECT_INDEX":
        return ()
    local = "LOCAL " if step.session.open else ""
    return (before(step.statement, f"SET {local}lock_timeout = '5s'"),)
