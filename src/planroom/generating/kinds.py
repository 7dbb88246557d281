"""What a column can hold: its type with domains, enums and composite types looked up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planroom.model import qualified

if TYPE_CHECKING:
    from planroom.model import Domain, Model
    from planroom.sqltext import DataType, Expression

__all__ = ["Kind", "Kinds"]

_INTEGERS = {"smallint": (-(2**15), 2**15 - 1), "integer": (-(2**31), 2**31 - 1), "bigint": (-(2**63), 2**63 - 1)}
_FAMILIES = {
    "smallint": "integer", "integer": "integer", "bigint": "integer", "numeric": "decimal", "real": "float",
    "double precision": "float", "text": "text", "character varying": "text", "character": "text", "citext": "text",
    "name": "text", "boolean": "boolean", "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp", "date": "date", "time without time zone": "time",
    "time with time zone": "timetz", "interval": "interval", "uuid": "uuid", "json": "json", "jsonb": "json",
    "bytea": "bytes", "inet": "inet", "cidr": "cidr", "macaddr": "macaddr", "macaddr8": "macaddr8", "bit": "bits",
    "bit varying": "bits", "money": "money", "xml": "xml", "tsvector": "tsvector", "tsquery": "tsquery",
    "point": "point", "box": "box", "circle": "circle", "lseg": "lseg", "line": "line", "path": "path",
    "polygon": "polygon", "hstore": "hstore", "ltree": "ltree", "oid": "integer", "jsonpath": "jsonpath",
    "vector": "vector", "halfvec": "vector",
    "pg_lsn": "pg_lsn", "char": "text",
}  # fmt: skip
_RANGES = {
    "int4range": "integer", "int8range": "bigint", "numrange": "numeric", "daterange": "date",
    "tsrange": "timestamp without time zone", "tstzrange": "timestamp with time zone",
}  # fmt: skip
_STORED = {
    "integer": "BIGINT", "float": "DOUBLE", "boolean": "BOOLEAN", "timestamptz": "TIMESTAMPTZ",
    "timestamp": "TIMESTAMP", "date": "DATE", "time": "TIME", "interval": "INTERVAL", "uuid": "UUID", "json": "JSON",
    "bytes": "BLOB",
}  # fmt: skip
_MOST_DIGITS = 38  # of DuckDB's DECIMAL


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column can hold.

    Attributes:
        family: What generators go by: ``integer``, ``decimal``, ``text``, ``timestamptz``, ``enum``, ``range`` ...;
            ``unknown`` for what planroom cannot make up.
        type: The built-in or own type beneath any domains.
        labels: The labels of an enum.
        low: The least whole number.
        high: The greatest whole number.
        length: The most characters; 0 for no limit.
        digits: The precision of a decimal.
        scale: Its digits after the point.
        nullable: False where a domain says NOT NULL.
        checks: What domains demand of VALUE.
        parts: The element of an array, the bounds of a range, or the fields of a composite type.
        names: The names of a composite type's fields.
    """

    family: str
    type: DataType
    labels: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    length: int = 0
    digits: int = 0
    scale: int = 0
    nullable: bool = True
    checks: tuple[Expression, ...] = ()
    parts: tuple[Kind, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def stored(self) -> str:
        """The DuckDB type that holds its values; what DuckDB has no type for is kept as PostgreSQL's text."""
        if self.family == "array":
            return f"{self.parts[0].stored}[]"
        if self.family == "integer":
            return {2**15 - 1: "SMALLINT", 2**31 - 1: "INTEGER"}.get(self.high, "BIGINT")
        if self.family == "decimal":
            return f"DECIMAL({self.digits},{self.scale})"
        if self.family == "float" and self.type.name == "real":
            return "FLOAT"
        return _STORED.get(self.family, "VARCHAR")

    @property
    def temporal(self) -> bool:
        """Whether its values are moments or days."""
        return self.family in {"timestamp", "timestamptz", "date"}


class Kinds:
    """Looks up what the types of a model's columns can hold."""

    def __init__(self, model: Model) -> None:
        self._domains = {each.id: each for each in model.domains}
        self._enums = {each.id: each for each in model.enums}
        self._composites = {each.id: each for each in model.composite_types}
        self._ranges = {each.id: each for each in model.range_types}

    def of(self, type_: DataType, depth: int = 0) -> Kind:
        """Return what a type can hold; ``unknown`` for a type that the model does not define."""
        if depth > 8:
            return Kind("unknown", type_)
        if type_.array:
            return Kind("array", type_, parts=(self.of(type_.element, depth + 1),))
        key = qualified(type_.schema, type_.name)
        if key in self._domains:
            return self._of_domain(self._domains[key], depth)
        if key in self._enums:
            return Kind("enum", type_, labels=self._enums[key].labels)
        if key in self._composites:
            parts = tuple(self.of(each.type, depth + 1) for each in self._composites[key].fields)
            return Kind(
                "composite", type_, parts=parts, names=tuple(each.name for each in self._composites[key].fields)
            )
        if key in self._ranges:
            return Kind("range", type_, parts=(self.of(self._ranges[key].subtype, depth + 1),))
        return self._builtin(type_, depth)

    def _of_domain(self, domain: Domain, depth: int) -> Kind:
        beneath = self.of(domain.type, depth + 1)
        checks = (*beneath.checks, *(each.expression for each in domain.checks))
        return replace(beneath, checks=checks, nullable=beneath.nullable and domain.nullable)

    def _builtin(self, type_: DataType, depth: int) -> Kind:
        name = type_.name
        if name in _RANGES and not type_.schema:
            return Kind("range", type_, parts=(self.of(replace(type_, name=_RANGES[name]), depth + 1),))
        family = _FAMILIES.get(name, "unknown")
        if family == "integer":
            low, high = _INTEGERS.get(name, (0, 2**31 - 1))
            return Kind(family, type_, low=low, high=high)
        if family == "decimal":
            return _decimal(type_)
        if family in {"text", "bits", "vector"}:
            return Kind(family, type_, length=_length(type_))
        return Kind(family, type_)


def _decimal(type_: DataType) -> Kind:
    numbers = [int(each) for each in type_.modifiers if each.lstrip("-").isdigit()]
    digits, scale = (numbers[0] if numbers else 18, numbers[1] if len(numbers) > 1 else (0 if numbers else 4))
    scale = min(max(scale, 0), _MOST_DIGITS)
    return Kind("decimal", type_, digits=min(max(digits, scale), _MOST_DIGITS), scale=scale)


def _length(type_: DataType) -> int:
    number = type_.modifiers[0] if type_.modifiers else ""
    if number.isdigit():
        return int(number)
    if type_.name == "name":
        return 63
    return 1 if type_.name in {"character", "bit", "char"} else 0
