"""SCH051."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit, Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["DefaultIsTheWordNull"]


class DefaultIsTheWordNull(SchemaRule):
    """The default of a column is the word null, in quotes, where NULL was meant.

    The text is stored, counts as a value, and IS NULL does not find it.
    """

    code = "SCH051"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Drop the default: a column without one is NULL."
    source = "https://www.postgresql.org/docs/current/ddl-default.html"
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'NULL');",)
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT NULL, b text DEFAULT 'none', j jsonb DEFAULT 'null');",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the texts with such a default."""
        for table in design.tables:
            for column in table.columns:
                word = column.default.text.partition("::")[0].lower() if column.default else ""
                if word == "'null'" and design.types.is_text(column.type):
                    subject = qualified(table.schema, table.name, column.name)
                    message = f"the default of {subject} is the text 'null', not NULL"
                    edit = Edit(column.origin, "NULL", ("default", column.name, word))
                    yield self.found_in_column(message, table, column).with_edits((edit,) if column.origin.line else ())
