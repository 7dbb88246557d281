"""SCH011."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.gathering import gathered
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["MoneyType"]


class MoneyType(SchemaRule):
    """A column of type money means another amount when lc_monetary is another.

    The type holds a number of smallest units without the currency; the setting of whoever reads or restores it decides
    how many decimals it has and which sign is printed.
    """

    code = "SCH011"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Make it numeric, with the currency in a column beside it."
    source = "https://www.postgresql.org/docs/current/datatype-money.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, price money);",)
    good: ClassVar[tuple[str, ...]] = ("CREATE TABLE t (id int PRIMARY KEY, price numeric(12, 2));",)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns of that type."""
        hits = (
            (table, column)
            for table in design.tables
            for column in table.columns
            if design.types.base(column.type).name == "money"
        )
        yield from gathered(
            self, hits, lambda subject, _: f"{subject} is money, whose meaning follows a setting", "columns are money"
        )
