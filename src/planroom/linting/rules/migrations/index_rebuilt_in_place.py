"""REINDEX stops writers, and readers that would use the index."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["IndexRebuiltInPlace"]


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
