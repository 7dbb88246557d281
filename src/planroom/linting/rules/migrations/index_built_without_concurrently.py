"""Building an index on a live table stops its writers."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["IndexBuiltWithoutConcurrently"]


class IndexBuiltWithoutConcurrently(BlockingWork):
    """Building an index on a live table stops its writers.

    CREATE INDEX holds a SHARE lock until the build ends: reads go on, writes wait. CONCURRENTLY reads the table
    twice and stops nobody.
    """

    code = "MIG006"
    causes = frozenset({Cause.INDEX})
    statements = frozenset({"IndexStmt"})
    fix = (
        "CREATE INDEX CONCURRENTLY, outside a transaction; on a partitioned table ON ONLY, then "
        "CONCURRENTLY on each partition and ATTACH."
    )
    source = "https://www.postgresql.org/docs/current/sql-createindex.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = (
        "CREATE INDEX ix ON t (a)",
        "CREATE UNIQUE INDEX ix ON t (a) WHERE a > 0",
    )
    good = (
        "CREATE INDEX CONCURRENTLY ix ON t (a)",
        "CREATE TABLE n (id int); CREATE INDEX ix ON n (id)",
    )
