"""VACUUM FULL and CLUSTER write a table anew while nobody can read or write."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["TableCompactedInPlace"]


class TableCompactedInPlace(BlockingWork):
    """VACUUM FULL and CLUSTER write a table anew while nobody can read or write.

    Both copy the table and build its indexes under ACCESS EXCLUSIVE. Plain VACUUM stops nobody.
    """

    code = "MIG016"
    causes = frozenset({Cause.VACUUM, Cause.CLUSTER})
    statements = frozenset({"VacuumStmt", "ClusterStmt"})
    fix = "Use VACUUM, or pg_repack, which copies while others work."
    source = "https://www.postgresql.org/docs/current/sql-vacuum.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = (
        "VACUUM FULL t",
        "CLUSTER t USING t_pkey",
    )
    good = (
        "VACUUM t",
        "ANALYZE t",
        "VACUUM (FULL false) t",
    )
