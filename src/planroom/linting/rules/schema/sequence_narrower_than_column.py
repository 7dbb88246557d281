"""SCH030."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.column_edits import behind
from planroom.linting.schemas import Design, SchemaRule
from planroom.linting.types import INTEGER_RANGES
from planroom.model import qualified
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["SequenceNarrowerThanColumn"]


class SequenceNarrowerThanColumn(SchemaRule):
    """A serial column was widened, and the sequence behind it was not: it ends where the old type did.

    ALTER COLUMN ... TYPE bigint leaves the sequence of a serial column an integer one. That of an identity column goes
    along.
    """

    code = "SCH030"
    severity = Severity.WARNING
    effect = Effect.FAILS
    fix = "ALTER SEQUENCE ... AS bigint, which takes no time."
    source = "https://www.postgresql.org/docs/current/sql-altersequence.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id serial PRIMARY KEY); ALTER TABLE t ALTER COLUMN id TYPE bigint;",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id bigserial PRIMARY KEY);",
        "CREATE TABLE t (id serial PRIMARY KEY);",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY); ALTER TABLE t ALTER COLUMN id TYPE bigint;",
        (
            "CREATE TABLE t (id serial PRIMARY KEY); ALTER TABLE t ALTER COLUMN id TYPE bigint;"
            "ALTER SEQUENCE t_id_seq AS bigint;"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns that are wider than the sequence that they own."""
        owned = {each.owned_by: each for each in design.model.sequences if each.owned_by}
        for table in design.tables if owned else ():
            for column in table.columns:
                sequence = owned.get(qualified(table.schema, table.name, column.name))
                ends = INTEGER_RANGES.get(sequence.type.name, 0) if sequence else 0
                if sequence and column.default and ends < INTEGER_RANGES.get(design.types.base(column.type).name, 0):
                    found = self.found_in_column(
                        f"{qualified(table.schema, table.name, column.name)} is {column.type.short}, and {sequence.id} "
                        f"ends at {format_count(ends)}",
                        table,
                        column,
                        sequence=sequence.id,
                    )
                    text = f"ALTER SEQUENCE {sequence.id} AS {design.types.base(column.type).name}"
                    yield found.with_edits(behind(table, text))
