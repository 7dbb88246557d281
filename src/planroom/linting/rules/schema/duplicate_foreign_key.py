"""SCH031."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import ForeignKey

__all__ = ["DuplicateForeignKey"]


class DuplicateForeignKey(SchemaRule):
    """Two foreign keys say the same, and each write checks both.

    Where their actions differ, which of them wins is a matter of their names.
    """

    code = "SCH031"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "Drop one of the two."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p, FOREIGN KEY (p_id) REFERENCES p);",
        (
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE c (a int, b int,"
            " FOREIGN KEY (a, b) REFERENCES p (a, b), FOREIGN KEY (b, a) REFERENCES p (b, a));"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p, b int REFERENCES p);",
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE q (id int PRIMARY KEY);"
            "CREATE TABLE c (id int REFERENCES p, FOREIGN KEY (id) REFERENCES q);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield each foreign key that an earlier one makes needless."""
        for table in design.model.tables:
            seen: dict[object, ForeignKey] = {}
            for key in table.foreign_keys:
                pairs = frozenset(zip(key.columns, key.referenced_columns, strict=False))
                first = seen.setdefault((key.referenced_table, pairs, key.period), key)
                if first is not key:
                    yield self.found(
                        f"{key.name} of {table.id} says the same as {first.name}: ({', '.join(key.columns)}) refers to "
                        f"{key.referenced_table}",
                        qualified(table.schema, table.name, key.columns[0]),
                        key.origin if key.origin.line else table.origin,
                        kept=first.name,
                    )
