"""DuckDB, in this process: a database in memory of planroom's own, or the user's file, opened read-only."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.engines._files import refuse_what_is_no_database
from planroom.engines._rows import Rows
from planroom.engines.base import DEFAULT_LIMIT, DEFAULT_TIMEOUT_S, Availability, Engine, EngineKind
from planroom.errors import (
    MissingExtraError,
    ServerUnavailableError,
    StatementFailedError,
    StatementRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    import duckdb

    from planroom.model import Model

__all__ = ["DuckDB", "DuckDBEngine"]

SUFFIXES = (".duckdb", ".ddb")
SHARED_SUFFIX = ".db"  # SQLite and others use it too: the file's first bytes decide
MAGIC, MAGIC_OFFSET = b"DUCK", 8  # main_header.hpp: a checksum of eight bytes comes first
_UNFIT_TYPES = ("WITH TIME ZONE", "INTERVAL")
_NOT_AN_ANSWER = ((), ("Count",), ("Success",))
READING = frozenset({"SELECT", "EXPLAIN", "RELATION", "LOGICAL_PLAN"})
_NO_NETWORK = {"autoinstall_known_extensions": "false"}
# A statement on the user's file sees that file alone: no other file, no extension, no way to change this.
_FILE_ONLY = {"enable_external_access": "false", "autoload_known_extensions": "false"}


CATALOG_KINDS = ("schemas", "tables", "columns", "constraints", "indexes", "views", "types", "sequences")
"""What `planroom.formats.duckdb.DuckCatalog` holds: DuckDB has a function ``duckdb_<kind>()`` for each."""


class DuckDB(EngineKind):
    """DuckDB, in memory or a file."""

    name = "duckdb"

    def describe(self) -> str:
        """Return in one line what this engine is good for."""
        return "DuckDB, in this process: a fresh database in memory, or your file (read-only)"

    def available(self) -> Availability:
        """Return whether the package is installed, without importing it."""
        if util.find_spec("duckdb") is None:
            return Availability(False, "the package duckdb is not installed", fix="pip install 'planroom[lab]'")
        return Availability(True, "the package duckdb, in this process", metadata.version("duckdb"))

    def recognises(self, target: str) -> bool:
        """Return whether ``target`` is ``duckdb://…``, a path with DuckDB's suffix, or a file with its first bytes."""
        if target.startswith("duckdb://"):
            return True
        path = Path(target)
        return path.suffix.lower() in SUFFIXES or (path.suffix.lower() == SHARED_SUFFIX and _is_duckdb(path))

    def connect(self, target: str | None = None) -> DuckDBEngine:
        """Return the user's file, read-only, or a fresh database in memory.

        On a database of planroom's own, SQL may read and write files, as DuckDB users expect of
        ``read_csv`` and ``COPY``. On the user's file it sees nothing but that file.

        Raises:
            SourceError: The file is missing, or no DuckDB database.
            ServerUnavailableError: Another process holds the file.
            MissingExtraError: duckdb is not installed.
        """
        return DuckDBEngine(None if target is None else _path(target))


def _path(target: str) -> Path:
    """Return the path in ``duckdb:///relative`` or ``duckdb:////absolute`` (SQLAlchemy's form), or the path itself."""
    return Path(target.removeprefix("duckdb:///") if target.startswith("duckdb:///") else target)


