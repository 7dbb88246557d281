"""SCH038."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.gathering import listed
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.sqltext import must_be_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Table

__all__ = ["NameNeedsQuotes"]

_HALF = 0.5


class NameNeedsQuotes(SchemaRule):
    """A name is reserved, or not in plain lower case, and has to be quoted wherever it is used.

    Without quotes it is folded to lower case and not found, or is a syntax error. Where half of the tables are named
    so, it is how the tool behind them works, and one finding says it.
    """

    code = "SCH038"
    severity = Severity.NOTE
    effect = Effect.BREAKS_QUERIES
    fix = "Choose a name of lower-case letters, digits and underscores that is no reserved word."
    source = "https://www.postgresql.org/docs/current/sql-keywords-appendix.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        'CREATE TABLE "order" (id int PRIMARY KEY);',
        'CREATE TABLE t (id int PRIMARY KEY, "Total" int); CREATE TABLE u (id int PRIMARY KEY);',
        'CREATE TABLE t (id int PRIMARY KEY, "unit price" int, "end" int);',
    )
    good: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, position int, name text, timestamp date);",)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables with such names, or one finding where half of all are."""
        named = [(table, names) for table in design.tables if (names := _quoted(table))]
        many = len(named) > 1 and len(named) >= _HALF * len(design.tables)
        for table, names in named[: 1 if many else None]:
            if many:
                message = (
                    f"{len(named)} of {len(design.tables)} tables have names that must be quoted, such as {names[0]}"
                )
            else:
                message = f"names of {table.id} must be quoted: {listed(names)}"
            yield self.found(message, table.id, table.origin, names=tuple(names))


def _quoted(table: Table) -> list[str]:
    names = [table.name, *(column.name for column in table.columns)]
    return [qualified(name) for name in names if must_be_quoted(name)]
