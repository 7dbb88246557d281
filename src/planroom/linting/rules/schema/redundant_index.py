"""SCH004."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.redundancy import redundant
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["RedundantIndex"]


class RedundantIndex(SchemaRule):
    """Another index begins with the same columns and serves every look-up that this one does.

    Method, condition and operator classes are the same, and what it includes the longer one holds. A unique index is
    never redundant: it forbids something.
    """

    code = "SCH004"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "Drop the shorter index, unless it is kept for being much smaller than the longer one."
    source = "https://www.postgresql.org/docs/current/indexes-multicolumn.html"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (a); CREATE INDEX y ON t (a, b);",
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)); CREATE INDEX x ON t (a);",
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (a);"
            "CREATE INDEX y ON t (a) INCLUDE (b);"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (a, b);"
            "CREATE INDEX y ON t (a DESC, b DESC, id);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE UNIQUE INDEX x ON t (a);"
            "CREATE INDEX y ON t (a, b);"
        ),
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (b); CREATE INDEX y ON t (a, b);",
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (a);"
            "CREATE INDEX y ON t (a, b) WHERE b > 0;"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t USING hash (a);"
            "CREATE INDEX y ON t (a, b);"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int); CREATE INDEX x ON t (a) INCLUDE (c);"
            "CREATE INDEX y ON t (a, b);"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE INDEX x ON t (a, b);"
            "CREATE INDEX y ON t (a, b DESC, id);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield each index that a longer one makes needless."""
        for table in design.tables:
            for spare, longer in redundant(design.paths_of(table)):
                yield self.found(
                    f"{spare} of {table.id} on ({', '.join(map(str, spare.parts))}) serves no look-up that {longer} on "
                    f"({', '.join(map(str, longer.parts))}) does not",
                    qualified(table.schema, spare.name),
                    spare.origin if spare.origin.line else table.origin,
                    table=table.id,
                    longer=longer.name,
                )
