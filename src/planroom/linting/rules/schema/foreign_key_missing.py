"""SCH053."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.model.words import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.findings import Finding
    from planroom.model import Column, Table

__all__ = ["ForeignKeyMissing"]

_LEAST, _SHARE = 5, 0.6
_DECLARED = "CREATE TABLE cats (id int PRIMARY KEY);" + "".join(
    f"CREATE TABLE b{n} (id int PRIMARY KEY, cat_id int REFERENCES cats);" for n in range(_LEAST)
)


class ForeignKeyMissing(SchemaRule):
    """A column is named like the key of a table and has its type, and no foreign key ties them.

    The rule speaks where most such columns of the design have one: there the others are forgotten. Where few have,
    it is a decision; `planroom relations` then looks for relations with more evidence.
    """

    code = "SCH053"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "Add the foreign key NOT VALID, delete what dangles, and validate it."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    unproven = "a habit is counted, not run"
    bad: ClassVar[tuple[str, ...]] = (_DECLARED + "CREATE TABLE c (id int PRIMARY KEY, cat_id int);",)
    good: ClassVar[tuple[str, ...]] = (
        _DECLARED + "CREATE TABLE c (id int PRIMARY KEY, cat_id text, dog_id int);",
        "CREATE TABLE cats (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, cat_id int);",
        _DECLARED + "CREATE TABLE c (id int, cat_id int) PARTITION BY HASH (id);"
        "CREATE TABLE c0 PARTITION OF c (FOREIGN KEY (cat_id) REFERENCES cats)"
        " FOR VALUES WITH (MODULUS 1, REMAINDER 0);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns that lack what most of their kind have."""
        targets = _targets(design)
        declared, missing = 0, []
        for table in design.tables:
            referring = design.referring[table.id]
            for column in table.columns:
                parent = _meant(design, targets, table, column)
                if parent and column.name in referring:
                    declared += 1
                elif parent and qualified(table.schema, table.name, column.name) not in design.unread:
                    missing.append((table, column, parent))
        if declared >= _LEAST and declared >= _SHARE * (declared + len(missing)):
            for table, column, parent in missing:
                subject = qualified(table.schema, table.name, column.name)
                yield self.found_in_column(
                    f"{subject} is named like the key of {parent.id} and has its type, and no foreign key ties them",
                    table,
                    column,
                    referenced=parent.id,
                )


def _targets(design: Design) -> Mapping[tuple[str, tuple[str, ...]], Table]:
    """Return the tables with a key of one column, by schema and words of their names; none that two tables share."""
    found: dict[tuple[str, tuple[str, ...]], Table | None] = {}
    for table in design.tables:
        if table.primary_key and len(table.primary_key.columns) == 1:
            place = (table.schema, name_of(table.name).words)
            found[place] = None if place in found else table
    return {place: table for place, table in found.items() if table}


def _meant(
    design: Design, targets: Mapping[tuple[str, tuple[str, ...]], Table], table: Table, column: Column
) -> Table | None:
    """Return the table whose key a column's name and type mean; None where they mean none, or its own."""
    name = name_of(column.name)
    parent = targets.get((table.schema, name.stem)) if name.mark in {"id", "uuid"} and len(name.stem) else None
    key = parent.columns_by_name.get(parent.primary_key.columns[0]) if parent and parent.primary_key else None
    if parent is None or key is None or parent is table:
        return None
    return parent if design.types.base(column.type) == design.types.base(key.type) else None
