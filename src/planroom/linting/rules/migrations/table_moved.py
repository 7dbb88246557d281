"""SET LOGGED, UNLOGGED, TABLESPACE or ACCESS METHOD writes the whole table anew."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["TableMoved"]


class TableMoved(BlockingWork):
    """SET LOGGED, UNLOGGED, TABLESPACE or ACCESS METHOD writes the whole table anew.

    The table and its indexes are copied under ACCESS EXCLUSIVE. To set what is set already is free.
    """

    code = "MIG015"
    causes = frozenset({Cause.STORAGE})
    statements = frozenset({"AlterTableStmt", "AlterTableMoveAllStmt"})
    fix = (
        "Make a new table with the wanted property, copy rows in batches, and swap the names; or do it in "
        "a maintenance window."
    )
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10)); CREATE UNLOGGED TABLE u (id int)"
    bad = (
        "ALTER TABLE t SET UNLOGGED",
        "ALTER TABLE u SET LOGGED",
    )
    good = (
        "ALTER TABLE u SET UNLOGGED",
        "ALTER TABLE t SET ACCESS METHOD heap",
        "ALTER TABLE t SET (fillfactor = 70)",
    )
