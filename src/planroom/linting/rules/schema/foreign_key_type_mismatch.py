"""SCH002."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.column_edits import retyped
from planroom.linting.schemas import Design, SchemaRule
from planroom.linting.types import INTEGER_RANGES
from planroom.model import qualified
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Edit, Finding
    from planroom.linting.types import Types
    from planroom.model import Column, ForeignKey, Table
    from planroom.sqltext import DataType

__all__ = ["ForeignKeyTypeMismatch"]


class ForeignKeyTypeMismatch(SchemaRule):
    """The columns of a foreign key have other types than the key that they refer to.

    A narrower integer cannot hold every key of the referenced table. Types of different families are cast for each
    comparison, so that no index of the referencing table serves it. Within a family the index is used, and a wider type
    costs no more than its bytes.
    """

    code = "SCH002"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Give the referencing column the type of the referenced one."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id bigint REFERENCES p);",
        "CREATE TABLE p (id numeric PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);",
        "CREATE TABLE p (id text PRIMARY KEY); CREATE TABLE c (p_id char(3) REFERENCES p);",
        "CREATE TABLE p (code varchar(20) PRIMARY KEY); CREATE TABLE c (code varchar(10) REFERENCES p);",
        "CREATE TABLE p (t timestamptz PRIMARY KEY); CREATE TABLE c (t timestamp REFERENCES p);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id bigint REFERENCES p);",
        "CREATE DOMAIN d AS int; CREATE TABLE p (id d PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);",
        "CREATE TABLE p (id bigserial PRIMARY KEY); CREATE TABLE c (p_id int8 REFERENCES p);",
        "CREATE TABLE p (code varchar(20) PRIMARY KEY); CREATE TABLE c (code text REFERENCES p);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield each column of a foreign key whose type differs in a way that matters."""
        for table in design.model.tables:
            for key in table.foreign_keys:
                parent = design.model.tables_by_id.get(key.referenced_table)
                pairs = zip(key.columns, key.referenced_columns, strict=False) if parent else ()
                for name, other in pairs:
                    mine, its = table.columns_by_name.get(name), parent.columns_by_name.get(other) if parent else None
                    if mine and its and parent:
                        yield from self._pair(design, (table, mine), (parent, its), key)

    def _pair(
        self, design: Design, child: tuple[Table, Column], parent: tuple[Table, Column], key: ForeignKey
    ) -> Iterator[Finding]:
        (table, mine), (_, its) = child, parent
        found = _difference(design.types, design.types.base(mine.type), design.types.base(its.type))
        if found:
            severity, consequence = found
            other = qualified(parent[0].schema, parent[0].name, its.name)
            told = self.found(
                f"{qualified(table.schema, table.name, mine.name)} is {mine.type.short} and refers to {other}, "
                f"which is {its.type.short}: {consequence}",
                qualified(table.schema, table.name, mine.name),
                mine.origin if mine.origin.line else key.origin,
                severity=severity,
                type=str(mine.type),
                referenced_type=str(its.type),
            )
            yield told.with_edits(self._edits(design, table, mine, its))

    def _edits(self, design: Design, table: Table, mine: Column, its: Column) -> tuple[Edit, ...]:
        """Return the other's type, where one foreign key alone goes by the column."""
        keys = [each for each in table.foreign_keys if mine.name in each.columns]
        referred = any(mine.name in each.referenced_columns for each in design.children.get(table.id, ()))
        free = len(keys) == 1 and not referred and mine.default is None and mine.identity is None
        return retyped(design, table, mine, str(its.type), tied=True) if free and not its.type.array else ()


def _difference(types: Types, mine: DataType, its: DataType) -> tuple[Severity, str] | None:
    """Return how bad a difference is and what follows from it; None where nothing does."""
    if mine == its or "unknown" in {mine.name, its.name}:
        return None
    name_for_text = mine.name == "name" and types.family(its) == "text"  # compared as it is; the other way is a cast
    if types.family(mine) != types.family(its) and not name_for_text:
        return Severity.ERROR, "every comparison casts it, and no index on it is used"
    if mine.array:
        return None
    if mine.name in INTEGER_RANGES:
        mine_largest, its_largest = INTEGER_RANGES[mine.name], INTEGER_RANGES[its.name]
        if mine_largest < its_largest:
            return Severity.ERROR, f"rows with a key above {format_count(mine_largest)} cannot be referred to"
        return Severity.NOTE, "it is wider than any value that it can hold"
    if types.family(mine) == "text":
        return _of_texts(mine, its)
    if mine.name != its.name:
        return Severity.WARNING, "they compare by a conversion, and not every value of one is a value of the other"
    return None


def _of_texts(mine: DataType, its: DataType) -> tuple[Severity, str] | None:
    if mine.modifiers and mine.modifiers[0].isdigit():
        longest = int(its.modifiers[0]) if its.modifiers and its.modifiers[0].isdigit() else None
        if longest is None or int(mine.modifiers[0]) < longest:
            return Severity.WARNING, f"keys longer than {mine.modifiers[0]} characters cannot be referred to"
    return None
