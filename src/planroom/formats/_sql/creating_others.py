"""CREATE VIEW, TYPE, SEQUENCE, SCHEMA and DATABASE."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.formats._sql.creation import make_room
from planroom.formats._sql.drafts import LeftAlone, Problem
from planroom.formats._sql.sequences import sequence_options
from planroom.model import Column, Enum, Sequence, View
from planroom.sqltext import DataType
from planroom.sqltext.cursor import without_qualifier
from planroom.sqltext.dialect_expressions import dialect_query, query_columns

if TYPE_CHECKING:
    from planroom.formats._sql.creation import Create
    from planroom.formats._sql.drafts import Catalog
    from planroom.formats._sql.stating import Stated

__all__ = ["create_database", "create_schema", "create_sequence", "create_type", "create_view"]


def create_view(catalog: Catalog, stated: Stated, what: Create) -> None:
    """Read a view with its query."""
    cursor = stated.cursor
    if_not_exists = cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    make_room(catalog, catalog.key(parts), what, if_not_exists=if_not_exists)
    names = cursor.names() if cursor.at("(") else ()
    comment = cursor.string() if cursor.take("COMMENT") or cursor.take("COMMENT", "=") else ""
    while not cursor.at("AS"):
        stated.pass_over(catalog, cursor.until({"AS"}, least=1))
        if cursor.done:
            raise cursor.unexpected("AS")
    cursor.expect("AS")
    text = cursor.rest()
    query, options = _checked(without_qualifier(text, catalog.database) if cursor.dialect == "mysql" else text)
    schema, name = catalog.place(parts)
    columns = names or query_columns(query, cursor.dialect)
    catalog.views[catalog.key(parts)] = View(
        schema=schema,
        name=name,
        query=dialect_query(query, cursor.dialect),
        columns=tuple(Column(each, DataType.UNKNOWN) for each in columns),
        options=tuple(sorted({**options, **stated.options}.items())),
        comment=comment,
        origin=origin,
    )


_CHECK_OPTION = re.compile(r"\s+with\s+(?:(cascaded|local)\s+)?check\s+option\s*$", re.IGNORECASE)


def _checked(text: str) -> tuple[str, dict[str, str]]:
    """Return a view's query and the option that may stand behind it."""
    found = _CHECK_OPTION.search(text)
    if not found:
        return text, {}
    return text[: found.start()], {"check_option": (found[1] or "cascaded").lower()}


def create_type(catalog: Catalog, stated: Stated, what: Create) -> None:
    """Read an enum."""
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    cursor.expect("AS")
    if not cursor.at("ENUM"):
        cursor.rest()
        raise LeftAlone("structure", "of the types that a script makes, planroom reads enums")
    cursor.skip()
    cursor.expect("(")
    labels = [cursor.string()] if not cursor.at(")") else []
    while cursor.take(","):
        labels.append(cursor.string())
    cursor.expect(")")
    schema, name = catalog.place(parts)
    if catalog.key(parts) in catalog.enums and not what.replaces:
        raise Problem(f"a type called {name!r} exists already")
    catalog.enums[catalog.key(parts)] = Enum(schema=schema, name=name, labels=tuple(labels), origin=origin)


def create_sequence(catalog: Catalog, stated: Stated, what: Create) -> None:
    """Read a sequence."""
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    if cursor.take("AS"):
        stated.pass_over(catalog, f"AS {cursor.name()}")
    schema, name = catalog.place(parts)
    catalog.sequences[catalog.key(parts)] = Sequence(
        schema=schema, name=name, type=DataType("bigint"), options=sequence_options(cursor), origin=origin
    )


def create_schema(catalog: Catalog, stated: Stated, what: Create) -> None:
    """Read a schema; in MySQL it is a database."""
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    name = cursor.dotted()[-1]
    cursor.rest()
    if catalog.dialect == "mysql":
        catalog.database = catalog.database or name
        raise LeftAlone("session", "a database is made around the design: the model's name")
    catalog.schemas[name] = origin


def create_database(catalog: Catalog, stated: Stated, what: Create) -> None:
    """Take the name of the design from its database."""
    cursor = stated.cursor
    cursor.take("IF", "NOT", "EXISTS")
    catalog.database = catalog.database or cursor.name()
    raise LeftAlone("session", "a database is made around the design: the model's name")
