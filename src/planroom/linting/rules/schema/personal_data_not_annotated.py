"""SCH019."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.gathering import gathered
from planroom.linting.schemas import Design, SchemaRule
from planroom.model.personal import looks_personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["PersonalDataNotAnnotated"]


class PersonalDataNotAnnotated(SchemaRule):
    """A column is named like personal data, and nobody has said of which class they are.

    What is not classified is left out of access requests, of deletion and of the masking of copies for tests. A name
    proves nothing: where it is no personal data, a class such as ``none`` says that somebody has looked.
    """

    code = "SCH019"
    severity = Severity.WARNING
    effect = Effect.INSECURE
    fix = "Say in the notes which class of personal data it is: `orders.email: {pii: email}`."
    source = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
    unproven = "no server knows what a name means"
    notes: ClassVar[dict[str, dict[str, object]]] = {"*.email": {"pii": "email"}}
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, email text, mobile_phone text);",
        "CREATE TABLE t (id int PRIMARY KEY, iban text);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, email text, email_verified boolean, phone_count int);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns with such names; as notes where the design classifies none at all."""
        classifies = any(column.annotations.pii for table in design.tables for column in table.columns)
        hits = (
            (table, column)
            for table in design.tables
            for column in table.columns
            if not column.annotations.pii and not column.inherited and looks_personal(column)
        )
        yield from gathered(
            self,
            hits,
            lambda subject, _: f"{subject} is named like personal data and has no class",
            "columns are named like personal data and have no class",
            None if classifies else Severity.NOTE,
        )
