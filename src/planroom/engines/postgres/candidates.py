"""Indexes that are only thought of: made while their tables are empty, so that they cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementRefusedError
from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["add_candidates"]

_NEW_INDEXES = """
    SELECT c.relname, EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid), i.indexrelid::int8
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indexrelid > $1::int8::oid
"""


def add_candidates(run: Run, statements: Sequence[str]) -> tuple[str, ...]:
    """Carry out each CREATE INDEX, and return the names of the indexes, in their order.

    Raises:
        StatementRefusedError: One is something else, or its index is there already.
        StatementFailedError: The server refused it; the message is the server's own.
    """
    if not statements:
        return ()
    ((last,),) = run("SELECT coalesce(max(indexrelid), 0)::int8 FROM pg_catalog.pg_index")
    names = []
    for statement in statements:
        run(_create_index(statement))
        made = run(_NEW_INDEXES, last)
        name = next((name for name, of_partition, _ in made if not of_partition), None)
        if name is None:
            where = " ".join(statement.split())
            raise StatementRefusedError(
                "This index is there already.", where=where, fix="leave it out of the candidates."
            )
        names.append(name)
        last = max(oid for _, _, oid in made)
    return tuple(names)


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
