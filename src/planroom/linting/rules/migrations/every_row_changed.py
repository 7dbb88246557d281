"""An UPDATE or DELETE of every row takes as long as the table is large, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.effects import Cause
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import few_rows, place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["EveryRowChanged"]


class EveryRowChanged(MigrationRule):
    """An UPDATE or DELETE of every row takes as long as the table is large, in one transaction.

    Every row is locked until the end, a new version of each is written and logged, and the old ones can be cleared
    away only after it. Readers go on; writers of the same rows wait.
    """

    needs_work = True
    code = "MIG027"
    severity = Severity.WARNING
    effect = Effect.SLOW
    statements = frozenset({"UpdateStmt", "DeleteStmt"})
    fix = "Change a few thousand rows at a time by key, each batch in a transaction of its own."
    source = "https://www.postgresql.org/docs/current/routine-vacuuming.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int)"
    bad = ("UPDATE t SET a = 0", "DELETE FROM t", "DELETE FROM t WHERE true")
    good = ("UPDATE t SET a = 0 WHERE id BETWEEN 1 AND 1000", "CREATE TABLE n (a int); UPDATE n SET a = 0")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding where no condition leaves rows out."""
        work = [each for each in step.effects.work if each.cause is Cause.ROWS and each.certain]
        if not work:
            return
        deletes = step.statement.kind == "DeleteStmt"
        key = work[0].relation
        found = self.finding(
            f"every row of {key[1]} is {'deleted' if deletes else 'changed'} at once",
            subject=qualified(*key),
            location=place(step),
            lock=str(step.effects.locks[key]),
            relations=[qualified(*key)],
            work=[{"kind": str(each.kind), "relation": qualified(*each.relation), "why": each.why} for each in work],
        )
        effect = Effect.LOSES_DATA if deletes else Effect.SLOW
        severity = Severity.NOTE if not deletes and few_rows(step, [each.relation for each in work]) else self.severity
        yield replace(found, severity=severity, effect=effect)
