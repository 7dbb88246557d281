"""REINDEX stops writers, and readers that would use the index."""

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

__all__ = ["IndexRebuiltInPlace"]

_KINDS = frozenset({"REINDEX_OBJECT_INDEX", "REINDEX_OBJECT_TABLE", "REINDEX_OBJECT_SCHEMA"})
_REBUILDS = re.compile(r"REINDEX\s+(?:\([^()]*\)\s*)?(?:INDEX|TABLE|SCHEMA)\s+", re.IGNORECASE)


class IndexRebuiltInPlace(BlockingWork):
    """REINDEX stops writers, and readers that would use the index.

    It holds SHARE on the table and ACCESS EXCLUSIVE on each index that it builds again: even to plan a query on the
    table waits. CONCURRENTLY stops nobody.
    """

    code = "MIG017"
    causes = frozenset({Cause.REINDEX})
    statements = frozenset({"ReindexStmt"})
    fix = "REINDEX (CONCURRENTLY), outside a transaction."
    source = "https://www.postgresql.org/docs/current/sql-reindex.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10))"
    bad = (
        "REINDEX TABLE t",
        "REINDEX INDEX t_pkey",
    )
    good = ("REINDEX TABLE CONCURRENTLY t",)

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:  # noqa: ARG002
        """Return CONCURRENTLY, which the catalogs of the system do not take."""
        if step.statement.tree["kind"] not in _KINDS:
            return ()
        return concurrently(step, _REBUILDS)
