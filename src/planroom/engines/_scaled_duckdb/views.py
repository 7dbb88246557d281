"""The views of a scaled DuckDB: one for each forged file, named like the table; then those of the design."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from planroom.engines._scaled_duckdb.asking import identifier, literal, qualified_name, rows_of
from planroom.engines._scaled_duckdb.naming import mark_of
from planroom.errors import EngineError
from planroom.scaling.parquet.footer import file_of
from planroom.scaling.parquet.marking import marked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planroom.engines._scaled_duckdb.folder import OwnFolder
    from planroom.engines._scaled_duckdb.forged_table import ForgedDatabase, ForgedTable
    from planroom.engines.duckdb import DuckDBEngine

__all__ = ["make_views", "tells_distinct"]

_NO_DISTINCT = (
    "This version of DuckDB cannot be told of distinct values (column_statistics); a filter on {columns} counts as "
    "keeping a fifth of the rows."
)


def make_views(engine: DuckDBEngine, database: ForgedDatabase, folder: OwnFolder) -> tuple[str, ...]:
    """Write the footers, make the views, shut the engine in with them, and return what could not be made.

    Raises:
        StatementFailedError: DuckDB refuses a footer.
        EngineError: There is no room for the footers.
    """
    with_distinct = tells_distinct(engine)
    paths = [
        folder.write(f"{number}.parquet", file_of(marked(each.footer, mark_of(number))))
        for number, each in enumerate(database.tables)
    ]
    _shut_in(engine, folder.path)
    engine.run("".join(_schemas(database)))
    engine.run("".join(_enums(database)))
    for path, table in zip(paths, database.tables, strict=True):
        source = _source(path, table if with_distinct else None)
        engine.run(f"CREATE VIEW {qualified_name(table.schema, table.name)}{_list(table.columns)} AS FROM {source};")
    if any(each.schema == "public" for each in database.tables):
        engine.run("SET search_path = 'public,main';")  # as PostgreSQL has it
    return (*_untold(database, with_distinct=with_distinct), *_views(engine, database))


def tells_distinct(engine: DuckDBEngine) -> bool:
    """Whether this version of DuckDB takes statistics of columns beside a Parquet file.

    The argument is in no documentation; 2.0.0 has it.
    """
    found = rows_of(
        engine,
        "SELECT count(*) FROM duckdb_functions() "
        "WHERE function_name = 'read_parquet' AND list_contains(parameters, 'column_statistics')",
    )
    return bool(found[0][0])


def _shut_in(engine: DuckDBEngine, folder: Path) -> None:
    """Let statements read nothing but the footers; DuckDB lets no statement lift this."""
    engine.run(
        f"SET allowed_directories = [{literal(str(folder))}]; SET autoload_known_extensions = false; "
        "SET enable_external_access = false;"
    )


def _schemas(database: ForgedDatabase) -> Iterator[str]:
    named = {each.schema for group in (database.tables, database.enums, database.views) for each in group}
    yield from (f"CREATE SCHEMA IF NOT EXISTS {identifier(name)};\n" for name in sorted(named - {"main", ""}))


def _enums(database: ForgedDatabase) -> Iterator[str]:
    for each in database.enums:
        labels = ", ".join(map(literal, each.labels))
        yield f"CREATE TYPE {qualified_name(each.schema, each.name)} AS ENUM ({labels});\n"


def _views(engine: DuckDBEngine, database: ForgedDatabase) -> Iterator[str]:
    """Make the views of the design; yield what is to be said of those that cannot be made."""
    waiting = list(database.views)
    while waiting:
        left = [each for each in waiting if not _made(engine, qualified_name(each.schema, each.name), each.query)]
        if len(left) == len(waiting):
            break
        waiting = left
    if waiting:
        names = ", ".join(each.name for each in waiting)
        yield f"Queries cannot name {names}: DuckDB does not understand the view."


def _made(engine: DuckDBEngine, name: str, query: str) -> bool:
    with contextlib.suppress(EngineError):
        if len(engine.connection.extract_statements(f"CREATE VIEW {name} AS {query}")) == 1:
            engine.run(f"CREATE VIEW {name} AS {query}")
            return True
    return False


def _untold(database: ForgedDatabase, *, with_distinct: bool) -> Iterator[str]:
    columns = [f"{table.name}.{column}" for table in database.tables for column, _ in table.distinct]
    if columns and not with_distinct:
        yield _NO_DISTINCT.format(columns=", ".join(columns))


def _source(path: Path, table: ForgedTable | None) -> str:
    """Return the call that reads a forged file, with what its footer cannot say."""
    number = int(path.stem)
    told = [] if table is None else list(table.distinct)
    statistics = ", ".join(
        f"{literal(mark_of(number) + column)}: {{'distinct_count': {count}}}" for column, count in told
    )
    extra = f", column_statistics = {{{statistics}}}" if statistics else ""
    return f"read_parquet({literal(str(path))}{extra})"


def _list(columns: tuple[str, ...]) -> str:
    return f"({', '.join(map(identifier, columns))})"
