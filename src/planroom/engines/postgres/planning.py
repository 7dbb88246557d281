"""The part of a PostgreSQL engine that gives plans: its transaction, and how the user's text gets into it."""

from __future__ import annotations

import contextlib
from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planroom.engines._explained import Explained, setting_pairs
from planroom.engines.base import DEFAULT_TIMEOUT_S, Engine
from planroom.engines.postgres.connection import literal
from planroom.engines.postgres.explaining import ExplainRequest, Session, explainable, explained

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.engines.postgres.connection import Connection
    from planroom.sqltext import Statement

__all__ = ["PlanningEngine"]


class PlanningEngine(Engine):
    """An engine on one connection to PostgreSQL, as far as plans need it."""

    _lock: threading.RLock

    @property
    @abstractmethod
    def connection(self) -> Connection:
        """The engine's psycopg connection, in autocommit mode."""

    @abstractmethod
    def _transaction(self, mode: str, timeout_s: float) -> contextlib.AbstractContextManager[None]:
        """Begin a transaction with timeouts, and roll it back whatever happens."""

    @abstractmethod
    def _limit(self, timeout_s: float) -> None:
        """Set the timeouts of the open transaction."""

    @abstractmethod
    def _errors(self, sql: str, offset: int = 0, *, inserted: int = 0) -> contextlib.AbstractContextManager[None]:
        """Turn the driver's errors into planroom's."""

    def explain(
        self,
        sql: str,
        *,
        analyze: bool = False,
        params: Sequence[object] = (),
        generic: bool = False,
        settings: Mapping[str, object] | None = None,
        allow_functions: bool = False,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Explained:
        """Return the plan of one statement as the server writes it down; see `Engine.explain`.

        The transaction is rolled back. On a database that the user named it is READ ONLY, and only settings that
        bear on plans are set. A planner may run functions that are marked immutable or stable.
        """
        statement = explainable(sql, owned=self.owned, analyze=analyze)
        request = ExplainRequest(analyze, tuple(params), generic, setting_pairs(settings))
        with self._undone(timeout_s):
            notes = self._vet(statement, allow_functions=allow_functions) if analyze else ()
            found = explained(statement, request, self._session(sql, statement))
            return replace(found, notes=notes + found.notes)

    def _vet(self, statement: Statement, *, allow_functions: bool) -> tuple[str, ...]:  # noqa: ARG002  (see UsersPostgres)
        """Refuse to run what may do harm, and return what is to be said about what is run."""
        return ()

    @contextlib.contextmanager
    def _undone(self, timeout_s: float) -> Iterator[None]:
        """Begin a transaction that is rolled back; inside an open one, go back to where it stood."""
        with self._lock:
            if self.connection.info.transaction_status.name == "IDLE":
                with self._transaction("READ WRITE" if self.owned else "READ ONLY", timeout_s):
                    yield
                return
            with self._errors(""):
                self.connection.execute(b"SAVEPOINT planroom_explain")
            try:
                self._limit(timeout_s)
                yield
            finally:
                with self._errors(""):
                    self.connection.execute(b"ROLLBACK TO SAVEPOINT planroom_explain")
                    self.connection.execute(b"RELEASE SAVEPOINT planroom_explain")

    def _session(self, sql: str, statement: Statement) -> Session:
        """Return what `explained` needs of this connection; places of errors are those in ``sql``."""
        connection = self.connection

        def fetch(own: str, *values: object) -> list[tuple[Any, ...]]:
            with self._errors(""), connection.cursor() as cursor:
                cursor.execute(own.encode(), values or None)
                return cursor.fetchall() if cursor.description else []

        def send(before: str, text: str, values: Sequence[object]) -> str:
            offset = max(sql.find(statement.text, statement.offset), 0)
            errors = self._errors(sql, offset, inserted=len(before))
            with errors, connection.cursor() as cursor:
                cursor.execute((before + text).encode(), tuple(values), binary=True)  # binary: the extended protocol
                answer = cursor.pgresult
                return (answer.get_value(0, 0) or b"").decode() if answer is not None and answer.ntuples else ""

        def quote(value: object) -> str:
            with self._errors(""):
                return literal(value, connection)

        return Session(fetch, send, quote, self.version, connection.info.server_version, self.owned)
