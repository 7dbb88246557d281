"""What SQLAlchemy would create on PostgreSQL, as a model.

SQLAlchemy itself writes the DDL that ``MetaData.create_all`` would send, with every type compiled for PostgreSQL 18,
and planroom's own reader folds it. So the model has what the server would have: SERIAL or IDENTITY, the names of what
nobody named, enums and domains in an order that works.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from planroom.ddl import read_postgres
from planroom.errors import FormatError
from planroom.findings import Location
from planroom.formats._sqlalchemy.notes import annotations_of
from planroom.model import Annotations, Column, Model, Table, View, qualified
from planroom.model.names import DEFAULT_SCHEMA
from planroom.sqltext import DataType, Expression

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine.interfaces import Dialect

__all__ = ["accepts", "model_of"]

T = TypeVar("T")

_TYPES = {"MetaData", "registry"}


# -- what is accepted, without importing SQLAlchemy --------------------------------------------------------------------


def accepts(source: object) -> bool:
    """Whether a Python object describes tables to SQLAlchemy; asks names of modules only."""
    if isinstance(source, list | tuple | set | frozenset):
        return bool(source) and all(_is_mapped(each) or _is_a(each, {"Table"}) for each in source)
    return _is_a(source, _TYPES | {"Table"}) or _is_mapped(source) or _has_metadata(source)


def _is_a(source: object, names: set[str]) -> bool:
    return any(
        each.__module__.partition(".")[0] == "sqlalchemy" and each.__name__ in names for each in type(source).__mro__
    )


def _is_mapped(source: object) -> bool:
    return isinstance(source, type) and _is_a(getattr(source, "__table__", None), {"Table"})


def _has_metadata(source: object) -> bool:
    return isinstance(source, type) and _is_a(getattr(source, "metadata", None), {"MetaData"})


# -- reading -----------------------------------------------------------------------------------------------------------


def model_of(source: object) -> Model:
    """Return the model of a MetaData, a registry, a declarative base or SQLModel, a mapped class, or a list of classes.

    A mapped class, a table, or a list of them stands for its tables and those that they refer to.

    Raises:
        FormatError: SQLAlchemy cannot write it for PostgreSQL, or it is none of these.
    """
    metadata, tables = _parts(source)
    script = ";\n".join(_statements(metadata, tables))
    model = read_postgres([("<SQLAlchemy>", script)], name=_name(source))
    return _annotated(model, list(metadata.tables.values()), _places(source))


def _parts(source: object) -> tuple[sa.MetaData, list[sa.Table] | None]:
    """Return the MetaData and, when not all of it is meant, the tables."""
    if isinstance(source, list | tuple | set | frozenset):
        tables = [_table_of(each) for each in source]
        if len({id(table.metadata) for table in tables}) > 1:
            raise FormatError(
                "The classes belong to more than one MetaData.",
                why="a foreign key cannot be followed from one to another.",
                fix="read each MetaData on its own.",
            )
        return tables[0].metadata, _with_referenced(tables)
    if _is_a(source, {"Table"}) or _is_mapped(source):
        table = _table_of(source)
        return table.metadata, _with_referenced([table])
    metadata = source if _is_a(source, {"MetaData"}) else getattr(source, "metadata", None)
    if not _is_a(metadata, {"MetaData"}):
        raise FormatError(f"A {type(source).__name__} describes no tables to SQLAlchemy.")
    return metadata, None  # type: ignore[return-value]


def _table_of(source: object) -> sa.Table:
    table: sa.Table = source if _is_a(source, {"Table"}) else source.__table__  # type: ignore[assignment, attr-defined]
    return table


def _with_referenced(tables: list[sa.Table]) -> list[sa.Table]:
    found: dict[str, sa.Table] = {}
    waiting = list(tables)
    while waiting:
        table = waiting.pop()
        if table.key not in found:
            found[table.key] = table
            waiting += [element.column.table for element in table.foreign_keys]
    return list(found.values())


def _statements(metadata: sa.MetaData, tables: list[sa.Table] | None) -> Iterator[str]:
    """Yield the DDL that SQLAlchemy would send to a PostgreSQL 18."""
    from sqlalchemy.engine.mock import MockConnection
    from sqlalchemy.exc import SQLAlchemyError

    dialect, found = _dialect(), []

    def keep(statement: Any, *_: object, **__: object) -> None:
        found.append(str(statement.compile(dialect=dialect)).strip())

    try:
        metadata.create_all(MockConnection(dialect, keep), tables=tables, checkfirst=False)
    except (SQLAlchemyError, NotImplementedError) as error:
        raise FormatError(
            "SQLAlchemy cannot write these tables for PostgreSQL.",
            why=str(error).partition("\n")[0],
            fix="give the type or option a PostgreSQL form, such as with_variant(...).",
        ) from None
    yield from found


def _dialect() -> Dialect:
    """Return SQLAlchemy's PostgreSQL dialect as it is once it has met a server of version 18."""
    from sqlalchemy.dialects import postgresql

    make: Any = postgresql.dialect
    dialect = make(paramstyle="named")  # others double every %
    dialect.server_version_info = (18,)
    dialect.supports_virtual_generated_columns = True
    dialect.supports_identity_columns = True
    return dialect  # type: ignore[no-any-return]


