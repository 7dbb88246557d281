"""SCH018."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.model.polymorphism import companion_of, indexed_together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Column, Table

__all__ = ["PolymorphicAssociation"]


class PolymorphicAssociation(SchemaRule):
    """A column refers to rows of several tables, so no foreign key can hold it.

    Another column says which table is meant. Nothing keeps the reference true: rows that are deleted leave their
    dependents behind, and each join needs a branch for every table.
    """

    code = "SCH018"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Have a nullable foreign key for each table, and a CHECK that exactly one is set; or a table that all share."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    unproven = "a matter of design, which no server judges"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, owner_type text, owner_id bigint);",
        (
            "CREATE TABLE ct (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, object_id text,"
            " content_type_id int REFERENCES ct);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE o (id int PRIMARY KEY);"
            "CREATE TABLE t (id int PRIMARY KEY, owner_type text, owner_id int REFERENCES o);"
        ),
        "CREATE TABLE t (id int PRIMARY KEY, type text);",
        "CREATE TABLE event (event_id int PRIMARY KEY, event_type int);",
        "CREATE TABLE t (id int PRIMARY KEY, document_type text, document_id text);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns without a foreign key that have a column beside them that says which table is meant."""
        for table in design.tables:
            referring = design.referring[table.id] | {key.columns[0] for key in table.keys if len(key.columns) == 1}
            for column in table.columns:
                which = companion_of(table, column)
                if column.name == "object_id" and "content_type_id" in referring:
                    which = "content_type_id"
                if which and column.name not in referring and _is_pair(design, table, column, which):
                    yield self.found_in_column(
                        f"{qualified(table.schema, table.name, column.name)} refers to the table that {which} names, "
                        "and no foreign key can say so",
                        table,
                        column,
                        companion=which,
                    )


def _is_pair(design: Design, table: Table, column: Column, which: str) -> bool:
    """Whether one column is a key and the other one names its table.

    A text beside a type is as often an identifier of somebody else's; an index on both says that it is looked up so.
    """
    kind = table.columns_by_name[which].type
    says = design.types.is_text(kind) or design.types.is_enum(kind) or design.types.family(kind) == "integer"
    is_key = design.types.family(column.type) in {"integer", "uuid"}
    return says and (is_key or which == "content_type_id" or indexed_together(table, column.name, which))
