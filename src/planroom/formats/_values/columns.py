"""What values may stand in each column of a table: one reading of types, domains and checks, for all who print it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from planroom.formats._values.claims import NOTHING, Claims, both, claims_of
from planroom.formats._values.kinds import Kind, kind_of
from planroom.model import Column, Domain, Enum, Model, Table, View, qualified
from planroom.sqltext import DataType, mentioned_columns

__all__ = ["ColumnValues", "Values"]

_WHOLE = {"smallint": 15, "integer": 31, "bigint": 63}  # bits besides the sign
_TEXTS = {"character varying", "character"}


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """What may stand in one column.

    Attributes:
        column: The column.
        kind: The kind of its values, or of its elements' where it is an array.
        array: It is an array.
        enum: The id of the enum whose labels are its values; empty for none.
        claims: What every value meets; nothing for arrays.
        bits: How many bits a whole number has besides its sign; None for other kinds.
        digits: How many digits a number has at the most, and how many of them behind the point; None for any.
        required: A new row must say it: NULL is refused, and nothing stands for it.
    """

    column: Column
    kind: Kind
    array: bool
    enum: str
    claims: Claims
    bits: int | None
    digits: tuple[int, int] | None
    required: bool


class Values:
    """Reads the columns of one model in PostgreSQL's dialect."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @cached_property
    def _enums(self) -> dict[tuple[str, str], Enum]:
        return {(each.schema, each.name): each for each in self._model.enums}

    @cached_property
    def _domains(self) -> dict[tuple[str, str], Domain]:
        return {(each.schema, each.name): each for each in self._model.domains}

    def of(self, table: Table | View) -> Iterator[ColumnValues]:
        """Yield what may stand in each column, in their order."""
        checks = [check.expression for check in table.checks if check.validated] if isinstance(table, Table) else []
        by_column: dict[str, list[str]] = defaultdict(list)
        for check in checks:
            for name in mentioned_columns(check.text):
                by_column[name].append(check.canonical)
        for column in table.columns:
            yield self._of(column, by_column[column.name])

    def _of(self, column: Column, checks: list[str]) -> ColumnValues:
        kind, domains = self._below(column.type)
        claims = both(_of_type(kind), claims_of(checks, column.name))
        for domain in domains:
            conditions = (check.expression.canonical for check in domain.checks)
            claims = both(claims, claims_of(conditions, "value"))
        enum = self._enums.get((kind.schema, kind.name))
        nullable = column.nullable and all(domain.nullable for domain in domains)
        given = column.default or column.identity or column.generated or any(domain.default for domain in domains)
        return ColumnValues(
            column,
            Kind.TEXT if enum else kind_of(kind),
            array=kind.array,
            enum=enum.id if enum else "",
            claims=NOTHING if kind.array or enum else claims,
            bits=_WHOLE.get(kind.name),
            digits=_digits(kind),
            required=not nullable and not given,
        )

    def _below(self, kind: DataType) -> tuple[DataType, list[Domain]]:
        """Return the type below a domain, and the domains on the way."""
        domains: list[Domain] = []
        while not kind.array and (domain := self._domains.get((kind.schema, kind.name))) and domain not in domains:
            domains.append(domain)
            kind = domain.type
        return kind, domains

    def is_nullable(self, column: Column) -> bool:
        """Whether NULL may stand in a column, its domains asked too."""
        return column.nullable and all(domain.nullable for domain in self._below(column.type)[1])

    def enum(self, name: str) -> Enum:
        """Return the enum of an id."""
        return next(each for each in self._model.enums if qualified(each.schema, each.name) == name)


def _of_type(kind: DataType) -> Claims:
    if kind.name in _WHOLE:
        size = Decimal(2) ** _WHOLE[kind.name]
        return Claims(at_least=-size, at_most=size - 1)
    if kind.name in _TEXTS and kind.modifiers:
        return Claims(longest=int(kind.modifiers[0]))
    if digits := _digits(kind):
        limit = Decimal(10) ** (digits[0] - digits[1])
        return Claims(above=-limit, below=limit)
    return NOTHING


def _digits(kind: DataType) -> tuple[int, int] | None:
    if kind.name != "numeric" or not kind.modifiers or kind.array:
        return None
    precision, scale = int(kind.modifiers[0]), int(kind.modifiers[1]) if len(kind.modifiers) > 1 else 0
    return (precision, scale) if 0 <= scale <= precision else None
