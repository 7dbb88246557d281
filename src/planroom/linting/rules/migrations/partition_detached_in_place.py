"""Detaching a partition closes the whole partitioned table for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["PartitionDetachedInPlace"]


class PartitionDetachedInPlace(MigrationRule):
    """Detaching a partition closes the whole partitioned table for a moment.

    It takes ACCESS EXCLUSIVE on the parent. CONCURRENTLY (PostgreSQL 14) takes SHARE UPDATE EXCLUSIVE, where there is
    no DEFAULT partition.
    """

    code = "MIG032"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    statements = frozenset({"AlterTableStmt"})
    fix = "DETACH PARTITION ... CONCURRENTLY, outside a transaction; then drop the CHECK of its bounds that it leaves."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = (
        "CREATE TABLE e (at date) PARTITION BY RANGE (at); "
        "CREATE TABLE e26 PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
    )
    bad = ("ALTER TABLE e DETACH PARTITION e26",)
    good = ("ALTER TABLE e DETACH PARTITION e26 CONCURRENTLY",)

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for a DETACH that is not concurrent."""
        for number, node in enumerate(step.statement.tree.get("cmds", ())):
            command = node["AlterTableCmd"]
            if command["subtype"] != "AT_DetachPartition" or command["def"]["PartitionCmd"].get("concurrent"):
                continue
            for key, lock in list(step.effects.locks.items())[:1]:
                yield self.finding(
                    f"{key[1]} and all its partitions are closed for a moment",
                    subject=qualified(*key),
                    location=place(step, number),
                    lock=str(lock),
                    relations=[qualified(*each) for each in step.effects.locks],
                )
