"""A new column whose default is volatile makes the server write every row anew."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["ColumnDefaultRewrites"]


class ColumnDefaultRewrites(BlockingWork):
    """A new column whose default is volatile makes the server write every row anew.

    A constant, now() or any other stable default is evaluated once and kept beside the table. A volatile one gives
    each row a value of its own: the table and all its indexes are written anew under ACCESS EXCLUSIVE.
    """

    code = "MIG001"
    causes = frozenset({Cause.VOLATILE_DEFAULT})
    statements = frozenset({"AlterTableStmt"})
    fix = "Add the column without a default, set the default in a second statement, and fill old rows in batches."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = (
        "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE t ADD COLUMN c timestamptz NOT NULL DEFAULT clock_timestamp()",
    )
    good = (
        "ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now()",
        "ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 0",
        "ALTER TABLE t ADD COLUMN c uuid; ALTER TABLE t ALTER COLUMN c SET DEFAULT gen_random_uuid()",
        "CREATE TABLE n (id int); ALTER TABLE n ADD COLUMN c uuid DEFAULT gen_random_uuid()",
    )
