"""SCH052."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.column_edits import retyped
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["TypeThatStopsUpgrades"]

_STOPPING = frozenset(
    "regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure".split()
)
"""Source: PostgreSQL manual, "pg_upgrade", usage notes; regclass, regrole and regtype are kept."""


class TypeThatStopsUpgrades(SchemaRule):
    """A column has a type whose values pg_upgrade cannot keep, so it refuses the database.

    The values are object ids of the system's catalogs, which a new version gives anew.
    """

    code = "SCH052"
    severity = Severity.WARNING
    effect = Effect.FAILS
    fix = "Store the name as text, and cast it where it is used."
    source = "https://www.postgresql.org/docs/current/pgupgrade.html"
    unproven = "it takes two versions of the server"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, f regprocedure);",)
    good: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, f text, r regclass);",)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns of such a type."""
        for table in design.model.tables:
            for column in table.columns:
                if design.types.base(column.type).name in _STOPPING:
                    subject = qualified(table.schema, table.name, column.name)
                    message = f"{subject} is {column.type.short}: pg_upgrade refuses it"
                    edits = retyped(design, table, column, "text")
                    yield self.found_in_column(message, table, column).with_edits(edits)
