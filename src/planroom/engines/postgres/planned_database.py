"""A database of planroom's own as the scaled engine uses it: its own statements, quick plans, sessions that end."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.connection import psycopg_module
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.errors import PlanroomError, ServerUnavailableError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

__all__ = ["PlannedDatabase"]


def _execute() -> Any:
    from psycopg.generators import execute

    return execute


_EXPLAIN = b"EXPLAIN (FORMAT JSON) "
_EXPLAIN_GENERIC = b"EXPLAIN (FORMAT JSON, GENERIC_PLAN) "


class PlannedDatabase(OwnedPostgres):
    """A fresh database on the server that this process shares."""

    @property
    def lock(self) -> threading.RLock:
        """What a thread holds while it uses the session."""
        return self._lock

    def send(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Send one statement of planroom's own, with values for ``$1`` ..., and return its rows.

        Raises:
            StatementFailedError: The server refused it.
            ServerUnavailableError: The connection broke.
        """
        with self._errors(sql), self.connection.cursor() as cursor:
            cursor.execute(sql.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def plan(self, text: str, *, generic: bool = False) -> bytes:
        """Return the server's JSON for a statement, by the extended protocol, which takes one statement alone.

        For any values of its parameters (``generic``) it is the simple protocol: the extended one wants the values.

        Args:
            text: One statement, without EXPLAIN; for the simple protocol someone has seen that it is one.
            generic: Whether to return the plan for any values.

        Raises:
            StatementFailedError: The server refused it.
            ServerUnavailableError: The connection broke.
        """
        explain = _EXPLAIN_GENERIC if generic else _EXPLAIN
        with self._errors(text, inserted=len(explain)):
            connection = self.connection
            if generic:
                connection.pgconn.send_query(explain + text.encode())
            else:
                connection.pgconn.send_query_params(explain + text.encode(), None)
            (answer,) = connection.wait(_execute()(connection.pgconn))  # a wait that an interrupt ends
            if answer.ntuples != 1:
                raise psycopg_module().errors.error_from_result(answer)
            return bytes(answer.get_value(0, 0) or b"")

    def _lost(self) -> ServerUnavailableError:
        ending = self.server.epitaph() or "the server ended this session"
        return ServerUnavailableError(
            "The connection to the database at scale was ended while it was in use.",
            why=f"{ending}; planroom does not rely on files whose server may have been at work on them.",
            fix="open it again: a fresh server starts by itself if this one has ended.",
        )

    @contextlib.contextmanager
    def open_transaction(self) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
        """Yield `send` inside a transaction: the open one, or one that is rolled back."""
        if self.connection.info.transaction_status.name == "IDLE":
            with self.trial():
                yield self.send
        else:
            yield self.send

    def abandon(self) -> None:
        """Roll back what is open, if the session still is."""
        with contextlib.suppress(PlanroomError):
            self._roll_back()

    def end_session(self) -> None:
        """End the session; the next statement opens another."""
        self.connection.close()
