"""SCH014."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.column_edits import retyped
from planroom.linting.gathering import gathered
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["JsonType"]


class JsonType(SchemaRule):
    """A json column cannot be compared, indexed or made distinct, and is parsed each time it is read.

    The type keeps the text as it came, with its blanks, order and double keys, and has no equality.
    """

    code = "SCH014"
    severity = Severity.NOTE
    effect = Effect.BREAKS_QUERIES
    fix = "Make it jsonb, unless the text has to come back exactly as it was given."
    source = "https://www.postgresql.org/docs/current/datatype-json.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, payload json);",)
    good: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, payload jsonb);",)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns of that type."""
        hits = (
            (table, column)
            for table in design.tables
            for column in table.columns
            if design.types.base(column.type).name == "json" and not column.inherited
        )
        yield from gathered(
            self,
            hits,
            lambda subject, _: f"{subject} is json, which has no equality and no index",
            "columns are json",
            edit=lambda table, column: retyped(design, table, column, "jsonb"),
        )
