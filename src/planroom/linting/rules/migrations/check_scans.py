"""A new CHECK is held against every row while nobody can read or write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._edits import validated_later
from planroom.linting.rules.migrations._work import BlockingWork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Edit
    from planroom.linting.migrations import Step

__all__ = ["CheckScans"]


class CheckScans(BlockingWork):
    """A new CHECK is held against every row while nobody can read or write.

    The scan runs under ACCESS EXCLUSIVE, also where the check is written beside a new column. NOT VALID leaves old
    rows alone; VALIDATE reads them under SHARE UPDATE EXCLUSIVE, which stops nobody.
    """

    code = "MIG008"
    causes = frozenset({Cause.CHECK})
    statements = frozenset({"AlterTableStmt"})
    fix = "ADD CONSTRAINT ... CHECK (...) NOT VALID, then VALIDATE CONSTRAINT in a later transaction."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = (
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE t ADD COLUMN c int CHECK (c > 0)",
    )
    good = (
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c",
        "CREATE TABLE n (a int); ALTER TABLE n ADD CHECK (a > 0)",
    )

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:
        """Return NOT VALID, and VALIDATE in a statement of its own."""
        return validated_later(step, actions)
