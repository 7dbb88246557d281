"""A partition that leaves is searched for in every table that refers to the partitioned one."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["ReferencedPartitionDetached"]


class ReferencedPartitionDetached(BlockingWork):
    """A partition that leaves is searched for in every table that refers to the partitioned one.

    No row may refer to it. The server joins each referring table with the partition, by an index on the foreign key or
    by reading all of it, under a lock that stops writes; CONCURRENTLY does so, too.
    """

    code = "MIG038"
    causes = frozenset({Cause.DETACH})
    statements = frozenset({"AlterTableStmt"})
    fix = "Index the referring columns first, CONCURRENTLY: the search may then go by the index."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = (
        "CREATE TABLE k (id int PRIMARY KEY) PARTITION BY RANGE (id); "
        "CREATE TABLE k1 PARTITION OF k FOR VALUES FROM (1) TO (1000); CREATE TABLE r (k_id int REFERENCES k); "
        "CREATE TABLE f (id int PRIMARY KEY) PARTITION BY RANGE (id); "
        "CREATE TABLE f1 PARTITION OF f FOR VALUES FROM (1) TO (1000)"
    )
    bad = ("ALTER TABLE k DETACH PARTITION k1",)
    good = ("ALTER TABLE f DETACH PARTITION f1",)
