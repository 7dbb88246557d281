"""A new primary key or unique constraint builds its index while nobody can read or write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._edits import with_unique_index
from planroom.linting.rules.migrations._work import BlockingWork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Edit
    from planroom.linting.migrations import Step

__all__ = ["KeyBuildsIndex"]


class KeyBuildsIndex(BlockingWork):
    """A new primary key or unique constraint builds its index while nobody can read or write.

    The index is built under ACCESS EXCLUSIVE. A unique index that was built CONCURRENTLY becomes the key at once:
    ADD ... USING INDEX; for a primary key its columns should be NOT NULL before.
    """

    code = "MIG010"
    causes = frozenset({Cause.KEY})
    statements = frozenset({"AlterTableStmt"})
    fix = "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE (or PRIMARY KEY) USING INDEX."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10)); CREATE UNIQUE INDEX t_a ON t (a)"
    bad = (
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE (b)",
        "ALTER TABLE t ADD COLUMN c int UNIQUE",
    )
    good = (
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX t_a",
        "CREATE TABLE n (a int); ALTER TABLE n ADD PRIMARY KEY (a)",
    )

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:
        """Return the index made CONCURRENTLY before, and the constraint that takes it."""
        return with_unique_index(step, actions)
