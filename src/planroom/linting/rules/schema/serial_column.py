"""SCH015."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.gathering import gathered
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["SerialColumn"]


class SerialColumn(SchemaRule):
    """A serial column keeps its sequence as a thing of its own, with privileges of its own.

    Whoever may insert into the table needs USAGE on the sequence too, a copied table draws from the same one, and any
    INSERT may give a number that the sequence comes to later. An identity column has none of this.
    """

    code = "SCH015"
    severity = Severity.NOTE
    fix = "Write GENERATED ALWAYS AS IDENTITY (or BY DEFAULT, where rows come with their numbers)."
    source = "https://www.postgresql.org/docs/current/ddl-identity-columns.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id bigserial PRIMARY KEY);",)
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        "CREATE SEQUENCE s; CREATE TABLE t (id text PRIMARY KEY DEFAULT 'T' || nextval('s'));",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns that draw from a sequence that they own."""
        owners = {sequence.owned_by for sequence in design.model.sequences if sequence.owned_by}
        hits = (
            (table, column)
            for table in design.tables
            for column in table.columns
            if column.default
            and column.default.text.startswith("nextval(")
            and qualified(table.schema, table.name, column.name) in owners
        )
        yield from gathered(
            self,
            hits,
            lambda subject, _: f"{subject} is a serial column; identity columns need no privilege on a sequence",
            "columns are serial rather than identity",
        )