def _is_duckdb(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(MAGIC_OFFSET + len(MAGIC))[MAGIC_OFFSET:] == MAGIC
    except OSError:
        return False


def _module() -> ModuleType:
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError.of("DuckDB", "duckdb", "lab") from None
    return duckdb


class DuckDBEngine(Engine):
    """One DuckDB database.

    Safe to use from several threads, one at a time; a forked child has to open an engine of its own.

    Args:
        path: The user's file; without it, a fresh database in memory that planroom owns.
    """

    name: ClassVar[str] = "duckdb"

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._connection: duckdb.DuckDBPyConnection | None = _open(path)

    @property
    def _product(self) -> str:
        return "DuckDB"

    @property
    def url(self) -> str:
        """``duckdb:///`` and the path as it was given, or ``duckdb://`` in memory."""
        return f"duckdb:///{self._path.as_posix()}" if self._path else "duckdb://"

    @property
    def version(self) -> str:
        """The library's version, such as ``1.4.0``."""
        return str(_module().__version__)

    @property
    def owned(self) -> bool:
        """Whether the database is in memory, and so planroom's own."""
        return self._path is None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection.

        Raises:
            ServerUnavailableError: The engine is closed, or belongs to the parent process.
        """
        if self._connection is None:
            raise ServerUnavailableError("This DuckDB engine is closed.", fix="open a new one.")
        if self._pid != os.getpid():
            raise ServerUnavailableError(
                "This DuckDB engine belongs to the parent process.", fix="open a new engine in this process."
            )
        return self._connection

    def model(self) -> Model:
        """Return the design that the database's catalog holds; see `Engine.model`."""
        from planroom.formats.duckdb import DuckCatalog, model_of

        with self._lock, self._errors(""):
            ((database,),) = self.connection.execute("SELECT current_database()").fetchall()
            parts = {kind: self._catalog_rows(kind, database) for kind in CATALOG_KINDS}
        return model_of(DuckCatalog(name=self._path.stem if self._path else "", **parts))

    def _catalog_rows(self, kind: str, database: str) -> list[dict[str, object]]:
        """Return what one of DuckDB's catalog functions says of this database, a dictionary a row."""
        relation = self.connection.table_function(f"duckdb_{kind}")
        hidden = " AND NOT internal" if "internal" in relation.columns else ""
        name = database.replace("'", "''")
        cursor = relation.filter(f"database_name = '{name}'{hidden}")
        return [dict(zip(cursor.columns, row, strict=True)) for row in cursor.fetchall()]

    def query(
        self,
        sql: str,
        *,
        params: Sequence[object] = (),
        limit: int = DEFAULT_LIMIT,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Rows:
        """Send one statement and return its answer; see `Engine.query`."""
        with self._lock:
            statements = self._statements(sql)
            if len(statements) != 1:
                raise StatementRefusedError(
                    f"query() takes one statement; this text holds {len(statements) or 'none'}.",
                    fix="run() takes a script, on a database that planroom made.",
                )
            self._refuse_unless_reading(statements[0])
            with self._errors(sql), self._time_limit(timeout_s):
                return self._answer(statements[0], params, limit)

    def _answer(self, statement: Any, params: Sequence[object], limit: int) -> Rows:
        values = list(params) or None
        cursor = self.connection.execute(statement, values)
        described = [(str(column[0]), str(column[1])) for column in cursor.description or []]
        columns = tuple(name for name, _ in described)
        kind = _kind(statement)
        if kind not in READING and columns in _NOT_AN_ANSWER:
            count = cursor.fetchone()
            return Rows((), (), status=f"{kind} {count[0]}" if count else kind)
        if kind == "SELECT" and (as_text := _with_texts(statement.query, [type_name for _, type_name in described])):
            cursor = self.connection.execute(as_text, values)
        rows = tuple(map(tuple, cursor.fetchmany(limit + 1)))
        return Rows(columns, rows[:limit], truncated=len(rows) > limit)

    def _statements(self, sql: str) -> list[Any]:
        with self._errors(sql):
            return list(self.connection.extract_statements(sql))

    def _refuse_unless_reading(self, statement: Any) -> None:
        if not self.owned and _kind(statement) not in READING:
            raise StatementRefusedError(
                f"planroom does not send {_kind(statement)} to a file that you named.",
                why="it only reads it: SELECT, FROM, DESCRIBE, SUMMARIZE, SHOW and EXPLAIN.",
                fix="run it on a database that planroom made: pr.duckdb().",
            )

    def run(self, script: str) -> None:
        """Run any number of statements; see `Engine.run`."""
        if not self.owned:
            raise StatementRefusedError(
                f"planroom does not run scripts on {self.url}.",
                why="it is your database, and planroom only reads it.",
                fix="run it on a database that planroom made: pr.duckdb().",
            )
        with self._lock:
            offset = 0
            for statement in self._statements(script):
                offset = max(script.find(statement.query, offset), offset)
                with self._errors(script, offset):
                    self.connection.execute(statement.query)
                offset += len(statement.query)

    def batches(self, sql: str, *, size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of planroom's own query, so many at a time and in their order, without holding them all.

        Raises:
            StatementFailedError: DuckDB refused the query.
        """
        with self._lock:
            cursor = self.connection.cursor()
        try:
            with self._errors(sql):
                cursor.execute(sql)
            while True:
                with self._errors(sql):
                    rows = cursor.fetchmany(size)
                if not rows:
                    return
                yield rows
        finally:
            cursor.close()

    @contextlib.contextmanager
    def _time_limit(self, timeout_s: float) -> Iterator[None]:
        """Interrupt the connection when the time is over; DuckDB has no timeout of its own."""
        if not timeout_s:
            yield
            return
        timer = threading.Timer(timeout_s, self.connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def _errors(self, sql: str, offset: int = 0) -> Iterator[None]:
        driver = _module()
        try:
            yield
        except driver.InterruptException:
            raise StatementFailedError(
                "The statement was interrupted.",
                why="it ran out of time.",
                fix="give it more time with timeout_s=, or ask for less.",
            ) from None
        except driver.Error as error:
            raise _failure(str(error), sql, offset) from None
        except RuntimeError as error:
            if str(error) == "Query interrupted":  # the driver's translation of the user's interrupt
                raise KeyboardInterrupt from None
            raise

    def close(self) -> None:
        """Close the connection; a database in memory is gone. Closing twice is fine."""
        with self._lock:
            if self._connection is not None and self._pid == os.getpid():
                self._connection.close()
            self._connection = None


def _with_texts(sql: str, types: Sequence[str]) -> str:
    """Return the SELECT with those columns as text that Python cannot hold; empty when it can hold all.

    DuckDB needs a package of its own for time zones, and Python's timedelta knows no months.
    """
    unfit = [any(name in type_name for name in _UNFIT_TYPES) for type_name in types]
    if not any(unfit):
        return ""
    cells = (f"CAST(#{n} AS VARCHAR)" if bad else f"#{n}" for n, bad in enumerate(unfit, start=1))
    return f"SELECT {', '.join(cells)} FROM ({sql.strip().rstrip(';')}\n)"  # noqa: S608


def _kind(statement: Any) -> str:
    return str(statement.type).rpartition(".")[2].removesuffix("_STATEMENT")


def _open(path: Path | None) -> duckdb.DuckDBPyConnection:
    driver: Any = _module()
    if path is not None:
        refuse_what_is_no_database(path, "DuckDB", _is_duckdb)
    settings = {**_NO_NETWORK, **(_FILE_ONLY if path else {})}
    try:
        connection: duckdb.DuckDBPyConnection = driver.connect(
            str(path) if path else ":memory:", read_only=path is not None, config=settings
        )
        with contextlib.suppress(driver.Error):  # without the ICU extension there are no time zones to set
            connection.execute("SET TimeZone = 'UTC'")
        if path is not None:
            connection.execute("SET lock_configuration = true")
    except driver.Error as error:
        raise _unopened(path, str(error)) from None
    return connection


def _unopened(path: Path | None, message: str) -> ServerUnavailableError:
    text = " ".join(message.split())
    if "lock" in text.lower():
        fix = "close the other program, or copy the file and open the copy."
    elif "different configuration" in text:
        fix = "close the other connection to the file in this process first."
    elif "serialization" in text.lower() or "newer version" in text.lower() or "storage version" in text.lower():
        fix = "the file was written by another version of DuckDB: pip install -U duckdb."
    else:
        fix = ""
    return ServerUnavailableError(f"{path or 'A database in memory'} cannot be opened by DuckDB.", why=text, fix=fix)


_CARET = re.compile(r"\n+LINE (?P<line>\d+): (?P<text>[^\n]*)\n(?P<caret> *)\^", re.DOTALL)


def _failure(message: str, sql: str, offset: int) -> StatementFailedError:
    """Return planroom's error in DuckDB's words, with the place that its caret points to."""
    found = _CARET.search(message)
    first, _, rest = (message[: found.start()] if found else message).partition("\n")
    why = " ".join(rest.split())
    fix = re.search(r"(Did you mean .*|Candidate bindings: .*)", why)
    return StatementFailedError(
        first.strip(),
        where=_place(found, sql, offset) if found else "",
        why=why.replace(fix[0], "").strip() if fix else why,
        fix=fix[0] if fix else "",
    )


def _place(found: re.Match[str], sql: str, offset: int) -> str:
    """Return ``sql:line:column`` in the whole text for a place in the statement that begins at ``offset``.

    DuckDB shows a piece of a long line between two ``...``: that piece is searched in the line.
    """
    line = int(found["line"])
    column = len(found["caret"]) - len(f"LINE {line}: ")
    shown = found["text"]
    lines = sql[offset:].splitlines() or [""]
    if shown.startswith("..."):
        start = lines[min(line, len(lines)) - 1].find(shown.removeprefix("...").removesuffix("..."))
        column += max(start, 0) - len("...")
    before = sql[:offset]
    if line == 1:
        column += offset - (before.rfind("\n") + 1)
    return f"sql:{before.count(chr(10)) + line}:{column + 1}"
