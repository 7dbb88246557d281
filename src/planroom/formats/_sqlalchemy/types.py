"""Data types as SQLAlchemy's types, and the enums and domains that a MetaData makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from planroom.formats._python.code import Call, Name, Ref, Value
from planroom.model import qualified
from planroom.model.names import DEFAULT_SCHEMA

if TYPE_CHECKING:
    from planroom.model import Domain, Enum, Model
    from planroom.sqltext import DataType

__all__ = ["METADATA", "Types", "keywords", "named", "schema_of"]

METADATA = Ref(("metadata",))

_SAME_NAME = {
    "jsonb", "money", "oid", "inet", "cidr", "macaddr", "macaddr8", "tsvector", "tsquery", "citext", "hstore",
    "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange", "int4multirange", "int8multirange",
    "nummultirange", "datemultirange", "tsmultirange", "tstzmultirange",
}  # fmt: skip
_PLAIN = {
    "bigint": "BigInteger", "integer": "Integer", "smallint": "SmallInteger", "text": "Text", "boolean": "Boolean",
    "uuid": "Uuid", "json": "JSON", "bytea": "LargeBinary", "date": "Date", "real": "REAL",
    "double precision": "Double", "numeric": "Numeric", "character varying": "String", "interval": "Interval",
    "timestamp without time zone": "DateTime", "time without time zone": "Time",
}  # fmt: skip


def keywords(**values: Value) -> tuple[tuple[str, Value], ...]:
    """Return those keyword arguments that say something: neither None nor empty."""
    return tuple((name, value) for name, value in values.items() if value not in (None, "", [], {}))


class Types:
    """The types of one model; enums and domains are made once, by the metadata.

    Args:
        model: Where enums and domains are defined.
    """

    def __init__(self, model: Model) -> None:
        self._enums = {each.id: each for each in model.enums}
        self._domains = {each.id: each for each in model.domains}

    def definitions(self) -> Iterator[tuple[str, Call]]:
        """Yield the id and the making of every enum, then of every domain, after what it rests on."""
        for enum in self._enums.values():
            yield enum.id, _enum(enum)
        for domain in self._in_order():
            yield domain.id, self._domain(domain)

    def _in_order(self) -> list[Domain]:
        found: dict[str, Domain] = {}
        for domain in self._domains.values():
            chain = [domain]
            while (base := self._domains.get(named(chain[-1].type))) and base.id not in found and base not in chain:
                chain.append(base)
            found.update({each.id: each for each in reversed(chain)})
        return list(found.values())

    def of(self, data_type: DataType, collation: str = "") -> Value:
        """Return a type; an enum or domain is referred to by its id."""
        if data_type.array:
            return Call("postgresql.ARRAY", (self.of(data_type.element, collation),))
        if data_type.schema:
            name = named(data_type)
            return Ref(name) if name in self._enums or name in self._domains else _verbatim(str(data_type))
        return _builtin(data_type, collation)

    def base(self, data_type: DataType) -> DataType:
        """Return the type below all domains."""
        seen: set[str] = set()
        while not data_type.array and (domain := self._domains.get(named(data_type))) and domain.id not in seen:
            seen.add(domain.id)
            data_type = domain.type
        return data_type

    def enum(self, data_type: DataType) -> Enum | None:
        """Return the enum that a type is, if it is one."""
        return self._enums.get(named(data_type)) if data_type.schema else None

    def _domain(self, domain: Domain) -> Call:
        """Return the making of a domain; with its first check alone, for SQLAlchemy's has no more."""
        check = domain.checks[0] if domain.checks else None
        return Call(
            "postgresql.DOMAIN",
            (domain.name, self.of(domain.type)),
            keywords(
                schema=schema_of(domain.schema),
                default=domain.default.text if domain.default else None,
                collation=domain.collation.strip('"'),
                constraint_name=check.name if check and domain.nullable else None,  # it would name the NOT NULL
                check=check.expression.text if check else None,
                not_null=None if domain.nullable else True,
                metadata=METADATA,
            ),
        )


def schema_of(name: str) -> str | None:
    """Return a schema as SQLAlchemy names it: none for the default one."""
    return None if name == DEFAULT_SCHEMA else name


def named(data_type: DataType) -> str:
    """Return the id that a type has if it is an enum, a domain or the like."""
    return qualified(data_type.schema, data_type.name)


def _enum(enum: Enum) -> Call:
    return Call("sa.Enum", enum.labels, keywords(name=enum.name, schema=schema_of(enum.schema), metadata=METADATA))


def _builtin(data_type: DataType, collation: str) -> Value:
    name, modifiers = data_type.name, data_type.modifiers
    if not modifiers and not collation:
        if name in _PLAIN:
            return Name(f"sa.{_PLAIN[name]}")
        if name in _SAME_NAME:
            return Name(f"postgresql.{name.upper()}")
    make = _PARAMETRIC.get(name)
    plain = (collation.startswith('"') and collation.count('"') == 2) or collation.isidentifier()
    if make is None or not all(each.isdigit() for each in modifiers) or (collation and not plain):
        return _verbatim(f"{data_type} COLLATE {collation}" if collation else str(data_type))
    return make(tuple(map(int, modifiers)), keywords(collation=collation.strip('"')))


def _verbatim(text: str) -> Call:
    return Call("Verbatim", (text,))


_Maker = Callable[[tuple[int, ...], tuple[tuple[str, Value], ...]], Call]

_PARAMETRIC: Mapping[str, _Maker] = {
    "text": lambda _, more: Call("sa.Text", (), more),
    "character varying": lambda sizes, more: Call("sa.String", sizes, more),
    "character": lambda sizes, more: Call("sa.CHAR", sizes, more),
    "numeric": lambda sizes, _: Call("sa.Numeric", sizes),
    "bit": lambda sizes, _: Call("postgresql.BIT", sizes),
    "bit varying": lambda sizes, _: Call("postgresql.BIT", sizes, (("varying", True),)),
    "interval": lambda sizes, _: _timed("postgresql.INTERVAL", sizes),
    "timestamp with time zone": lambda sizes, _: _zoned("DateTime", "TIMESTAMP", sizes),
    "timestamp without time zone": lambda sizes, _: _timed("postgresql.TIMESTAMP", sizes),
    "time with time zone": lambda sizes, _: _zoned("Time", "TIME", sizes),
    "time without time zone": lambda sizes, _: _timed("postgresql.TIME", sizes),
}  # fmt: skip


def _timed(function: str, sizes: tuple[int, ...], **more: Value) -> Call:
    return Call(function, (), keywords(**more, precision=sizes[0] if sizes else None))


def _zoned(name: str, postgres: str, sizes: tuple[int, ...]) -> Call:
    return _timed(f"postgresql.{postgres}", sizes, timezone=True) if sizes else _timed(f"sa.{name}", (), timezone=True)
