"""SCH003."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.redundancy import duplicates
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["DuplicateIndex"]


class DuplicateIndex(SchemaRule):
    """Two indexes of a table are the same, and each write keeps both.

    The same are method, key parts with their order and operator classes, included columns and condition. A plain index
    beside a unique one on the same columns is of no use either; the unique one stays.
    """

    code = "SCH003"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "Drop one of the two; where a constraint keeps one of them, drop the other."
    source = "https://www.postgresql.org/docs/current/sql-createindex.html"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (a);",
        "CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX y ON t (id);",
        "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE); CREATE UNIQUE INDEX y ON t (a);",
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a) WHERE a IN (1, 2);"
            "CREATE INDEX y ON t (a) WHERE a = ANY (ARRAY[1, 2]);"
        ),
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (a DESC);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (b);",
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE INDEX y ON t USING brin (a);",
        (
            "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX x ON t (a);"
            "CREATE INDEX y ON t (a text_pattern_ops);"
        ),
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (a) WHERE a > 5;",
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (a, b);"
            "CREATE INDEX y ON t (a, b DESC);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield, of each pair of equal indexes, the one that can go."""
        for table in design.tables:
            for spare, kept in duplicates(design.paths_of(table)):
                yield self.found(
                    f"{spare} of {table.id} is the same as {kept}: ({', '.join(map(str, spare.parts))})",
                    qualified(table.schema, spare.name),
                    spare.origin if spare.origin.line else table.origin,
                    table=table.id,
                    kept=kept.name,
                )
