"""SCH039."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import ForeignKey, Table

__all__ = ["OneToOneTables"]

_NARROW = 4  # columns of its own: wider ones are often kept apart for their size


class OneToOneTables(SchemaRule):
    """A table holds at most one row for each row of another, and little beside the reference.

    Every read joins what could stand in one row. Subtypes (several such tables of one), other contexts, protected rows
    and tables that others refer to are left alone.
    """

    code = "SCH039"
    severity = Severity.NOTE
    fix = (
        "Move its columns into the other table, nullable where they are optional; or say in a comment why it is apart."
    )
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-UNIQUE-CONSTRAINTS"
    unproven = "a matter of design, which no server judges"
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE u (id int PRIMARY KEY, name text);"
            "CREATE TABLE u_settings (u_id int PRIMARY KEY REFERENCES u, theme text);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE s (u_id int REFERENCES u, n int, PRIMARY KEY (u_id, n));",
        (
            "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE a (u_id int PRIMARY KEY REFERENCES u, x text);"
            "CREATE TABLE b (u_id int PRIMARY KEY REFERENCES u, y text);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the narrow tables whose whole primary key refers to that of another."""
        for table in design.tables:
            for key in table.foreign_keys:
                parent = design.model.tables_by_id.get(key.referenced_table)
                if parent and _is_same(table, key, parent) and self._is_alone(design, table, parent):
                    yield self.found(
                        f"{table.id} has at most one row for each row of {parent.id}, and "
                        f"{len(table.columns) - len(key.columns)} columns of its own",
                        table.id,
                        table.origin,
                        parent=parent.id,
                    )

    def _is_alone(self, design: Design, table: Table, parent: Table) -> bool:
        siblings = [
            each
            for each in design.children.get(parent.id, ())
            if each.child != table.id and set(each.columns) == set(_primary(design.model.tables_by_id[each.child]))
        ]
        rows, its = design.rows_of(table.id), design.rows_of(parent.id)
        rare = bool(rows and its and rows < its / 2)
        apart = table.row_security != parent.row_security or qualified(table.annotations.context) != qualified(
            parent.annotations.context
        )
        return not siblings and not rare and not apart and not design.children.get(table.id)


def _primary(table: Table) -> tuple[str, ...]:
    return table.primary_key.columns if table.primary_key else ()


def _is_same(table: Table, key: ForeignKey, parent: Table) -> bool:
    whole = set(key.columns) == set(_primary(table)) and set(key.referenced_columns) == set(_primary(parent))
    own = len(table.columns) - len(key.columns)
    return whole and 0 < own <= _NARROW and table.schema == parent.schema and table is not parent and not table.comment
