"""SCH012."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.column_edits import retyped
from planroom.linting.gathering import gathered
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Column

__all__ = ["TimestampWithoutTimeZone"]


class TimestampWithoutTimeZone(SchemaRule):
    """A timestamp without time zone does not say which moment it is.

    It is a date and a clock face; which moment they mean depends on who reads them, and now() is cut to the session's
    local time when it is stored. Both types take eight bytes.
    """

    code = "SCH012"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Make it timestamp with time zone; keep plain timestamps for local times, such as opening hours."
    source = "https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, created_at timestamp);",
        "CREATE DOMAIN d AS timestamp(3); CREATE TABLE t (id int PRIMARY KEY, a d, b d, c d, e d);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, created_at timestamptz, day date, hour time);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns of that type, all at once for a schema that has many."""
        hits = (
            (table, column)
            for table in design.tables
            for column in table.columns
            if design.types.base(column.type).name == "timestamp without time zone" and not column.inherited
        )
        yield from gathered(
            self,
            hits,
            lambda subject, _: f"{subject} is a timestamp without time zone, which does not say which moment it is",
            "columns are timestamps without time zone",
            edit=lambda table, column: retyped(design, table, column, _zoned(column)),
        )


def _zoned(column: Column) -> str:
    digits = f"({column.type.modifiers[0]})" if column.type.modifiers else ""
    return f"timestamp{digits} with time zone"
