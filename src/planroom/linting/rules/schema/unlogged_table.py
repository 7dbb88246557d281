"""SCH050."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["UnloggedTable"]


class UnloggedTable(SchemaRule):
    """An unlogged table is empty after a crash, and on every replica.

    That is its point for what can be made again; it is worth a look for anything else.
    """

    code = "SCH050"
    severity = Severity.NOTE
    effect = Effect.LOSES_DATA
    fix = "ALTER TABLE ... SET LOGGED, unless its rows can be made again."
    source = "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED"
    unproven = "no test crashes the server that all tests share"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = ("CREATE UNLOGGED TABLE t (id int PRIMARY KEY);",)
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY);",
        "CREATE UNLOGGED TABLE t (id int PRIMARY KEY); ALTER TABLE t SET LOGGED;",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the unlogged tables."""
        for table in design.model.tables:
            if table.unlogged:
                yield self.found(f"{table.id} is unlogged: a crash empties it", table.id, table.origin)
