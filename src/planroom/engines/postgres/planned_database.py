"""A database of planroom's own as the scaled engine uses it: its own statements, quick plans, sessions that end."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.connection import psycopg_module
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.errors import PlanroomError

if TYPE_CHECKING:
    import threading

__all__ = ["PlannedDatabase"]

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
            sql, connection = explain + text.encode(), self.connection.pgconn
            answer = connection.exec_(sql) if generic else connection.exec_params(sql, None)
            if answer.ntuples != 1:
                raise psycopg_module().errors.error_from_result(answer)
            return bytes(answer.get_value(0, 0) or b"")

    def abandon(self) -> None:
        """Roll back what is open, if the session still is."""
        with contextlib.suppress(PlanroomError):
            self._roll_back()

    def end_session(self) -> None:
        """End the session; the next statement opens another."""
        self.connection.close()
