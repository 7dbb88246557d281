"""A new partition beside a DEFAULT one reads all rows of the DEFAULT one."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["DefaultPartitionScanned"]


class DefaultPartitionScanned(BlockingWork):
    """A new partition beside a DEFAULT one reads all rows of the DEFAULT one.

    None of them may belong to the new partition. The DEFAULT partition is held under ACCESS EXCLUSIVE meanwhile,
    and CREATE TABLE ... PARTITION OF holds the parent so too.
    """

    code = "MIG013"
    causes = frozenset({Cause.DEFAULT_PARTITION})
    statements = frozenset({"AlterTableStmt", "CreateForeignTableStmt", "CreateStmt"})
    fix = (
        "Keep the DEFAULT partition small or empty; or add a CHECK to it that excludes the new bounds, "
        "NOT VALID, and VALIDATE it before."
    )
    source = "https://www.postgresql.org/docs/current/ddl-partitioning.html"
    before = (
        "CREATE TABLE k (id int, kind text) PARTITION BY LIST (kind); CREATE TABLE k_rest PARTITION OF k "
        "DEFAULT; CREATE TABLE m (id int, kind text) PARTITION BY LIST (kind); CREATE TABLE m_a PARTITION "
        "OF m FOR VALUES IN ('a')"
    )
    bad = ("CREATE TABLE k_a PARTITION OF k FOR VALUES IN ('a')",)
    good = ("CREATE TABLE m_b PARTITION OF m FOR VALUES IN ('b')",)
