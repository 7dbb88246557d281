"""How databases are opened so that nothing in them can be changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from planroom.engines._files import refuse_what_is_no_database
from planroom.errors import PlanroomError, SourceError

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["is_sqlite", "opened"]

_DRIVERS = {"mysql": ("pymysql", "pymysql"), "mariadb": ("pymysql", "pymysql"), "mssql": ("pyodbc", "pyodbc"),
            "oracle": ("oracledb", "oracledb")}  # fmt: skip
"""The driver that a URL without one means, and the package to install; pure Python where there is one."""

_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_WRITING_FUNCTIONS = frozenset({"load_extension", "writefile", "edit", "fts3_tokenizer"})
_LISTS = frozenset({"table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list"})
_SETTINGS = frozenset({"read_uncommitted", "encoding", "database_list"})
"""Pragmas that list something, and those that tell a setting unless they are given a value."""


def opened(url: str) -> tuple[sa.Engine, str]:
    """Return SQLAlchemy's engine for a URL, and the URL as it may be shown.

    Raises:
        SourceError: The URL cannot be read, or a SQLite file is missing or none.
        PlanroomError: The driver is not installed.
    """
    import sqlalchemy as sa
    from sqlalchemy import exc

    try:
        parsed = sa.make_url(url)
    except (exc.ArgumentError, ValueError):
        raise SourceError(
            "The URL of the database cannot be read.",
            why="it is not of the form dialect://user:password@host:port/database.",
            fix="write special characters of the password as %XX; @ is %40, / is %2F, : is %3A, % is %25.",
        ) from None
    shown = parsed._replace(password=None, query=sa.util.EMPTY_DICT).render_as_string()
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(Path(parsed.database or "")), shown
    return _server(parsed, shown), shown


def _server(parsed: sa.URL, shown: str) -> sa.Engine:
    import sqlalchemy as sa
    from sqlalchemy import exc

    driver, package = _DRIVERS.get(parsed.drivername, ("", ""))
    chosen = parsed.set(drivername=f"{parsed.drivername}+{driver}") if driver else parsed
    try:
        engine = sa.create_engine(chosen, poolclass=sa.NullPool)
    except ModuleNotFoundError as error:
        raise PlanroomError(
            f"{shown} needs a driver that is not installed.",
            why=f"there is no module {error.name}.",
            fix=f"pip install {package or error.name}",
        ) from None
    except (exc.ArgumentError, exc.NoSuchModuleError) as error:
        raise SourceError(f"{shown} cannot be opened.", why=f"{error}.") from None
    if parsed.get_backend_name() in {"mysql", "mariadb"}:
        sa.event.listen(engine, "begin", _read_only)
    return engine


def _read_only(connection: Any) -> None:
    connection.exec_driver_sql("START TRANSACTION READ ONLY")


# -- SQLite ------------------------------------------------------------------------------------------------------------


def _sqlite(path: Path) -> sa.Engine:
    import sqlalchemy as sa

    refuse_what_is_no_database(path, "SQLite", _is_sqlite)
    # Without a write-ahead log nobody is writing: then SQLite need not even lock the file, nor make one beside it.
    alone = not path.with_name(path.name + "-wal").exists()
    uri = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if alone else ''}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        connection.set_authorizer(_authorised)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.DatabaseError as error:
            connection.close()
            raise SourceError(f"{path} is not a SQLite database.", why=f"{error}.") from None
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.StaticPool)


def _authorised(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Let a statement read, and nothing else: no write, no other file, no setting, no extension."""
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _WRITING_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        return sqlite3.SQLITE_OK if name in _LISTS or (name in _SETTINGS and second is None) else sqlite3.SQLITE_DENY
    allowed = action in _READING or action == sqlite3.SQLITE_TRANSACTION
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


_MAGIC = b"SQLite format 3\0"


def is_sqlite(path: Path) -> bool:
    """Whether a file is a SQLite database, by its first bytes."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except (OSError, ValueError):
        return False


def _is_sqlite(path: Path) -> bool:
    return is_sqlite(path) or path.stat().st_size == 0  # which is a database without tables
