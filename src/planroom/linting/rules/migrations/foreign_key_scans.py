"""A new foreign key looks up every row while both tables are closed to writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._edits import validated_later
from planroom.linting.rules.migrations._work import BlockingWork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Edit
    from planroom.linting.migrations import Step

__all__ = ["ForeignKeyScans"]


class ForeignKeyScans(BlockingWork):
    """A new foreign key looks up every row while both tables are closed to writes.

    Both tables are held under SHARE ROW EXCLUSIVE until each row has been looked up. NOT VALID leaves old rows
    alone; VALIDATE looks them up and stops nobody. A new column without a default has nothing to look up.
    """

    code = "MIG009"
    causes = frozenset({Cause.FOREIGN_KEY})
    statements = frozenset({"AlterTableStmt"})
    fix = "ADD FOREIGN KEY ... NOT VALID, then VALIDATE CONSTRAINT in a later transaction."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = (
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id)",
        "ALTER TABLE t ADD COLUMN c int DEFAULT 1 REFERENCES p (id)",
    )
    good = (
        (
            "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id) NOT VALID; ALTER TABLE t "
            "VALIDATE CONSTRAINT c"
        ),
        "ALTER TABLE t ADD COLUMN c int REFERENCES p (id)",
    )

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:
        """Return NOT VALID, and VALIDATE in a statement of its own."""
        return validated_later(step, actions)
