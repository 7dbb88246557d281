"""SCH034."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.gathering import listed
from planroom.linting.habits import case_of, fits_case, habit
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["NameInAnotherCase"]

_WORDS = "a_a int, b_b int, c_c int, d_d int, e_e int, f_f int, g_g int, h_h int"


class NameInAnotherCase(SchemaRule):
    """A name is written in another case than nearly all others of the schema.

    Which case that is, is learned from the schema: nothing is said where there is no habit, and nothing for the habit.
    """

    code = "SCH034"
    severity = Severity.NOTE
    fix = "Rename it like the others, with a view or a synonym for those who use the old name."
    source = "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"
    unproven = "a habit is counted, not run"
    bad: ClassVar[tuple[str, ...]] = (
        f'CREATE TABLE t (id int PRIMARY KEY, {_WORDS}, "createdAt" date);',
        f'CREATE TABLE t (id int PRIMARY KEY, {_WORDS}, "Created_At" date);',
    )
    good: ClassVar[tuple[str, ...]] = (
        f"CREATE TABLE t (id int PRIMARY KEY, {_WORDS}, created date);",
        'CREATE TABLE t (id int PRIMARY KEY, "createdAt" date, at_home int);',
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables that are named otherwise, and those with such columns."""
        tables = habit(_decisive(table.name for table in design.tables))
        columns = habit(_decisive(column.name for table in design.tables for column in table.columns))
        for table in design.tables:
            if tables and not fits_case(table.name, tables):
                message = f"{table.id} is in {case_of(table.name)}, nearly all other tables are in {tables}"
                yield self.found(message, table.id, table.origin, habit=tables)
            odd = [
                each.name
                for each in table.columns
                if columns and not each.inherited and not fits_case(each.name, columns)
            ]
            if odd:
                message = f"columns of {table.id} are not in {columns} as nearly all others are: {listed(odd)}"
                yield self.found(message, table.id, table.origin, habit=columns, columns=tuple(odd))


def _decisive(names: Iterator[str]) -> Iterator[str]:
    return (case for case in map(case_of, names) if case != "lower")
