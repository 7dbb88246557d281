"""SCH055."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import Facts, PersonalValues, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["PersonalValuesNotAnnotated"]


class PersonalValuesNotAnnotated(SchemaRule):
    """The values of a column are personal data by their form or checksum, and nobody has said so.

    It is judged where a database with the data is given. A sample is looked at inside the process; a finding says how
    many values were of that form, and never what they were.
    """

    code = "SCH055"
    severity = Severity.WARNING
    effect = Effect.INSECURE
    fix = "Say in the notes which class of personal data it is: `orders.reference: {pii: email}`."
    source = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
    unproven = "it goes by values; a test asks both engines for them"
    facts = Facts(personal={"public.t.reference": PersonalValues("e-mail addresses", 498, 500)})
    notes: ClassVar[dict[str, dict[str, object]]] = {"u.reference": {"pii": "email"}}
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, reference text);",)
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE u (id int PRIMARY KEY, reference text);",
        "CREATE TABLE t (id int PRIMARY KEY, code text);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns whose values were told, and that have no class."""
        for table in design.tables if design.facts.personal else ():
            for column in table.columns:
                found = design.facts.personal.get(qualified(table.schema, table.name, column.name))
                if found is not None and not column.annotations.pii:
                    message = (
                        f"{qualified(table.schema, table.name, column.name)} holds {found.kind} ({found.matching} of "
                        f"{found.looked_at} values looked at) and has no class"
                    )
                    yield self.found_in_column(message, table, column, kind=found.kind)
