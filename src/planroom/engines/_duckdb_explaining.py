"""How DuckDB is asked for a plan so that nothing of the question stays: settings put back, changes rolled back."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from planroom.errors import StatementFailedError, StatementRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

__all__ = ["explain_prefix", "plan_document", "set_for_now", "undone"]


def explain_prefix(*, analyze: bool) -> str:
    """Return the line that goes before a statement."""
    return "EXPLAIN (ANALYZE, FORMAT json)\n" if analyze else "EXPLAIN (FORMAT json)\n"


def plan_document(rows: Sequence[tuple[object, ...]]) -> str:
    """Return the JSON in the answer of EXPLAIN; of several plans (``explain_output`` all) the physical one, the last.

    Raises:
        StatementFailedError: DuckDB ran the statement and measured nothing.
    """
    document = str(rows[-1][1]) if rows else ""
    if not document or (len(document) < 100 and json.loads(document) == {"result": "error"}):
        raise StatementFailedError(
            "DuckDB gives no measured plan of this statement.",
            why="it carries some statements out without an operator tree, such as INSERT of literal rows.",
            fix="leave analyze out, or insert from a SELECT.",
        )
    return document


@contextlib.contextmanager
def set_for_now(connection: duckdb.DuckDBPyConnection, settings: Sequence[tuple[str, str]]) -> Iterator[None]:
    """Set what is asked for, and put back what was there before."""
    before: list[tuple[str, object]] = []
    try:
        for name, value in settings:
            before.append((name, _current(connection, name)))
            connection.execute(f"SET {_identifier(name)} = {_literal(value)}")
        yield
    finally:
        for name, old in reversed(before):
            _put_back(connection, name, old)


def _put_back(connection: duckdb.DuckDBPyConnection, name: str, value: object) -> None:
    """Set a setting as it was: DuckDB shows some rounded (18.8 GiB), so its default is tried first."""
    connection.execute(f"RESET {_identifier(name)}")
    if _current(connection, name) != value:
        connection.execute(f"SET {_identifier(name)} = {_literal(str(value))}")


def _current(connection: duckdb.DuckDBPyConnection, name: str) -> object:
    found = connection.execute("SELECT value FROM duckdb_settings() WHERE name = lower($1)", [name]).fetchone()
    return found[0] if found else None  # SET will say that there is no such setting, and name the nearest


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@contextlib.contextmanager
def undone(connection: duckdb.DuckDBPyConnection, *, writes: bool) -> Iterator[None]:
    """Begin a transaction that is rolled back.

    Args:
        connection: Where; a transaction may be open there.
        writes: Whether what runs inside changes anything.

    Raises:
        StatementRefusedError: It does, and a transaction is open: DuckDB has no savepoints to go back to.
    """
    if _in_transaction(connection):
        if writes:
            raise StatementRefusedError(
                "planroom does not run this statement inside the transaction that is open.",
                why="DuckDB has no savepoints, so its changes could not be undone alone.",
                fix="end the transaction first, with run('COMMIT') or run('ROLLBACK').",
            )
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _in_transaction(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a transaction is open: otherwise each statement has one of its own. A BEGIN too many would abort it."""
    first, second = (connection.execute("SELECT txid_current()").fetchone() for _ in range(2))
    return first == second
