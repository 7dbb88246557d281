"""Connections to PostgreSQL: psycopg is imported here, when it is needed, and its errors end here."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from planroom.errors import (
    MissingExtraError,
    PlanroomError,
    ServerUnavailableError,
    SourceError,
    StatementFailedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

__all__ = [
    "SCHEMES",
    "Target",
    "connect",
    "failure",
    "literal",
    "parse_target",
    "place",
    "psycopg_module",
    "translated",
]

SCHEMES = ("postgresql://", "postgres://")
CONNECT_TIMEOUT_S = 5
HIDDEN = "***"
_DRIVER = re.compile(r"^(postgres(?:ql)?)\+\w+(?=://)")  # SQLAlchemy's postgresql+psycopg://
_SECRET_OPTIONS = frozenset({"password", "sslpassword", "passfile", "oauth_client_secret", "scram_client_key"})
_env_lock = threading.Lock()


@dataclass(frozen=True)
class Target:
    """A database to connect to.

    Attributes:
        parameters: libpq's parameters, the password among them: never shown.
        url: The same as a URL, without the secrets.
        isolated: Whether the environment's PG… variables are kept out, as planroom's own server needs.
    """

    parameters: dict[str, str] = field(repr=False)
    url: str
    isolated: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may appear in no message."""
        environment = () if self.isolated else (os.environ.get("PGPASSWORD", ""),)
        given = (value for name, value in self.parameters.items() if name in _SECRET_OPTIONS)
        return tuple(filter(None, (*given, *environment)))


def psycopg_module() -> ModuleType:
    """Return psycopg.

    Raises:
        MissingExtraError: It is not installed, or its libpq is missing.
    """
    try:
        import psycopg
    except ImportError:
        raise MissingExtraError.of("PostgreSQL", "psycopg", "postgres") from None
    return psycopg


def parse_target(text: str) -> Target:
    """Return the database that a URL or a libpq connection string names; nothing is opened.

    Raises:
        SourceError: It is neither; the message does not repeat it, for it may hold a password.
    """
    psycopg = psycopg_module()
    try:
        given = psycopg.conninfo.conninfo_to_dict(_DRIVER.sub(r"\1", text.strip()))
    except psycopg.Error:
        given = {}
    parameters = {name: str(value) for name, value in given.items() if value is not None}
    if not parameters or _is_cut_wrongly(parameters):
        raise SourceError(
            "The PostgreSQL URL cannot be read.",
            why="it is not of the form postgresql://user:password@host:port/database?option=value.",
            fix="write special characters of the password as %XX; @ is %40, / is %2F, : is %3A, % is %25.",
        )
    return Target(parameters, _public_url(parameters))


def _is_cut_wrongly(parameters: dict[str, str]) -> bool:
    """Whether a password with an unescaped ``/`` or ``@`` has spilled into the host, the port or the name."""
    ports = parameters.get("port", "").replace(",", "")
    spilled = "@" in parameters.get("host", "") or "@" in parameters.get("dbname", "")
    return spilled or not (ports == "" or ports.isdigit())


def _public_url(parameters: dict[str, str]) -> str:
    user = f"{parameters['user']}@" if parameters.get("user") else ""
    host = parameters.get("host") or parameters.get("hostaddr") or ""
    port = f":{parameters['port']}" if parameters.get("port", "5432") != "5432" and "," not in host else ""
    return f"postgresql://{user}{host}{port}/{parameters.get('dbname', '')}"


def connect(target: Target) -> Connection:
    """Open a connection in autocommit mode.

    Raises:
        ServerUnavailableError: The server cannot be reached, or does not let this user in.
        MissingExtraError: psycopg is not installed.
    """
    psycopg = psycopg_module()
    defaults = {"connect_timeout": str(CONNECT_TIMEOUT_S), "client_encoding": "utf8", "application_name": "planroom"}
    settings = {**defaults, **target.parameters, "client_encoding": "utf8"}
    try:
        with _without_pg_variables() if target.isolated else contextlib.nullcontext():
            connection: Connection = psycopg.connect(
                **settings, autocommit=True, prepare_threshold=None, cursor_factory=psycopg.RawCursor
            )
    except psycopg.Error as error:
        raise _unreachable(target, str(error)) from None
    _keep_what_python_cannot_hold(connection)
    return connection


