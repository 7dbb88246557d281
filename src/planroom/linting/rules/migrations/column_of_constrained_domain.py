"""A new column of a domain with constraints makes the server write every row anew."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["ColumnOfConstrainedDomain"]


class ColumnOfConstrainedDomain(BlockingWork):
    """A new column of a domain with constraints makes the server write every row anew.

    Whether NULL or the default meets the domain's constraints is asked for each row, and the answer is stored by a
    rewrite under ACCESS EXCLUSIVE. A domain without constraints costs nothing.
    """

    code = "MIG004"
    causes = frozenset({Cause.CONSTRAINED_DOMAIN})
    statements = frozenset({"AlterTableStmt"})
    fix = "Use the base type with a CHECK ... NOT VALID, and validate it in a later transaction."
    source = "https://www.postgresql.org/docs/current/sql-createdomain.html"
    before = (
        "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10)); CREATE DOMAIN email AS text CHECK "
        "(VALUE LIKE '%@%'); CREATE DOMAIN label AS text"
    )
    bad = ("ALTER TABLE t ADD COLUMN c email",)
    good = (
        "ALTER TABLE t ADD COLUMN c label",
        "ALTER TABLE t ADD COLUMN c text",
    )
