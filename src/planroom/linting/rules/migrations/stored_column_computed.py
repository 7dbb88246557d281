"""A stored generated column is computed for every row that is there."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["StoredColumnComputed"]


class StoredColumnComputed(BlockingWork):
    """A stored generated column is computed for every row that is there.

    STORED writes the table and its indexes anew under ACCESS EXCLUSIVE; a VIRTUAL column (PostgreSQL 18) is
    computed when it is read and costs nothing to add.
    """

    code = "MIG003"
    causes = frozenset({Cause.STORED_GENERATED})
    statements = frozenset({"AlterTableStmt"})
    fix = "Make it VIRTUAL on PostgreSQL 18; before, add a plain column, fill it by a trigger and in batches."
    source = "https://www.postgresql.org/docs/current/ddl-generated-columns.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = ("ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a * 2) STORED",)
    good = ("ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a * 2) VIRTUAL",)
