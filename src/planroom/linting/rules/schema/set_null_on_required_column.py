"""SCH029."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import ForeignKey, Table

__all__ = ["SetNullOnRequiredColumn"]


class SetNullOnRequiredColumn(SchemaRule):
    """A foreign key sets a column to NULL that is NOT NULL: the referenced row can never be deleted.

    The server takes the declaration and refuses each DELETE that it would act on. SET DEFAULT on a column without a
    default is the same.
    """

    code = "SCH029"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Let the column be null, name the columns to set (ON DELETE SET NULL (column)), or say RESTRICT or CASCADE."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int NOT NULL REFERENCES p ON DELETE SET NULL);",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int NOT NULL REFERENCES p ON DELETE SET DEFAULT);",
        (
            "CREATE TABLE p (t int, id int, PRIMARY KEY (t, id)); CREATE TABLE c (t int NOT NULL, p_id int,"
            " FOREIGN KEY (t, p_id) REFERENCES p ON DELETE SET NULL);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p ON DELETE SET NULL);",
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int NOT NULL DEFAULT 0 REFERENCES p"
            " ON DELETE SET DEFAULT);"
        ),
        (
            "CREATE TABLE p (t int, id int, PRIMARY KEY (t, id)); CREATE TABLE c (t int NOT NULL, p_id int,"
            " FOREIGN KEY (t, p_id) REFERENCES p ON DELETE SET NULL (p_id));"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the foreign keys whose action the table itself forbids."""
        for table in design.model.tables:
            for key in table.foreign_keys:
                for verb, action in (("deleting", key.on_delete), ("updating the key of", key.on_update)):
                    touched = (key.on_delete_columns if verb == "deleting" else ()) or key.columns
                    required = _required(table, touched, action)
                    if required:
                        yield self._judged(table, key, verb, action, required)

    def _judged(self, table: Table, key: ForeignKey, verb: str, action: str, required: list[str]) -> Finding:
        return self.found(
            f"{verb} a row of {key.referenced_table} that {table.id} refers to fails: {key.name} says "
            f"{action.upper()}, and {', '.join(required)} is NOT NULL",
            qualified(table.schema, table.name, required[0]),
            key.origin,
            referenced=key.referenced_table,
        )


def _required(table: Table, names: tuple[str, ...], action: str) -> list[str]:
    columns = [column for name in names if (column := table.columns_by_name.get(name)) and not column.nullable]
    if action == "set null":
        return [column.name for column in columns]
    return [column.name for column in columns if not column.default] if action == "set default" else []