@contextlib.contextmanager
def _without_pg_variables() -> Iterator[None]:
    """Hide the variables that libpq reads: PGOPTIONS or PGSERVICE are meant for the user's own servers."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    if not hidden:
        yield
        return
    with _env_lock:
        for name in hidden:
            os.environ.pop(name, None)
        try:
            yield
        finally:
            os.environ.update(hidden)


def _keep_what_python_cannot_hold(connection: Connection) -> None:
    """Read dates outside Python's years as text, and intervals always: Python's timedelta knows no months."""
    from psycopg.types import datetime as dates
    from psycopg.types.string import TextLoader

    for name, loader in (
        ("date", dates.DateLoader),
        ("timestamp", dates.TimestampLoader),
        ("timestamptz", dates.TimestamptzLoader),
        ("time", dates.TimeLoader),
    ):
        connection.adapters.register_loader(name, _or_text(loader))
    connection.adapters.register_loader("interval", TextLoader)


def _or_text(loader: type[Any]) -> type[Any]:
    """Return a loader that gives the server's text where ``loader`` fails, as for ``infinity``."""
    from psycopg import DataError

    class LoaderOrText(loader):  # type: ignore[misc]  # the base is a value
        def load(self, data: Any) -> object:
            try:
                return super().load(data)
            except (DataError, ValueError, OverflowError):
                return bytes(data).decode()

    return LoaderOrText


def _unreachable(target: Target, message: str) -> ServerUnavailableError:
    text = _scrubbed(" ".join(message.split()), target.secrets)
    return ServerUnavailableError(f"The database {target.url} cannot be reached.", why=text, fix=_way_out(text))


def _way_out(message: str) -> str:
    hints = (
        ("password authentication failed", "check the user and the password in the URL."),
        ("no password supplied", "put the password into the URL, PGPASSWORD or ~/.pgpass."),
        ("does not exist", "check the name; `psql -l` lists a server's databases."),
        ("Connection refused", "check the host and the port, and that the server runs and listens there."),
        ("timeout expired", "check the host, the port and the firewall between."),
        ("resolve", "check the host's name."),
        ("pg_hba.conf", "the server's pg_hba.conf has to let this user in from here."),
    )
    return next((fix for sign, fix in hints if sign in message), "check the URL, and that the server runs.")


def _scrubbed(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        for form in {secret, unquote(secret)}:
            text = text.replace(form, HIDDEN)
    return text


def literal(value: object, connection: Connection) -> str:
    """Return a value as an SQL literal, escaped as this connection's server reads it."""
    from psycopg import sql

    return sql.Literal(value).as_string(connection)


def place(sql: str, offset: int) -> str:
    """Return ``sql:line:column``, counted from 1, of a character counted from 0."""
    line = sql.count("\n", 0, offset) + 1
    column = offset - (sql.rfind("\n", 0, offset) + 1) + 1
    return f"sql:{line}:{column}"


@contextlib.contextmanager
def translated(
    sql: str,
    *,
    offset: int = 0,
    inserted: int = 0,
    secrets: tuple[str, ...] = (),
    lost: Callable[[], PlanroomError] | None = None,
) -> Iterator[None]:
    """Turn the driver's errors into planroom's.

    Args:
        sql: The whole text in which ``offset`` and the server's positions are counted.
        offset: Where the statement begins in it, in characters.
        inserted: How many characters planroom sent before the statement, such as those of ``EXPLAIN ``.
        secrets: What the message must not hold.
        lost: Makes the error for a connection that broke.
    """
    psycopg = psycopg_module()
    try:
        yield
    except psycopg.Error as error:
        broken = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and not error.diag.sqlstate
        if lost is not None and (broken or (error.diag.sqlstate or "").startswith("57P0")):
            raise lost() from None
        raise failure(error, sql, offset, secrets, inserted) from None


def failure(
    error: psycopg.Error, sql: str, offset: int = 0, secrets: tuple[str, ...] = (), inserted: int = 0
) -> StatementFailedError:
    """Return planroom's error for a statement that the server refused, in the server's words."""
    told = error.diag
    message = _scrubbed(told.message_primary or str(error).strip() or type(error).__name__, secrets)
    code = f" (SQLSTATE {told.sqlstate})" if told.sqlstate else ""
    position = int(told.statement_position or 0) - inserted
    where = place(sql, offset + position - 1) if position > 0 else ""
    if not where and offset:
        where = place(sql, offset)
    why = _scrubbed("; ".join(filter(None, (told.message_detail, _context(told)))), secrets)
    failed = StatementFailedError(message + code, where=where, why=why, fix=told.message_hint or _fix(told.sqlstate))
    failed.code = told.sqlstate or ""
    return failed


def _context(told: Any) -> str:
    context = " ".join((told.context or "").split())
    return "" if context.startswith("unnamed portal") else context  # that names planroom's way of asking, no reason


def _fix(sqlstate: str | None) -> str:
    """What to do where the server gives no hint of its own."""
    return {
        "25006": "planroom only reads a database that you named; run this on one that it made: pr.database(...).",
        "53100": "the disk that holds the server is full: free some space.",
        "55P03": "another session holds the lock; lock_timeout ended the wait.",
        "57014": "give it more time with timeout_s=, or ask for less.",
    }.get(sqlstate or "", "")
