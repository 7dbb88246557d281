"""Making a column NOT NULL reads every row while nobody can read or write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._edits import proven_before, validated_later
from planroom.linting.rules.migrations._work import BlockingWork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Edit
    from planroom.linting.migrations import Step

__all__ = ["NotNullScans"]


class NotNullScans(BlockingWork):
    """Making a column NOT NULL reads every row while nobody can read or write.

    The scan runs under ACCESS EXCLUSIVE. A valid CHECK (column IS NOT NULL) makes it free; a check of anything else
    does not. PostgreSQL 18 knows NOT NULL ... NOT VALID, which a later VALIDATE proves without stopping anybody.
    """

    code = "MIG007"
    causes = frozenset({Cause.NOT_NULL})
    statements = frozenset({"AlterTableStmt"})
    fix = (
        "Add CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a later transaction, then SET NOT NULL "
        "and drop the check; on PostgreSQL 18, NOT NULL column NOT VALID, then VALIDATE."
    )
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = (
        "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10)); ALTER TABLE t ADD CONSTRAINT b_there "
        "CHECK (b IS NOT NULL); ALTER TABLE t ADD CONSTRAINT a_positive CHECK (a > 0)"
    )
    bad = (
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE t ADD CONSTRAINT n NOT NULL a",
    )
    good = (
        "ALTER TABLE t ALTER COLUMN b SET NOT NULL",
        "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID",
        "ALTER TABLE t ALTER COLUMN id SET NOT NULL",
    )

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:
        """Return a CHECK that is validated before and proves it; of a constraint, NOT VALID and VALIDATE."""
        commands = [step.statement.tree["cmds"][number]["AlterTableCmd"] for number in actions]
        if all(each["subtype"] == "AT_SetNotNull" for each in commands):
            return proven_before(step, [str(each["name"]) for each in commands])
        return validated_later(step, actions)
