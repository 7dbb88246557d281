"""SCH033."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.mentions import columns_in
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import ForeignKey, Table

__all__ = ["PartlyNullForeignKey"]


class PartlyNullForeignKey(SchemaRule):
    """A foreign key of several nullable columns is not checked for a row where one of them is null.

    The other columns may then hold anything. MATCH FULL takes all of them or none; so does a CHECK over them.
    """

    code = "SCH033"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "Say MATCH FULL, or add a CHECK that they are null together: num_nulls(a, b) IN (0, 2)."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
            "CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
            "CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p MATCH FULL);"
        ),
        (
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
            "CREATE TABLE c (a int NOT NULL, b int, FOREIGN KEY (a, b) REFERENCES p);"
        ),
        (
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
            "CREATE TABLE c (a int, b int, CHECK (num_nulls(a, b) IN (0, 2)), FOREIGN KEY (a, b) REFERENCES p);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the foreign keys of which two columns or more can be null, each without the other."""
        for table in design.model.tables:
            for key in table.foreign_keys:
                nullable = _nullable(table, key)
                if len(nullable) > 1 and not any(nullable <= columns_in(each.expression) for each in table.checks):
                    names = ", ".join(name for name in key.columns if name in nullable)
                    yield self.found(
                        f"{key.name} of {table.id} is not checked for a row where only some of ({names}) are null",
                        qualified(table.schema, table.name, key.columns[0]),
                        key.origin if key.origin.line else table.origin,
                        columns=key.columns,
                    )


def _nullable(table: Table, key: ForeignKey) -> set[str]:
    if key.match_full or not key.enforced:
        return set()
    return {name for name in key.columns if (column := table.columns_by_name.get(name)) and column.nullable}
