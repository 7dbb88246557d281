"""SCH009."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.cycles import cycles
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import ForeignKey, Table

__all__ = ["RequiredForeignKeyCycle"]


class RequiredForeignKeyCycle(SchemaRule):
    """Each table of a circle requires a row of the next, so no INSERT can put in the first.

    A foreign key is checked at the end of its statement unless it is deferrable. One statement that writes all the
    tables (WITH ... INSERT) gets through; an application, a restore of the data and most ORMs do not.
    """

    code = "SCH009"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Make one foreign key of the circle DEFERRABLE INITIALLY DEFERRED, or its columns nullable."
    source = "https://www.postgresql.org/docs/current/sql-set-constraints.html"
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY,"
            " a_id int NOT NULL REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;"
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL, up int NOT NULL REFERENCES a);"
            "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);"
            "ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;"
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY REFERENCES a);"
            "CREATE TABLE c (id int PRIMARY KEY REFERENCES b); ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES c;"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE a (id int PRIMARY KEY, b_id int); CREATE TABLE b (id int PRIMARY KEY,"
            " a_id int NOT NULL REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;"
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY,"
            " a_id int NOT NULL REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE;"
        ),
        "CREATE TABLE a (id int PRIMARY KEY, parent int NOT NULL REFERENCES a);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield one circle for each set of tables that require each other."""
        graph = {table.id: [key.referenced_table for key in _demanded(table)] for table in design.tables}
        for circle in cycles(graph):
            table = design.model.tables_by_id[circle[0]]
            first = next(key for key in _demanded(table) if key.referenced_table == circle[1])
            way = " → ".join((*circle, circle[0]))
            yield self.found(
                f"no row can be inserted first: {way}, each foreign key NOT NULL and checked at once",
                table.id,
                first.origin if first.origin.line else table.origin,
                tables=circle,
            )


def _demanded(table: Table) -> Iterator[ForeignKey]:
    """Yield the foreign keys that every row has to meet as soon as it is written."""
    for key in table.foreign_keys:
        columns = [table.columns_by_name.get(name) for name in key.columns]
        required = all(column is not None and not column.nullable for column in columns)
        if required and key.enforced and not key.deferrable:
            yield key
