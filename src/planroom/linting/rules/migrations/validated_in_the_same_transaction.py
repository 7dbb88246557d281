"""VALIDATE in the transaction that added the constraint scans under the strong lock that adding it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.effects import Cause
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._edits import apart
from planroom.linting.rules.migrations._work import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.findings import Edit, Finding

__all__ = ["ValidatedInTheSameTransaction"]


class ValidatedInTheSameTransaction(MigrationRule):
    """VALIDATE in the transaction that added the constraint scans under the strong lock that adding it took.

    NOT VALID is of use only if the lock is given back before the rows are read: a lock is kept to the end of its
    transaction, so the scan of VALIDATE runs under it.
    """

    needs_work = True
    code = "MIG019"
    severity = Severity.ERROR
    effect = Effect.BLOCKS_READS
    statements = frozenset({"AlterTableStmt"})
    fix = "COMMIT between adding the constraint and validating it; give each its own file where the runner wraps one."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int)"
    bad = (
        "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT",
    )
    good = (
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c",
        "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; COMMIT; ALTER TABLE t VALIDATE CONSTRAINT c",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for a validation under a lock that the transaction holds."""
        held = step.session.holding()
        work = [each for each in step.effects.work if each.cause is Cause.VALIDATE and each.relation in held]
        if work:
            yield said(self, step, work, held)

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:  # noqa: ARG002
        """Return a COMMIT before it, where the file itself opened the transaction."""
        return apart(step)
