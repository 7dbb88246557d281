"""SCH013."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.column_edits import retyped
from planroom.linting.gathering import gathered
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["CharType"]


class CharType(SchemaRule):
    """A char(n) column is filled up with blanks, which count in some comparisons and not in others.

    It is no faster than text and takes more room; LIKE sees the blanks, = does not.
    """

    code = "SCH013"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "Make it text, with a CHECK on its length where that means something."
    source = "https://www.postgresql.org/docs/current/datatype-character.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, country char(2));",)
    good: ClassVar[tuple[str, ...]] = ('CREATE TABLE t (id int PRIMARY KEY, country varchar(2), kind "char");',)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns of that type."""
        hits = (
            (table, column)
            for table in design.tables
            for column in table.columns
            if design.types.base(column.type).name == "character" and not column.inherited
        )
        yield from gathered(
            self,
            hits,
            lambda subject, column: f"{subject} is {column.type.short}, which is filled up with blanks",
            "columns are char(n), which is filled up with blanks",
            edit=lambda table, column: retyped(design, table, column, "text"),
        )
