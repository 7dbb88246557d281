"""Indexes that are only thought of: made while their tables are empty, so that they cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementRefusedError
from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["add_candidate"]

_NEW_INDEX = """
    SELECT c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indexrelid > $1::int8::oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid)
"""


def add_candidate(run: Run, statement: str) -> str:
    """Carry out one CREATE INDEX, and return the name of the index.

    Raises:
        StatementRefusedError: It is something else, or the index is there already.
        StatementFailedError: The server refused it; the message is the server's own.
    """
    text = _create_index(statement)
    ((before,),) = run("SELECT coalesce(max(indexrelid), 0)::int8 FROM pg_catalog.pg_index")
    run(text)
    made = run(_NEW_INDEX, before)
    if not made:
        raise StatementRefusedError(
            "This index is there already.", where=" ".join(statement.split()), fix="leave it out of the candidates."
        )
    return str(made[0][0])


def _create_index(statement: str) -> str:
    """Return the text of the one CREATE INDEX that a candidate is.

    Raises:
        StatementRefusedError: It is none.
    """
    found = [each for each in parse_postgres(statement) if each.kind != "empty"]
    if len(found) != 1 or found[0].kind not in {"IndexStmt", "broken"}:
        raise StatementRefusedError(
            f"A candidate is one CREATE INDEX: {' '.join(statement.split())[:80]}",
            fix="give the statements one by one.",
        )
    return found[0].text
