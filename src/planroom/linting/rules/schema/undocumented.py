"""SCH042."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.gathering import listed
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sized

    from planroom.findings import Finding
    from planroom.model import Table

__all__ = ["Undocumented"]


class Undocumented(SchemaRule):
    """Tables and columns have no comment.

    Who comes later learns what they mean by reading programs. One finding a schema says how many; `planroom coverage`
    lists them.
    """

    code = "SCH042"
    severity = Severity.NOTE
    fix = "COMMENT ON TABLE and COMMENT ON COLUMN, one sentence each."
    source = "https://www.postgresql.org/docs/current/sql-comment.html"
    unproven = "no server knows what a name means"
    dialects = frozenset({"postgres", "mysql", "duckdb"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY); COMMENT ON TABLE t IS 'Things.';",
        "CREATE TABLE t (id int PRIMARY KEY);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY); COMMENT ON TABLE t IS 'Things.'; COMMENT ON COLUMN t.id IS 'Which.';",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield one finding for each schema with such tables or columns."""
        schemas: dict[str, list[Table]] = defaultdict(list)
        for table in design.tables:
            schemas[table.schema].append(table)
        for schema, tables in schemas.items():
            bare = [table for table in tables if not table.comment.strip()]
            columns = [(table, column) for table in tables for column in table.columns if not column.inherited]
            silent = [(table, column) for table, column in columns if not column.comment.strip()]
            if bare or silent:
                named = bare or list(dict.fromkeys(table for table, _ in silent))
                yield self.found(
                    f"{_share(bare, tables)} tables and {_share(silent, columns)} columns have no comment: "
                    f"{listed(table.id for table in named)}",
                    qualified(schema) or named[0].id,
                    named[0].origin,
                    tables=len(bare),
                    columns=len(silent),
                )


def _share(some: Sized, whole: Sized) -> str:
    return f"{format_count(len(some))} of {format_count(len(whole))}"
