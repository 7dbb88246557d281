"""The databases of one embedded server: made for one use each, and dropped after it."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from planroom.engines.postgres.connection import Target, connect, translated
from planroom.engines.postgres.template import TEMPLATE_DATABASE
from planroom.errors import EngineError, ServerUnavailableError

if TYPE_CHECKING:
    from planroom.engines.postgres.connection import Connection
    from planroom.engines.postgres.server import Server

__all__ = ["Databases"]

RECOVERY_PATIENCE_S = 10.0
_RETRY_S = 0.05


class Databases:
    """Makes and drops the databases of ``server``. Safe to use from several threads."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._unwanted: deque[str] = deque()

    def create(self) -> str:
        """Make an empty database and return its name: ``planroom_1``, ``planroom_2`` ...

        Raises:
            ServerUnavailableError: The server has ended.
            StatementFailedError: It could not make one; its disk may be full.
        """
        name = f"planroom_{next(self._numbers)}"
        with self._lock:
            while self._unwanted:
                self._drop(self._unwanted.popleft())
            # With wal_level minimal and fsync off, copying files takes half the time of logging each block.
            strategy = " STRATEGY file_copy" if self._server.binaries.major >= 15 else ""
            self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE_DATABASE}{strategy}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected; do nothing when the server has ended."""
        if not self._server.alive:
            return
        with self._lock:
            try:
                self._drop(name)
            except EngineError:
                if self._server.alive and not self._server.epitaph():
                    raise

    def drop_later(self, name: str) -> None:
        """Drop a database when the next one is made; takes no lock, so that a finaliser may call it."""
        self._unwanted.append(name)

    def target(self, name: str) -> Target:
        """Return where the database called ``name`` is."""
        return Target(self._server.conninfo(name), f"postgresql://embedded/{name}", isolated=True)

    def connect(self, name: str) -> Connection:
        """Connect to a database; wait while the server recovers from the crash of one of its processes.

        Raises:
            ServerUnavailableError: The server has ended.
        """
        deadline = time.monotonic() + RECOVERY_PATIENCE_S
        while True:
            try:
                return connect(self.target(name))
            except ServerUnavailableError as error:
                recovers = "the database system is" in error.why  # "starting up", "in recovery mode", ...
                if not recovers or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_S)

    def _drop(self, name: str) -> None:
        if self._server.binaries.major >= 13:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            return
        self._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608
        self._execute(f"DROP DATABASE IF EXISTS {name}")

    def _execute(self, sql: str) -> None:
        """Send one statement on a connection of its own: one that stayed would keep the template from being copied."""
        with translated(sql, lost=self._lost), self.connect(TEMPLATE_DATABASE) as connection:
            connection.execute(sql.encode())

    def _lost(self) -> ServerUnavailableError:
        return ServerUnavailableError(
            "The embedded PostgreSQL has ended.",
            why=self._server.epitaph() or "it closed the connection.",
            fix="open the database again: a fresh server starts by itself.",
        )
