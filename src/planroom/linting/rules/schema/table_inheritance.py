"""SCH049."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["TableInheritance"]


class TableInheritance(SchemaRule):
    """A table inherits from another, and the keys of the parent do not hold for its rows.

    Primary keys, unique constraints and foreign keys are not inherited: the same key can stand in parent and child, and
    nothing can refer to a row of either.
    """

    code = "SCH049"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "Partition the table, where its rows are spread; use a foreign key to a common table, where they are kinds."
    source = "https://www.postgresql.org/docs/current/ddl-inherit.html#DDL-INHERIT-CAVEATS"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c () INHERITS (p);",)
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY HASH (id);"
            "CREATE TABLE c PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables that inherit."""
        for table in design.tables:
            if table.inherits:
                yield self.found(
                    f"{table.id} inherits from {', '.join(table.inherits)}: keys do not hold across them",
                    table.id,
                    table.origin,
                    parents=table.inherits,
                )
