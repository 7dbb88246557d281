"""A statement that cannot run in a transaction is in one: the server refuses it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ConcurrentlyInATransaction"]


class ConcurrentlyInATransaction(MigrationRule):
    """A statement that cannot run in a transaction is in one: the server refuses it.

    CONCURRENTLY works in several transactions of its own, as VACUUM does: inside another one the server raises 25001.
    Most runners wrap each file in a transaction.
    """

    code = "MIG020"
    severity = Severity.ERROR
    effect = Effect.FAILS
    statements = frozenset({"IndexStmt", "DropStmt", "ReindexStmt", "AlterTableStmt", "VacuumStmt", "ClusterStmt"})
    fix = "Put it into a file of its own, and tell the runner to open no transaction for it."
    source = "https://www.postgresql.org/docs/current/sql-createindex.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a)"
    bad = (
        "BEGIN; CREATE INDEX CONCURRENTLY ix ON t (a); COMMIT",
        "BEGIN; DROP INDEX CONCURRENTLY t_a; COMMIT",
        "BEGIN; VACUUM t; COMMIT",
    )
    good = ("CREATE INDEX CONCURRENTLY ix ON t (a)", "BEGIN; ALTER TABLE t ADD COLUMN c int; COMMIT; VACUUM t")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for a statement that runs alone or not at all."""
        if step.session.open and step.effects.alone:
            found = self.finding(
                "this cannot run inside a transaction: the server raises 25001", location=place(step), sqlstate="25001"
            )
            yield replace(found, subject=_subject(step))


def _subject(step: Step) -> str:
    return next((f"{schema}.{name}" for schema, name in step.effects.locks), "")
