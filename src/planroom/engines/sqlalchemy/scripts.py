"""What a database says of itself as DDL, read by the format of its dialect.

SQLite keeps the statements that made it, and MySQL and MariaDB give them on request: both are read as scripts are. Of
any other database SQLAlchemy reflects what it can, and its own DDL for that is read, as best effort.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import FormatError
from planroom.findings import Location
from planroom.formats import FORMATS, Document
from planroom.formats.sql import SqlFormat
from planroom.model import Model, Table
from planroom.model.codec import decode, encode
from planroom.sqltext.dialect_expressions import is_dialect

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["model_of", "reflected_script"]

_SQLGLOT = {"mssql": "tsql", "mariadb": "mysql"}
_QUERIES = (
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
)


def model_of(connection: sa.Connection, dialect: str, url: str) -> Model:
    """Return the model of the database that a connection reaches.

    Args:
        connection: SQLAlchemy's connection; its transaction is rolled back.
        dialect: The database's dialect, as SQLAlchemy names it.
        url: What the origins of the objects name.

    Raises:
        FormatError: planroom reads no DDL of this dialect.
    """
    usual: frozenset[tuple[str, str]] = frozenset()
    try:
        if dialect == "sqlite":
            name, script = Path(url.removeprefix("sqlite:///")).stem, ";\n".join(_sqlite(connection))
        elif dialect in {"mysql", "mariadb"}:
            name, script = _database(connection), "\n".join(_mysql(connection))
            usual = _usual_options(connection)
        else:
            name, script = str(connection.engine.url.database or ""), reflected_script(connection)
    finally:
        connection.rollback()
    model = _read(script, _SQLGLOT.get(dialect, dialect), url)
    tables = tuple(_as_written(table, usual) for table in model.tables) if usual else model.tables
    return _placed(replace(model, tables=tables), name, url)


def _read(script: str, dialect: str, url: str) -> Model:
    if dialect in {"sqlite", "mysql"}:
        return FORMATS[dialect].read([Document(url, script)])
    if not is_dialect(dialect):
        raise FormatError(f"planroom reads no DDL of {dialect}.", why="sqlglot, which would read it, does not know it.")
    return SqlFormat().of(dialect).read([Document(url, script)])


def _placed(model: Model, name: str, url: str) -> Model:
    """Return the model with the database as the origin of everything: lines of a script mean nothing to the user."""
    place = Location(url)
    plain = decode(encode(model), Model)
    return replace(
        plain,
        name=name,
        tables=tuple(replace(each, origin=place) for each in plain.tables),
        views=tuple(replace(each, origin=place) for each in plain.views),
        unread=tuple(replace(each, location=place) for each in plain.unread if each.kind != "session"),
        findings=tuple(replace(each, location=place) for each in model.findings),
    )


def _sqlite(connection: sa.Connection) -> Iterator[str]:
    for (statement,) in connection.exec_driver_sql(_QUERIES):
        yield str(statement)


# -- MySQL and MariaDB -------------------------------------------------------------------------------------------------


def _database(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql("SELECT DATABASE()").scalar() or "")


def _mysql(connection: sa.Connection) -> Iterator[str]:
    """Yield a script that makes the current database: tables, then views, then triggers and routines."""
    name = _database(connection)
    if name:
        yield f"USE {_quoted(name)};"
    kinds = {str(row[0]): str(row[1]) for row in connection.exec_driver_sql("SHOW FULL TABLES")}
    for each in sorted(kinds, key=lambda each: (kinds[each] == "VIEW", each)):
        if kinds[each] == "SEQUENCE":
            continue
        what = "VIEW" if kinds[each].endswith("VIEW") else "TABLE"
        yield f"{_shown(connection, what, each)};"
    yield "DELIMITER $$"
    for kind, listing, column in _CODE:
        for row in connection.exec_driver_sql(listing).mappings():
            text = _shown(connection, kind, str(row[column]))
            if text:  # empty where the role may not see the body
                yield f"{text}\n$$"


def _usual_options(connection: sa.Connection) -> frozenset[tuple[str, str]]:
    """Return the options that the server writes out for a table of which nobody said any."""
    asked = "SELECT @@default_storage_engine, @@character_set_database, @@collation_database"
    engine, charset, collation = connection.exec_driver_sql(asked).one()
    return frozenset({("engine", engine), ("charset", charset), ("collation", collation)})


def _as_written(table: Table, usual: frozenset[tuple[str, str]]) -> Table:
    """Return a table without what the server adds by itself: default options, and an index for each foreign key."""
    implied = {(key.name, key.columns) for key in table.foreign_keys}
    return replace(
        table,
        storage=tuple(option for option in table.storage if option not in usual),
        indexes=tuple(
            each
            for each in table.indexes
            if (each.name, tuple(part.column for part in each.columns)) not in implied or each.unique
        ),
    )


_CODE = (
    ("TRIGGER", "SHOW TRIGGERS", "Trigger"),
    ("PROCEDURE", "SHOW PROCEDURE STATUS WHERE Db = DATABASE()", "Name"),
    ("FUNCTION", "SHOW FUNCTION STATUS WHERE Db = DATABASE()", "Name"),
)


_USUAL = re.compile(r"^CREATE (?:ALGORITHM=UNDEFINED )?DEFINER=`[^`]*`@`[^`]*` (?:SQL SECURITY DEFINER (?=VIEW))?")
"""What the server writes out for what nobody said more of; who defined it is a privilege."""


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _shown(connection: sa.Connection, kind: str, name: str) -> str:
    # A percent sign is the driver's placeholder.
    row = connection.exec_driver_sql(f"SHOW CREATE {kind} {_quoted(name)}".replace("%", "%%")).mappings().first()
    found: Any = next((value for key, value in (row or {}).items() if key.startswith(("Create ", "SQL Original"))), "")
    return _USUAL.sub("CREATE ", str(found or ""))


# -- any other ---------------------------------------------------------------------------------------------------------


def reflected_script(connection: sa.Connection) -> str:
    """Return the DDL that SQLAlchemy would send for what it reflects: tables, keys, indexes and views."""
    import sqlalchemy as sa
    from sqlalchemy.schema import CreateIndex, CreateTable

    metadata = sa.MetaData()
    metadata.reflect(connection)
    dialect = connection.dialect
    statements = []
    for table in sorted(metadata.tables.values(), key=lambda each: each.fullname):
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda each: str(each.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes]
    inspector = sa.inspect(connection)
    for name in sorted(inspector.get_view_names()):
        query = inspector.get_view_definition(name)
        text = query.strip() if isinstance(query, str) else ""
        if text:
            head = "" if text[:6].lower() == "create" else f"CREATE VIEW {dialect.identifier_preparer.quote(name)} AS "
            statements.append(head + text)
    return ";\n".join(statements)
