"""SCH032."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit, Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.sqltext import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding, Location
    from planroom.model import Check, ForeignKey, Table

__all__ = ["ConstraintNotValidated"]


class ConstraintNotValidated(SchemaRule):
    """A constraint was added NOT VALID and never validated: older rows may break it.

    New rows are checked, so it looks as if it held; the planner does not rely on it, and a restore of the data may
    fail.
    """

    code = "SCH032"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "ALTER TABLE ... VALIDATE CONSTRAINT, which blocks neither readers nor writers."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;",
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY);"
            "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES p NOT VALID;"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY, a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
            "ALTER TABLE t VALIDATE CONSTRAINT c;"
        ),
        "CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the constraints that are enforced and not validated."""
        for table in design.model.tables:
            for name, origin in _pending(table):
                found = self.found(
                    f"{name} of {table.id} was never validated: rows from before it may break it",
                    table.id,
                    origin if origin.line else table.origin,
                    constraint=name,
                )
                text = f"ALTER TABLE {table.id} VALIDATE CONSTRAINT {quote_identifier(name)}"
                certain = origin.line and not name.startswith("NOT NULL of ")
                yield found.with_edits((Edit(origin, text, ("end",)),) if certain else ())


def _pending(table: Table) -> Iterator[tuple[str, Location]]:
    constraints: tuple[ForeignKey | Check, ...] = (*table.foreign_keys, *table.checks)
    for constraint in constraints:
        if constraint.enforced and not constraint.validated:
            yield constraint.name, constraint.origin
    for column in table.columns:
        if not column.not_null_validated:
            yield column.not_null_name or f"NOT NULL of {column.name}", column.origin
