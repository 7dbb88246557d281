"""One database that SQLAlchemy reaches. planroom only reads it."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.engines._rows import Rows
from planroom.engines.base import DEFAULT_LIMIT, DEFAULT_TIMEOUT_S, Engine
from planroom.engines.sqlalchemy.opening import opened
from planroom.engines.sqlalchemy.scripts import model_of
from planroom.errors import ServerUnavailableError, StatementFailedError, StatementRefusedError
from planroom.sqltext.reading_only import why_not_one_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from planroom.model import Model

__all__ = ["SqlalchemyEngine"]

_PLACEHOLDER = re.compile(r"\$(\d+)")
_PRODUCTS = {"sqlite": "SQLite", "mysql": "MySQL", "mariadb": "MariaDB", "mssql": "SQL Server", "oracle": "Oracle"}
_LIMITS = {"mariadb": "SET SESSION max_statement_time = {0}", "mysql": "SET SESSION max_execution_time = {1}"}
"""How a server is told to give up: with seconds, with milliseconds."""


class SqlalchemyEngine(Engine):
    """A database of the user's.

    Safe to use from several threads, one at a time; a forked child has to open an engine of its own.

    Args:
        url: A URL as SQLAlchemy writes it.
    """

    name: ClassVar[str] = "sqlalchemy"

    def __init__(self, url: str) -> None:
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._engine, self._shown = opened(url)
        self._open = True
        with self._errors():
            self._connection: sa.Connection = self._engine.connect()

    @property
    def _product(self) -> str:
        return _PRODUCTS.get(self.dialect, self.dialect)

    @property
    def dialect(self) -> str:
        """The dialect, as SQLAlchemy names it; MariaDB apart from MySQL."""
        dialect: Any = self._engine.dialect
        return "mariadb" if getattr(dialect, "is_mariadb", False) else str(dialect.name)

    @property
    def url(self) -> str:
        """Where the database is, without a password and without options."""
        return self._shown

    @property
    def version(self) -> str:
        """The server's version, such as ``10.11.14``; for SQLite, the library's."""
        found: Any = self._engine.dialect.server_version_info
        return ".".join(str(part) for part in found if isinstance(part, int)) if found else "unknown"

    @property
    def owned(self) -> bool:
        """Never: planroom makes no database through SQLAlchemy."""
        return False

    def model(self) -> Model:
        """Return the design that the database's own DDL, or SQLAlchemy's reflection, tells."""
        with self._lock, self._errors():
            self._refuse_foreign_use()
            return model_of(self._connection, self.dialect, self.url)

    def query(
        self,
        sql: str,
        *,
        params: Sequence[object] = (),
        limit: int = DEFAULT_LIMIT,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Rows:
        """Send one query and return its answer; see `Engine.query`. The transaction is rolled back."""
        with self._lock:
            self._refuse_foreign_use()
            reason = why_not_one_query(sql, self.dialect)
            if reason:
                raise StatementRefusedError(
                    f"planroom does not send this to {self.url}.",
                    why=f"{reason}; on your database planroom sends one query, which reads.",
                    fix="run anything else on a database that planroom made: pr.database(...).",
                )
            with self._errors(), self._time_limit(timeout_s):
                return self._answer(sql, params, limit)

    def _answer(self, sql: str, params: Sequence[object], limit: int) -> Rows:
        import sqlalchemy as sa

        named = {f"p{number}": value for number, value in enumerate(params, 1)}
        text = _PLACEHOLDER.sub(r":p\1", sql.replace(":", r"\:")) if params else sql.replace(":", r"\:")
        try:
            cursor = self._connection.execute(sa.text(text), named)
            rows = tuple(map(tuple, cursor.fetchmany(limit + 1)))
            return Rows(tuple(cursor.keys()), rows[:limit], truncated=len(rows) > limit)
        finally:
            self._connection.rollback()

    def run(self, script: str) -> None:  # noqa: ARG002  (nothing is run)
        """Refuse: the database is the user's."""
        raise StatementRefusedError(
            f"planroom does not run scripts on {self.url}.",
            why="it is your database, and planroom only reads it.",
            fix="run it on a database that planroom made: pr.database(...).",
        )

    def close(self) -> None:
        """Close the connection. Closing twice is fine."""
        with self._lock:
            if self._open and self._pid == os.getpid():
                self._connection.close()
                self._engine.dispose()
            self._open = False

    def _refuse_foreign_use(self) -> None:
        if not self._open:
            raise ServerUnavailableError(f"This {self._product} engine is closed.", fix="open a new one.")
        if self._pid != os.getpid():
            raise ServerUnavailableError(
                f"This {self._product} engine belongs to the parent process.", fix="open a new engine in this process."
            )

    @contextlib.contextmanager
    def _time_limit(self, timeout_s: float) -> Iterator[None]:
        """End the statement when the time is over, where the driver has a way to."""
        if timeout_s and self.dialect in _LIMITS:
            self._connection.exec_driver_sql(_LIMITS[self.dialect].format(timeout_s, round(timeout_s * 1000)))
        interrupt = getattr(self._connection.connection.driver_connection, "interrupt", None)
        if not timeout_s or interrupt is None:
            yield
            return
        timer = threading.Timer(timeout_s, interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        from sqlalchemy import exc

        try:
            yield
        except (exc.OperationalError, exc.InterfaceError) as error:
            raise self._unreachable(error) from None
        except exc.SQLAlchemyError as error:
            raise StatementFailedError(_words(error)) from None

    def _unreachable(self, error: Any) -> ServerUnavailableError | StatementFailedError:
        """Return the error of a database that cannot be reached; once it was, the statement is what failed."""
        words = _words(error)
        if hasattr(self, "_connection"):
            return StatementFailedError(words)
        return ServerUnavailableError(
            f"{self.url} cannot be reached.", why=f"{words}.", fix="check the address, the name and the password."
        )


def _words(error: Any) -> str:
    """Return what the driver says, without SQLAlchemy's own additions."""
    told = error.orig if getattr(error, "orig", None) is not None else error
    last = told.args[-1] if getattr(told, "args", ()) else told
    return " ".join(str(last).split()).rstrip(".")
