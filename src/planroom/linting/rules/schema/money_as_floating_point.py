"""SCH010."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.linting.types import MONEY_LIKE
from planroom.model import qualified
from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Column, Table

__all__ = ["MoneyAsFloatingPoint"]

_SURELY = frozenset("price salary wage fee revenue subtotal msrp payout surcharge eur usd gbp chf".split())
_PROBABLY = frozenset("amount cost balance payment refund commission budget profit".split())
_PERHAPS = frozenset("total net gross tax discount credit debit charge paid deposit sum value".split())
_OTHERWISE = frozenset(
    """rate ratio percent percentage pct factor score count weight hours days minutes seconds ms duration size bytes
    index probability change multiplier coefficient avg mean stddev variance precision watts energy mass""".split()
)
"""Words that make a number something else: a tax rate, a cost in milliseconds."""


class MoneyAsFloatingPoint(SchemaRule):
    """An amount of money is a binary fraction, which cannot hold most cents.

    0.1 has no finite binary form: sums drift, equal amounts compare as different, and totals do not match their parts.
    How sure the rule is follows from the name, and from a currency or an exact amount beside it.
    """

    code = "SCH010"
    severity = Severity.ERROR
    effect = Effect.WRONG_RESULT
    fix = "Make it numeric with the scale of the currency, or bigint in its smallest unit."
    source = "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, unit_price double precision);",
        "CREATE TABLE t (id int PRIMARY KEY, total real, currency text);",
        "CREATE TABLE t (id int PRIMARY KEY, net numeric(12, 2), total float8);",
        "CREATE TABLE t (id int PRIMARY KEY, amount real);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, unit_price numeric(12, 2), amount_cents bigint);",
        "CREATE TABLE t (id int PRIMARY KEY, price_change_percent real, total real, tax_rate float8);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the columns of money that are real or double precision."""
        for table in design.tables:
            for column in table.columns:
                kind = design.types.base(column.type)
                if kind.name in MONEY_LIKE and not kind.array and not column.inherited:
                    severity = _how_sure(design, table, column)
                    if severity:
                        yield self.found_in_column(
                            f"{qualified(table.schema, table.name, column.name)} is money, and {column.type.short}: "
                            "it cannot hold most amounts exactly",
                            table,
                            column,
                            severity=severity,
                            type=str(column.type),
                        )


def _how_sure(design: Design, table: Table, column: Column) -> Severity | None:
    words = set(words_of(column.name))
    if words & _OTHERWISE or not words & (_SURELY | _PROBABLY | _PERHAPS):
        return None
    if words & _SURELY or any(_is_evidence(design, each) for each in table.columns if each is not column):
        return Severity.ERROR
    return Severity.WARNING if words & _PROBABLY else None


def _is_evidence(design: Design, column: Column) -> bool:
    """Whether a column tells that its table is about money: a currency, or an exact amount."""
    words = set(words_of(column.name))
    exact = design.types.base(column.type).name == "numeric" and not words & _OTHERWISE
    return "currency" in words or (exact and bool(words & (_SURELY | _PROBABLY | _PERHAPS)))
