"""A change of a column's type writes every row, or an index, anew, or checks every row."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["ColumnTypeRewrites"]


class ColumnTypeRewrites(BlockingWork):
    """A change of a column's type writes every row, or an index, anew, or checks every row.

    It is free where the stored values are right as they are: a longer varchar, text, more digits of a numeric at
    the same scale, cidr to inet. Any other change rewrites the table under ACCESS EXCLUSIVE. Even a free one
    rebuilds an index with an expression or a predicate, and holds CHECK constraints of the column against every
    row.
    """

    code = "MIG005"
    causes = frozenset({Cause.COLUMN_TYPE})
    statements = frozenset({"AlterTableStmt"})
    fix = "Add a new column, keep both in step by a trigger, fill old rows in batches, then swap the names."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = (
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10)); "
        "CREATE INDEX t_b ON t (upper(b))"
    )
    bad = (
        "ALTER TABLE t ALTER COLUMN a TYPE bigint",
        "ALTER TABLE t ALTER COLUMN b TYPE varchar(5)",
        "ALTER TABLE t ALTER COLUMN b TYPE text",
    )
    good = (
        "ALTER TABLE t ALTER COLUMN a TYPE int",
        "CREATE TABLE n (b varchar(10)); ALTER TABLE n ALTER COLUMN b TYPE int USING b::int",
    )
