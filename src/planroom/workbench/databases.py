"""Databases: the user's own, and those that planroom makes to try things in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from planroom.errors import FormatError, UnknownNameError
from planroom.workbench.generating import generate
from planroom.workbench.sources import read

if TYPE_CHECKING:
    from planroom.engines.base import Engine
    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.model import Model

__all__ = ["database", "duckdb", "filled", "postgres"]


def postgres(url: str | None = None) -> Engine:
    """Return a PostgreSQL engine: a fresh database on the embedded server, or the user's own server.

    Args:
        url: ``postgresql://user@host/database``; None for the embedded PostgreSQL 18, which starts on first use.

    Raises:
        ServerUnavailableError: No server can be started or reached.
    """
    from planroom.engines import ENGINES

    return ENGINES["postgres"].connect(url)


def duckdb(path: str | Path | None = None) -> Engine:
    """Return a DuckDB engine: in memory, or a database file, which is only read.

    Raises:
        ServerUnavailableError: The file is missing, is no DuckDB database, or is locked.
    """
    from planroom.engines import ENGINES

    return ENGINES["duckdb"].connect(None if path is None else str(path))


@contextmanager
def database(
    source: Any,
    *,
    on: str = "postgres",
    rows: Mapping[str, str | float] | None = None,
    seed: int = 0,
    statistics: str = "whole",
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[Engine]:
    """Give a database that planroom owns, holding the model of a source, and rows; it is dropped at the end.

    Args:
        source: Anything that `read` takes.
        on: The engine's name, ``postgres`` or ``duckdb``.
        rows: Rows by table, which are made up as `generate` does; None for no rows. PostgreSQL has then validated every
            constraint. In DuckDB the tables are those that `generate` gives, without constraints.
        seed: Another seed gives other rows.
        statistics: What PostgreSQL's planner learns of the rows: ``whole``, the same each time for tables up to 3
            million rows; ``sampled``, as ANALYZE does by itself; or ``none``.
        progress: Called before each table is made or loaded with its id, how many are done, and how many there are.

    Raises:
        QuantityError: A number of rows makes no sense, or a table's keys do not allow it.
        UnknownNameError: There is no such engine.
        ServerUnavailableError: No server can be started.
        StatementFailedError: The engine refuses the model; the message is the engine's own.
    """
    model = read(source)
    if rows is not None and on == "duckdb":
        with generate(model, rows, seed=seed, progress=progress) as made:
            yield made.engine
        return
    with filled(model, on) as engine:
        if rows is not None:
            with generate(model, rows, seed=seed, verify=False, progress=progress) as made:
                made.load(cast("OwnedPostgres", engine), statistics=statistics, progress=progress)
        yield engine


def filled(model: Model, on: str) -> Engine:
    """Return an engine on a fresh database that holds a model; closing it drops the database.

    Raises:
        UnknownNameError: There is no such engine.
        ServerUnavailableError: No server can be started.
        StatementFailedError: The engine refuses the model; the message is the engine's own.
    """
    from planroom.engines import ENGINES
    from planroom.formats import FORMATS

    if on not in ENGINES:
        raise UnknownNameError.of("engine", on, ENGINES.names(), listing="planroom engines")
    if on not in FORMATS or not FORMATS[on].writes:
        raise FormatError(f"planroom writes no DDL for {on}.")
    script = FORMATS[on].write(model)
    if on == "duckdb" and any(schema.name == "public" for schema in model.schemas):
        script += "SET search_path = 'public,main';\n"  # PostgreSQL looks there by itself
    engine = ENGINES[on].connect()
    try:
        engine.run(script)
    except BaseException:
        engine.close()
        raise
    return engine
