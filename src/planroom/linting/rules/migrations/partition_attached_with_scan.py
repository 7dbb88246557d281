"""Attaching a partition reads all its rows, unless a check proves its bounds."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["PartitionAttachedWithScan"]


class PartitionAttachedWithScan(BlockingWork):
    """Attaching a partition reads all its rows, unless a check proves its bounds.

    The parent stays open (SHARE UPDATE EXCLUSIVE); the new partition is held under ACCESS EXCLUSIVE while its rows
    are held against the bounds. A valid CHECK that says the same makes it free; indexes and keys that the parent
    has and the partition lacks are built meanwhile.
    """

    code = "MIG012"
    causes = frozenset({Cause.ATTACH})
    statements = frozenset({"AlterTableStmt"})
    fix = (
        "Add a CHECK with the same bounds NOT VALID, VALIDATE it, build the parent's indexes "
        "CONCURRENTLY, then attach, and drop the check."
    )
    source = "https://www.postgresql.org/docs/current/ddl-partitioning.html"
    before = (
        "CREATE TABLE e (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE e26 "
        "PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE TABLE e27 (id int NOT "
        "NULL, at date NOT NULL); CREATE TABLE e28 (id int NOT NULL, at date NOT NULL, CHECK (at >= "
        "'2028-01-01' AND at < '2029-01-01'))"
    )
    bad = ("ALTER TABLE e ATTACH PARTITION e27 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",)
    good = ("ALTER TABLE e ATTACH PARTITION e28 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",)
