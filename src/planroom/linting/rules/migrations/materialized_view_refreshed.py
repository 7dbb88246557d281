"""Refreshing a materialised view keeps others from it while its query runs."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["MaterializedViewRefreshed"]


class MaterializedViewRefreshed(BlockingWork):
    """Refreshing a materialised view keeps others from it while its query runs.

    REFRESH holds ACCESS EXCLUSIVE; CONCURRENTLY lets readers go on (EXCLUSIVE) and needs a unique index. In a
    migration either holds up the deployment.
    """

    code = "MIG014"
    causes = frozenset({Cause.REFRESH})
    statements = frozenset({"RefreshMatViewStmt"})
    fix = "Refresh it outside the migration, on a schedule, CONCURRENTLY."
    source = "https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html"
    before = (
        "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10)); CREATE MATERIALIZED VIEW v AS SELECT "
        "id, a FROM t; CREATE UNIQUE INDEX v_id ON v (id)"
    )
    bad = (
        "REFRESH MATERIALIZED VIEW v",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
    )
    good = ("REFRESH MATERIALIZED VIEW v WITH NO DATA",)
