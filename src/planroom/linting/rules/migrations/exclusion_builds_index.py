"""A new exclusion constraint builds its index while nobody can read or write."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["ExclusionBuildsIndex"]


class ExclusionBuildsIndex(BlockingWork):
    """A new exclusion constraint builds its index while nobody can read or write.

    It cannot be NOT VALID, nor use an index that is there: every row is read and indexed under ACCESS EXCLUSIVE.
    """

    code = "MIG011"
    causes = frozenset({Cause.EXCLUSION})
    statements = frozenset({"AlterTableStmt"})
    fix = (
        "Make a new table with the constraint, copy the rows in batches, and swap the names; or keep the "
        "rule in a trigger."
    )
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int, span int4range)"
    bad = ("ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (span WITH &&)",)
    good = ("CREATE TABLE n (span int4range, EXCLUDE USING gist (span WITH &&))",)
