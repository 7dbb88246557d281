"""DuckDB, in this process: a database in memory of planroom's own, or the user's file, opened read-only."""

from __future__ import annotations

import contextlib
import os
import threading
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.engines._duckdb_errors import failure
from planroom.engines._duckdb_explaining import explain_prefix, plan_document, set_for_now, undone
from planroom.engines._explained import Explained, setting_pairs
from planroom.engines._files import refuse_what_is_no_database
from planroom.engines._interrupting import interruptible
from planroom.engines._rows import Rows
from planroom.engines.base import DEFAULT_LIMIT, DEFAULT_TIMEOUT_S, Availability, Engine, EngineKind
from planroom.errors import (
    MissingExtraError,
    ServerUnavailableError,
    StatementFailedError,
    StatementRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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
        from planroom.formats.duckdb import model_of

        with self._lock, self._errors(""):
            ((database,),) = self.connection.execute("SELECT current_database()").fetchall()
            parts = {kind: self._catalog_rows(kind, database) for kind in CATALOG_KINDS}
        return model_of(self._path.stem if self._path else "", **parts)

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
            offset = max(sql.find(statements[0].query), 0)
            with self._errors(sql, offset), self._time_limit(timeout_s):
                connection = self.connection
                return interruptible(lambda: self._answer(statements[0], params, limit), connection.interrupt)

    def explain(
        self,
        sql: str,
        *,
        analyze: bool = False,
        params: Sequence[object] = (),
        generic: bool = False,
        settings: Mapping[str, object] | None = None,
        allow_functions: bool = False,  # noqa: ARG002  (on the user's file no function reaches anything but that file)
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Explained:
        """Return the plan of one statement as DuckDB writes it down; see `Engine.explain`.

        The user's file is open for reading alone, so a statement that writes has no plan there.

        Raises:
            StatementRefusedError: It is none, several, an EXPLAIN, asks for a generic plan, or writes to a file.
        """
        if generic:
            raise StatementRefusedError(
                "DuckDB has no generic plans.",
                why="it plans a statement for the values of its parameters, each time.",
                fix="pass the values with params=.",
            )
        pairs = setting_pairs(settings)
        with self._lock:
            statement = self._explainable(sql, pairs)
            document = self._plan(sql, statement, params, pairs, analyze=analyze, timeout_s=timeout_s)
        text = statement.query.strip().rstrip(";").rstrip()
        notes = ("The statement was carried out and rolled back.",) if analyze and _writes(statement) else ()
        return Explained("duckdb", self.version, text, document, analyze, pairs, notes)

    def _explainable(self, sql: str, settings: tuple[tuple[str, str], ...]) -> Any:
        statements = self._statements(sql)
        if len(statements) != 1:
            raise StatementRefusedError(
                f"A plan is of one statement; this text holds {len(statements) or 'none'}.",
                fix="ask for the plans one by one.",
            )
        if _kind(statements[0]) == "EXPLAIN":
            raise StatementRefusedError(
                "This is an EXPLAIN already.", fix="give the statement itself: planroom puts EXPLAIN before it."
            )
        self._refuse_unless_reading(statements[0])
        if settings and not self.owned:
            raise StatementRefusedError(
                f"planroom sets no {settings[0][0]} for a file that you named.",
                why="the settings of its connection are locked, so that no statement can lift its limits.",
                fix="ask for the plan on a database that planroom made: pr.duckdb().",
            )
        return statements[0]

    def _plan(
        self, sql: str, statement: Any, params: Sequence[object], settings: Any, *, analyze: bool, timeout_s: float
    ) -> str:
        """Return what EXPLAIN answers; the statement begins on the second line of what is sent."""
        offset = max(sql.find(statement.query), 0)
        with self._errors(sql, offset, inserted_lines=1), contextlib.ExitStack() as leaving:
            connection = self.connection
            leaving.enter_context(set_for_now(connection, settings))
            if analyze:
                leaving.enter_context(undone(connection, writes=_writes(statement)))
            leaving.enter_context(self._time_limit(timeout_s))
            question = explain_prefix(analyze=analyze) + statement.query
            answer = interruptible(
                lambda: connection.execute(question, list(params) or None).fetchall(), connection.interrupt
            )
            return plan_document(answer)

    def _answer(self, statement: Any, params: Sequence[object], limit: int) -> Rows:
        values = list(params) or None
        # The text, not the statement: DuckDB miscounts the places of errors by what stood before the statement.
        cursor = self.connection.execute(statement.query, values)
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

    def kinds(self, sql: str) -> tuple[str, ...]:
        """Return what each statement of a text is, such as ``SELECT``; nothing is run.

        Raises:
            StatementFailedError: DuckDB cannot parse it; the message is its own.
        """
        with self._lock:
            return tuple(map(_kind, self._statements(sql)))

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
    def _errors(self, sql: str, offset: int = 0, *, inserted_lines: int = 0) -> Iterator[None]:
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
            raise failure(str(error), sql, offset, inserted_lines) from None
        except RuntimeError as error:
            if str(error) == "Query interrupted":  # the driver's translation of the user's interrupt
                raise KeyboardInterrupt from None
            raise

    def close(self) -> None:
        """Close the connection; a database in memory is gone. Closing twice is fine."""
        if self._pid != os.getpid():
            return  # the parent's threads are not here, and DuckDB cannot end without them
        with self._lock:
            if self._connection is not None:
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


def _writes(statement: Any) -> bool:
    return _kind(statement) not in READING


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