def _name(source: object) -> str:
    if isinstance(source, type):
        return source.__name__
    return type(source).__name__ if not isinstance(source, list | tuple | set | frozenset) else "classes"


# -- what the DDL does not say -----------------------------------------------------------------------------------------


def _places(source: object) -> dict[str, str]:
    """Return the class that each table is mapped to, by the table's key."""
    found: dict[str, str] = {}
    for mapped in _mapped_classes(source):
        found.setdefault(mapped.__table__.key, f"{mapped.__module__}.{mapped.__qualname__}")
    return found


def _mapped_classes(source: object) -> Iterable[Any]:
    if isinstance(source, list | tuple | set | frozenset):
        return [each for each in source if _is_mapped(each)]
    registry = source if _is_a(source, {"registry"}) else getattr(source, "registry", None)
    registry = registry or getattr(source, "_sa_registry", None)
    mappers = getattr(registry, "mappers", ())
    return sorted(
        (mapper.class_ for mapper in mappers if _is_mapped(mapper.class_)), key=lambda each: each.__qualname__
    )


def _annotated(model: Model, tables: list[sa.Table], places: dict[str, str]) -> Model:
    """Return the model with annotations, and with the classes as origins in place of lines of the DDL."""
    known = {qualified(table.schema or DEFAULT_SCHEMA, table.name): table for table in tables}
    return dataclasses.replace(
        _relocated(dataclasses.replace(model, tables=(), views=()), Location("MetaData")),
        tables=tuple(_annotated_one(each, known.get(each.id), places) for each in model.tables),
        views=tuple(_annotated_one(each, known.get(each.id), places) for each in model.views),
    )


def _annotated_one(item: Any, table: sa.Table | None, places: dict[str, str]) -> Any:
    if table is None:
        return _relocated(item, Location("MetaData"))
    place = places.get(table.key, "MetaData")
    relocated: Table | View = _relocated(item, Location(place))
    columns = tuple(_annotated_column(each, table, place) for each in relocated.columns)
    return dataclasses.replace(relocated, columns=columns, annotations=annotations_of(table.info, place))


def _annotated_column(column: Column, table: sa.Table, place: str) -> Column:
    source = next((each for each in table.columns if each.name == column.name), None)
    where = f"{place}.{column.name}"
    notes = annotations_of(source.info, where) if source is not None else column.annotations
    return dataclasses.replace(column, annotations=notes, origin=Location(where))


_WITHOUT_ORIGIN = (type, Location, Annotations, DataType, Expression)


def _relocated(value: T, place: Location) -> T:
    """Return a value of the model in which every origin is one place."""
    if isinstance(value, tuple):
        items = tuple(_relocated(each, place) for each in value)
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items  # type: ignore[return-value]
    if not dataclasses.is_dataclass(value) or isinstance(value, _WITHOUT_ORIGIN):
        return value
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        own = getattr(value, field.name)
        new = place if field.name == "origin" else _relocated(own, place)
        if new is not own:
            changes[field.name] = new
    return dataclasses.replace(value, **changes) if changes else value
