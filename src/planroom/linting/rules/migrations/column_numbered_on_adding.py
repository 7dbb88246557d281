"""A new serial or identity column numbers every row that is there."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["ColumnNumberedOnAdding"]


class ColumnNumberedOnAdding(BlockingWork):
    """A new serial or identity column numbers every row that is there.

    Each old row draws its number from the sequence, so the table and its indexes are written anew under ACCESS
    EXCLUSIVE.
    """

    code = "MIG002"
    causes = frozenset({Cause.SEQUENCE_DEFAULT})
    statements = frozenset({"AlterTableStmt"})
    fix = (
        "Add a plain bigint column and a sequence, fill old rows in batches, then make it the default or the identity."
    )
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = (
        "ALTER TABLE t ADD COLUMN c bigserial",
        "ALTER TABLE t ADD COLUMN c bigint GENERATED ALWAYS AS IDENTITY",
    )
    good = (
        "ALTER TABLE t ADD COLUMN c bigint",
        "CREATE TABLE n (id bigint GENERATED ALWAYS AS IDENTITY)",
    )
