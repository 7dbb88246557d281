"""Data types as SQLAlchemy's PostgreSQL types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planroom.model import qualified
from planroom.model.names import DEFAULT_SCHEMA

if TYPE_CHECKING:
    import sqlalchemy as sa

    from planroom.model import Domain, Enum, Model
    from planroom.sqltext import DataType

__all__ = ["Types"]

_SAME_NAME = {
    "bigint", "integer", "smallint", "text", "boolean", "uuid", "jsonb", "json", "bytea", "date", "real", "money",
    "oid", "inet", "cidr", "macaddr", "macaddr8", "tsvector", "tsquery", "citext", "hstore", "int4range", "int8range",
    "numrange",
    "daterange", "tsrange", "tstzrange", "int4multirange", "int8multirange", "nummultirange", "datemultirange",
    "tsmultirange", "tstzmultirange",
}  # fmt: skip


class Types:
    """The types of one MetaData; enums and domains are made once and known to it.

    Args:
        model: Where enums and domains are defined.
        metadata: What creates them.
    """

    def __init__(self, model: Model, metadata: sa.MetaData) -> None:
        self._model = model
        self._metadata = metadata
        self._made = {each.id: self._enum(each) for each in model.enums}
        for domain in model.domains:
            self._domain(domain)

    def of(self, data_type: DataType, collation: str = "") -> Any:
        """Return the type, as a new object or the one that stands for an enum or domain."""
        from sqlalchemy.dialects import postgresql

        if data_type.array:
            return postgresql.ARRAY(self.of(data_type.element, collation))
        if data_type.schema:
            return self._named(qualified(data_type.schema, data_type.name)) or _verbatim(str(data_type))
        return _builtin(data_type, collation)

    def _named(self, name: str) -> Any:
        if name not in self._made and name in self._domains:
            self._domain(self._domains[name])
        return self._made.get(name)

    @cached_property
    def _domains(self) -> Mapping[str, Domain]:
        return {domain.id: domain for domain in self._model.domains}

    def _enum(self, enum: Enum) -> Any:
        from sqlalchemy.dialects import postgresql

        schema = None if enum.schema == DEFAULT_SCHEMA else enum.schema
        return postgresql.ENUM(*enum.labels, name=enum.name, schema=schema, metadata=self._metadata)

    def _domain(self, domain: Domain) -> Any:
        """Make a domain; with its first check alone, for SQLAlchemy's has no more."""
        from sqlalchemy.dialects import postgresql

        if domain.id not in self._made:
            check = domain.checks[0] if domain.checks else None
            self._made[domain.id] = postgresql.DOMAIN(
                domain.name,
                self.of(domain.type),
                schema=None if domain.schema == DEFAULT_SCHEMA else domain.schema,
                default=domain.default.text if domain.default else None,
                collation=domain.collation.strip('"') or None,
                constraint_name=check.name if check and domain.nullable else None,  # it would name the NOT NULL
                check=check.expression.text if check else None,
                not_null=True if not domain.nullable else None,
                metadata=self._metadata,
            )
        return self._made[domain.id]


def _builtin(data_type: DataType, collation: str) -> Any:
    from sqlalchemy.dialects import postgresql

    name, modifiers = data_type.name, data_type.modifiers
    if name in _SAME_NAME and not modifiers and not collation:
        return getattr(postgresql, name.upper())()
    make = _PARAMETRIC.get(name)
    plain = (collation.startswith('"') and collation.count('"') == 2) or collation.isidentifier()
    if make is None or not all(each.isdigit() for each in modifiers) or (collation and not plain):
        return _verbatim(str(data_type), collation)
    return make(postgresql, [int(each) for each in modifiers], {"collation": collation.strip('"')} if collation else {})


def _verbatim(text: str, collation: str = "") -> Any:
    """Return a type that SQLAlchemy has no class for: it is written as it is, and not looked into."""
    from sqlalchemy.types import UserDefinedType

    class Verbatim(UserDefinedType[Any]):
        cache_ok = True

        def get_col_spec(self, **_: Any) -> str:
            return text + (f" COLLATE {collation}" if collation else "")

    return Verbatim()


_Maker = Callable[[Any, list[int], dict[str, Any]], Any]

_PARAMETRIC: Mapping[str, _Maker] = {
    "text": lambda pg, _, more: pg.TEXT(**more),
    "character varying": lambda pg, sizes, more: pg.VARCHAR(*sizes, **more),
    "character": lambda pg, sizes, more: pg.CHAR(*sizes, **more),
    "numeric": lambda pg, sizes, _: pg.NUMERIC(*sizes),
    "double precision": lambda pg, _, __: pg.DOUBLE_PRECISION(),
    "bit": lambda pg, sizes, _: pg.BIT(*sizes),
    "bit varying": lambda pg, sizes, _: pg.BIT(*sizes, varying=True),
    "interval": lambda pg, sizes, _: pg.INTERVAL(precision=_one(sizes)),
    "timestamp with time zone": lambda pg, sizes, _: pg.TIMESTAMP(timezone=True, precision=_one(sizes)),
    "timestamp without time zone": lambda pg, sizes, _: pg.TIMESTAMP(precision=_one(sizes)),
    "time with time zone": lambda pg, sizes, _: pg.TIME(timezone=True, precision=_one(sizes)),
    "time without time zone": lambda pg, sizes, _: pg.TIME(precision=_one(sizes)),
}  # fmt: skip


def _one(sizes: list[int]) -> int | None:
    return sizes[0] if sizes else None
