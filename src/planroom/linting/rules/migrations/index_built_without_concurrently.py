"""Building an index on a live table stops its writers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._edits import concurrently
from planroom.linting.rules.migrations._work import BlockingWork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Edit
    from planroom.linting.migrations import Step

__all__ = ["IndexBuiltWithoutConcurrently"]

_MAKES = re.compile(r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+", re.IGNORECASE)


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
        "TRUNCATE t; CREATE INDEX ix ON t (a)",
    )

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:  # noqa: ARG002
        """Return CONCURRENTLY for an index that is made whether or not there is one of its name."""
        return () if step.statement.tree.get("if_not_exists") else concurrently(step, _MAKES)
