"""SCH007."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.access import AccessPath
from planroom.linting.mentions import columns_in
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.model.words import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.findings import Finding
    from planroom.model import Table

__all__ = ["NullableColumnInUniqueConstraint"]


class NullableColumnInUniqueConstraint(SchemaRule):
    """A NULL in one column of a unique key lets the same values of the others in twice.

    NULLs are distinct unless the key says otherwise: two rows that agree in every other column and have NULL in one
    do not collide. "Unique where given" is left alone: a key of one nullable column, by itself or within what it
    belongs to (tenant_id, external_number); so are keys over each of several references of which a row has one. Where
    every column can be null, it is a note.
    """

    code = "SCH007"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = (
        "Make the column NOT NULL, say NULLS NOT DISTINCT, or add a partial unique index for the rows where it is null."
    )
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-UNIQUE-CONSTRAINTS"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, market text, UNIQUE (code, market));",
        (
            "CREATE TABLE t (id int PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);"
            "CREATE UNIQUE INDEX ON t (email, deleted_at);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, market text NOT NULL, UNIQUE (code, market));",
        "CREATE TABLE t (id int PRIMARY KEY, code text, market text, UNIQUE NULLS NOT DISTINCT (code, market));",
        "CREATE TABLE t (id int PRIMARY KEY, email text UNIQUE);",
        "CREATE TABLE t (f int NOT NULL, plan_id int, deal_id int, UNIQUE (f, plan_id), UNIQUE (f, deal_id));",
        "CREATE TABLE t (id int PRIMARY KEY, tenant_id int NOT NULL, number text, UNIQUE (tenant_id, number));",
        (
            "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, market text, UNIQUE (code, market));"
            "CREATE UNIQUE INDEX ON t (code) WHERE market IS NULL;"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, market text);"
            "CREATE UNIQUE INDEX ON t (code, market) WHERE market IS NOT NULL;"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the unique keys of several columns of which one can be null."""
        for table in design.tables:
            paths = design.paths_of(table)
            for path in paths:
                nullable = _nullable(table, path)
                excused = (
                    _covered(paths, path, nullable)
                    or _is_one_of_several(table, paths, path, nullable)
                    or _is_given_or_not(design, table, path, nullable)
                )
                if nullable and not excused:
                    yield self._judged(table, path, nullable)

    def _judged(self, table: Table, path: AccessPath, nullable: list[str]) -> Finding:
        others = ", ".join(str(part) for part in path.parts if part.column not in nullable)
        alike = f"rows with the same {others}" if others else "equal rows"
        return self.found(
            f"{path} of {table.id} lets {alike} in twice where {' or '.join(nullable)} is null",
            qualified(table.schema, table.name, nullable[0]),
            path.origin if path.origin.line else table.origin,
            severity=None if others else Severity.NOTE,
            constraint=path.name,
            nullable=tuple(nullable),
        )


def _nullable(table: Table, path: AccessPath) -> list[str]:
    """Return the nullable columns of a unique key of several parts that its condition does not mention."""
    if not path.unique or path.nulls_not_distinct or len(path.parts) < 2:
        return []
    mentioned = columns_in(path.predicate)
    columns = [table.columns_by_name.get(name) for name in path.columns]
    return [each.name for each in columns if each and each.nullable and each.name not in mentioned]


def _is_one_of_several(table: Table, paths: Sequence[AccessPath], path: AccessPath, nullable: list[str]) -> bool:
    """Whether the table has such a key for each of several references of which a row has one."""
    rest = {str(part) for part in path.parts if part.column not in nullable}
    for other in paths:
        mine = [name for name in other.columns if name not in rest]
        alike = other.unique and other is not path and rest and rest <= {str(part) for part in other.parts}
        if alike and mine and not set(mine) & set(nullable):
            columns = [table.columns_by_name.get(name) for name in mine]
            if all(column is not None and column.nullable for column in columns):
                return True
    return False


def _is_given_or_not(design: Design, table: Table, path: AccessPath, nullable: list[str]) -> bool:
    """Whether the nullable column is itself what is unique, within the rows that the others say it belongs to."""
    referring = {name for key in table.foreign_keys for name in key.columns}
    scope = [name for name in path.columns if name not in nullable]
    scoped = all(name in referring or name_of(name).mark == "id" for name in scope)
    if len(nullable) != 1:
        return False
    last = nullable[0]
    when = design.types.family(table.columns_by_name[last].type) == "datetime"
    alone = path.columns[-1] == last and last not in referring
    return alone and bool(scope) and scoped and not when


def _covered(paths: Sequence[AccessPath], path: AccessPath, nullable: list[str]) -> bool:
    """Whether another unique key holds for the rows that have NULL there."""
    rest = {str(part) for part in path.parts if part.column not in nullable}
    return any(
        other.unique and other is not path and {str(part) for part in other.parts} <= {*rest}
        and (other.predicate is None or set(nullable) & columns_in(other.predicate))
        for other in paths
    )  # fmt: skip
