"""PostgreSQL as an engine: a database of planroom's own, which runs anything, or the user's, which is only read."""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
import weakref
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.engines._rows import Rows
from planroom.engines.base import DEFAULT_LIMIT, DEFAULT_TIMEOUT_S
from planroom.engines.postgres.connection import Target, connect, translated
from planroom.engines.postgres.planning import PlanningEngine
from planroom.engines.postgres.reached_functions import volatile_functions
from planroom.engines.postgres.server import Server, embedded
from planroom.engines.postgres.statements import modifies, single_statement
from planroom.errors import EngineError, ServerUnavailableError, StatementRefusedError
from planroom.sqltext import Statement, parse_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from planroom.engines.postgres.connection import Connection
    from planroom.model import Model

__all__ = ["OwnedPostgres", "PostgresEngine", "UsersPostgres"]

LOCK_TIMEOUT_MS = 2000  # long enough for a busy catalog, short enough that nobody queues behind planroom


class PostgresEngine(PlanningEngine):
    """What both kinds of PostgreSQL database share: one connection, made when it is needed.

    Safe to use from several threads, one at a time; a forked child has to open an engine of its own.
    """

    name: ClassVar[str] = "postgres"

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._current: Connection | None = None
        self._opened: list[Connection] = []
        self._closed = False
        weakref.finalize(self, _close_all, self._opened, self._pid).atexit = False

    @property
    def _product(self) -> str:
        return "PostgreSQL"

    @property
    def version(self) -> str:
        """The server's version, such as ``18.6``; asks the server."""
        with self._lock:
            return (self.connection.info.parameter_status("server_version") or "unknown").split()[0]

    @property
    def major(self) -> int:
        """The server's major version, such as 18; 9 for 9.6."""
        with self._lock:
            return self.connection.info.server_version // 10_000

    @property
    def connection(self) -> Connection:
        """The engine's psycopg connection, in autocommit mode; placeholders are ``$1``.

        Raises:
            ServerUnavailableError: The server cannot be reached, or the engine is closed.
        """
        self._refuse_foreign_use()
        with self._lock:
            if self._current is None or self._current.closed:
                self._current = self.connect()
                self._opened[:] = [self._current]
            return self._current

    @abstractmethod
    def connect(self) -> Connection:
        """Open one more connection to the same database, which the caller closes."""

    @abstractmethod
    def _lost(self) -> ServerUnavailableError:
        """Make the error for a connection that broke."""

    @abstractmethod
    def _target(self) -> Target:
        """Return where the database is."""

    @property
    def url(self) -> str:
        """Where the database is, without a password."""
        return self._target().url

    def _refuse_foreign_use(self) -> None:
        if self._closed:
            raise ServerUnavailableError("This PostgreSQL engine is closed.", fix="open a new one.")
        if self._pid != os.getpid():
            raise ServerUnavailableError(
                "This PostgreSQL engine belongs to the parent process.",
                why="a connection cannot be shared between processes.",
                fix="open a new engine in this process.",
            )

    @contextlib.contextmanager
    def snapshot(self, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
        """Open one REPEATABLE READ, READ ONLY transaction with an empty search_path, for planroom's own queries.

        It yields a function that takes SQL and values for ``$1``, ``$2`` ... and returns all rows. The
        transaction is rolled back at the end.

        Raises:
            StatementFailedError: The server refused a query.
            ServerUnavailableError: The connection broke.
        """

        def fetch(sql: str, *params: object) -> list[tuple[Any, ...]]:
            with self._errors(sql):
                return self.connection.execute(sql.encode(), params or None).fetchall()

        with self._transaction("ISOLATION LEVEL REPEATABLE READ, READ ONLY", timeout_s):
            fetch("SELECT set_config('search_path', '', true)")
            yield fetch

    def model(self) -> Model:
        """Return the design that the database's catalog holds, read in one snapshot.

        Raises:
            StatementFailedError: The role may not read the catalog.
            ServerUnavailableError: The connection broke.
        """
        from planroom.engines.postgres.catalog import read_catalog

        with self.snapshot() as run:
            version = int(run("SELECT current_setting('server_version_num')")[0][0])
            return read_catalog(run, version=version, source=self.url)

    @contextlib.contextmanager
    def _transaction(self, mode: str, timeout_s: float) -> Iterator[None]:
        """Begin a transaction with timeouts, and roll it back whatever happens."""
        with self._lock:
            with self._errors(""):
                self.connection.execute(f"BEGIN TRANSACTION {mode}".encode())
            try:
                self._limit(timeout_s)
                yield
            finally:
                self._roll_back()

    def _limit(self, timeout_s: float) -> None:
        """Set the timeouts of the open transaction."""
        with self._errors(""):
            self.connection.execute(
                b"SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)",
                (str(round(timeout_s * 1000)), str(LOCK_TIMEOUT_MS)),
            )

    def _roll_back(self) -> None:
        if self._current is not None and not self._current.closed:
            with self._errors(""):
                self._current.rollback()

    def _errors(self, sql: str, offset: int = 0, *, inserted: int = 0) -> contextlib.AbstractContextManager[None]:
        return translated(sql, offset=offset, inserted=inserted, secrets=self._target().secrets, lost=self._lost)

    def _streamed(self, sql: str, params: Sequence[object], limit: int) -> Rows:
        """Send one SELECT by the extended protocol, take up to ``limit`` rows, and cancel what is left."""
        rows: list[tuple[Any, ...]] = []
        with self._errors(sql), self.connection.cursor() as cursor:
            stream: Generator[tuple[Any, ...]] = cursor.stream(sql.encode(), tuple(params))  # type: ignore[assignment]
            with contextlib.closing(stream):
                rows.extend(itertools.islice(stream, limit))
                truncated = next(stream, None) is not None
            columns = tuple(column.name for column in cursor.description or ())
        return Rows(columns or self._columns(sql), tuple(rows), truncated)

    def _columns(self, sql: str) -> tuple[str, ...]:
        """Ask for the column names of a SELECT without running it: an empty stream does not tell them."""
        link = self.connection.pgconn
        link.prepare(b"", sql.encode())
        described = link.describe_prepared(b"")
        return tuple((described.fname(position) or b"").decode() for position in range(described.nfields))

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        with self._lock:
            self._closed = True
            _close_all(self._opened, self._pid)
            self._current = None


def _close_all(connections: list[Connection], pid: int) -> None:
    """Close connections in the process that opened them; in a forked child that would end the parent's sessions."""
    while connections and pid == os.getpid():
        connections.pop().close()


class OwnedPostgres(PostgresEngine):
    """A fresh database on a server of planroom's own, dropped when the engine is closed.

    Args:
        server: The server; by default the one that this process shares.
    """

    def __init__(self, server: Server | None = None) -> None:
        super().__init__()
        self.server, self._database = _fresh_database(server)
        self._forget = weakref.finalize(self, self.server.databases.drop_later, self._database)
        self._forget.atexit = False

    @property
    def owned(self) -> bool:
        """True: planroom made this database."""
        return True

    def _target(self) -> Target:
        return self.server.databases.target(self._database)

    @property
    def dsn(self) -> str:
        """A libpq connection string for other programs of this user; it holds no secret and changes every run."""
        return " ".join(f"{name}='{value}'" for name, value in self.server.conninfo(self._database).items())

    def connect(self) -> Connection:
        """Open one more connection to this database, which the caller closes.

        Raises:
            ServerUnavailableError: The server has ended, and the database with it.
        """
        if not self.server.alive:
            raise self._lost()
        try:
            return self.server.databases.connect(self._database)
        except ServerUnavailableError as error:
            raise self._lost() if self.server.epitaph() else error from None

    def _lost(self) -> ServerUnavailableError:
        ending = self.server.epitaph()
        if not ending:
            return ServerUnavailableError(
                "The connection to the embedded PostgreSQL was ended while it was in use.",
                why="the server ended this session; the statement at work was not completed.",
                fix="run it again: the database is still there.",
            )
        return ServerUnavailableError(
            "The embedded PostgreSQL has ended, and this database with it.",
            why=f"{ending}. The statement at work was not completed.",
            fix="open the database again: a fresh server starts by itself.",
        )

    @contextlib.contextmanager
    def trial(self) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
        """Open a transaction that is rolled back at the end, whatever was done in it.

        It yields a function that takes SQL and values for ``$1``, ``$2`` ... and returns all rows.

        Raises:
            StatementFailedError: The server refused a statement.
            ServerUnavailableError: The connection broke.
        """

        def run(sql: str, *params: object) -> list[tuple[Any, ...]]:
            with self._errors(sql), self.connection.cursor() as cursor:
                cursor.execute(sql.encode(), params or None)
                return cursor.fetchall() if cursor.description else []

        with self._lock:
            run("BEGIN")
            try:
                yield run
            finally:
                self._roll_back()

    def query(
        self,
        sql: str,
        *,
        params: Sequence[object] = (),
        limit: int = DEFAULT_LIMIT,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Rows:
        """Send one statement, of any kind, and return its answer; see `Engine.query`.

        A plain SELECT that is cut off is cancelled; a statement that changes rows is carried out to its end.
        """
        statements = parse_postgres(sql)
        if len(statements) > 1:
            raise StatementRefusedError(
                f"query() takes one statement; this text holds {len(statements)}.", fix="run() takes a script."
            )
        with self._lock:
            self._set_timeout(timeout_s)
            if statements and not modifies(statements[0]):
                return self._streamed(sql, params, limit)
            return self._carried_out(sql, params, limit)

    def _carried_out(self, sql: str, params: Sequence[object], limit: int) -> Rows:
        """Send any one statement, let it finish, and keep up to ``limit`` of its rows."""
        with self._errors(sql), self.connection.cursor() as cursor:
            cursor.execute(sql.encode(), tuple(params) or None)
            columns = tuple(column.name for column in cursor.description or ())
            rows = tuple(cursor.fetchmany(limit)) if columns else ()
            return Rows(columns, rows, cursor.rowcount > len(rows) if columns else False, cursor.statusmessage or "")

    def copy_in(self, statement: str, chunks: Iterable[bytes]) -> int:
        """Carry out a COPY ... FROM STDIN with what is to be sent, and return how many rows were taken.

        Raises:
            StatementFailedError: The server refused the statement or a row.
            ServerUnavailableError: The connection broke.
        """
        with self._lock:
            self._set_timeout(0)
            with self._errors(statement), self.connection.cursor() as cursor:
                with cursor.copy(statement.encode()) as copy:
                    for chunk in chunks:
                        copy.write(chunk)
                return cursor.rowcount

    def run(self, script: str) -> None:
        """Run a script as psql would: statement by statement, COPY's rows included, psql's own lines skipped.

        A transaction that the script leaves open stays open; after an error it is rolled back.
        """
        with self._lock:
            self._set_timeout(0)
            script = script.removeprefix("\ufeff")
            statements = parse_postgres(script)
            try:
                for position, statement in enumerate(statements):
                    self._run_one(script, statement, statements[position + 1 : position + 2])
            except EngineError:
                self._roll_back()
                raise

    def _run_one(self, script: str, statement: Statement, following: tuple[Statement, ...]) -> None:
        if statement.kind in {"psql", "copy-data"} or not statement.text.strip():
            return
        connection = self.connection
        # A broken statement is sent as well: the server's message is the one to show.
        start = script.find(statement.text, statement.offset) if statement.kind == "broken" else statement.offset
        with self._errors(script, max(start, 0)):
            if statement.kind == "CopyStmt" and statement.tree.get("is_from") and "filename" not in statement.tree:
                rows = _copy_rows(following)
                with connection.cursor() as cursor, cursor.copy(statement.text.encode()) as copy:
                    copy.write(rows)
            else:
                connection.execute(statement.text.encode())

    def _set_timeout(self, timeout_s: float) -> None:
        connection = self.connection
        if connection.info.transaction_status.name == "INERROR":
            return  # the server will say that the transaction is aborted, or ROLLBACK ends it
        with self._errors(""):
            connection.execute(f"SET statement_timeout = {round(timeout_s * 1000)}".encode())

    def close(self) -> None:
        """Close the connection and drop the database; closing twice is fine."""
        super().close()
        if self._forget.detach() is not None and self._pid == os.getpid():
            self.server.databases.drop(self._database)


def _fresh_database(server: Server | None) -> tuple[Server, str]:
    """Make a database; when the shared server turns out to be dead, once more on a fresh one."""
    if server is not None:
        return server, server.databases.create()
    shared = embedded()
    try:
        return shared, shared.databases.create()
    except ServerUnavailableError:
        if not shared.epitaph():
            raise
    shared = embedded()
    return shared, shared.databases.create()


def _copy_rows(following: tuple[Statement, ...]) -> str:
    r"""Return the rows below a COPY ... FROM stdin, without the line ``\.`` that ends them."""
    if not following or following[0].kind != "copy-data":
        return ""
    lines = following[0].text.splitlines(keepends=True)
    return "".join(lines[:-1] if lines and lines[-1].strip() == "\\." else lines)


class UsersPostgres(PostgresEngine):
    """A database that the user named. planroom reads it, one statement at a time, and rolls back.

    Args:
        target: Where it is.
    """

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._where = target

    @property
    def owned(self) -> bool:
        """False: this database is the user's."""
        return False

    def _target(self) -> Target:
        return self._where

    def connect(self) -> Connection:
        """Open one more connection to this database, which the caller closes; never send it the user's text.

        Raises:
            ServerUnavailableError: The server cannot be reached, or does not let this user in.
        """
        return connect(self._where)

    def _lost(self) -> ServerUnavailableError:
        return ServerUnavailableError(
            f"The connection to {self.url} was lost.",
            why="the server or the network ended it while it was in use.",
            fix="run it again: planroom connects anew.",
        )

    def query(
        self,
        sql: str,
        *,
        params: Sequence[object] = (),
        limit: int = DEFAULT_LIMIT,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        allow_functions: bool = False,
    ) -> Rows:
        """Send one reading statement in a READ ONLY transaction that is rolled back; see `Engine.query`.

        Args:
            sql: One SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE; the server itself refuses to write.
            params: The values of the placeholders ``$1``, ``$2`` ...
            limit: The most rows to return.
            timeout_s: The statement's timeout; a wait for a lock ends after two seconds.
            allow_functions: Whether to run volatile functions: a READ ONLY transaction does not keep such a
                function from signalling a session or calling another server.

        Raises:
            StatementRefusedError: It is another kind of statement, several, or calls a volatile function.
        """
        statement = single_statement(sql)
        with self._transaction("READ ONLY", timeout_s):
            if not allow_functions and (called := self._volatile_functions(statement)):
                raise _volatile(called)
            return self._streamed(statement.text, params, limit)

    def _vet(self, statement: Statement, *, allow_functions: bool) -> tuple[str, ...]:
        """Refuse volatile functions, unless they are allowed; say what a READ ONLY transaction does not hold back."""
        called = self._volatile_functions(statement)
        if called and not allow_functions:
            raise _volatile(called)
        notes = (f"It ran {', '.join(called)}, marked volatile.",) if called else ()
        superuser = "The role is a superuser: a READ ONLY transaction does not hold back all that its functions can do."
        return notes + ((superuser,) if self._is_superuser else ())

    @property
    def _is_superuser(self) -> bool:
        return self.connection.info.parameter_status("is_superuser") == "on"

    def _volatile_functions(self, statement: Statement) -> tuple[str, ...]:
        def fetch(own: str, *values: object) -> list[tuple[Any, ...]]:
            with self._errors(""):
                return self.connection.execute(own.encode(), values or None).fetchall()

        return volatile_functions(statement, fetch)

    def run(self, script: str) -> None:
        """Refuse: planroom never changes a database that the user named.

        Raises:
            StatementRefusedError: Always.
        """
        del script
        raise StatementRefusedError(
            f"planroom does not run scripts on {self.url}.",
            why="it is your database, and planroom only reads it.",
            fix="run it on a database that planroom made: with pr.database(...) as db: db.run(...).",
        )

    def _facts(self) -> tuple[tuple[str, str], ...]:
        note = (("role", "superuser: a READ ONLY transaction does not hold back all that its functions can do"),)
        return super()._facts() + (note if self._is_superuser else ())


def _volatile(functions: tuple[str, ...]) -> StatementRefusedError:
    return StatementRefusedError(
        f"This statement calls {', '.join(functions)}.",
        why="a volatile function can change things even in a READ ONLY transaction.",
        fix="leave the call out, or pass allow_functions=True if you know what it does.",
    )
