"""Which statements planroom sends to a database that the user named: one that reads, and says all it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementRefusedError
from planroom.sqltext import Statement, parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["HARMLESS_FUNCTIONS", "READING_KINDS", "function_name", "modifies", "nodes", "single_statement"]

READING_KINDS = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})
MODIFYING_KINDS = READING_KINDS - {"SelectStmt"}
NOT_STATEMENTS = frozenset({"psql", "copy-data"})
_OWN_DATABASE = "with pr.database(model) as db: db.run(...) runs anything on a database that planroom made."

# Volatile by PostgreSQL's own catalog, and without an effect that outlives the statement.
HARMLESS_FUNCTIONS = frozenset(
    f"pg_catalog.{name}"
    for name in (
        "clock_timestamp", "gen_random_uuid", "pg_current_wal_insert_lsn", "pg_current_wal_lsn", "pg_database_size",
        "pg_indexes_size", "pg_is_in_recovery", "pg_last_wal_receive_lsn", "pg_last_wal_replay_lsn", "pg_lock_status",
        "pg_relation_size", "pg_table_size", "pg_tablespace_size", "pg_total_relation_size", "random",
        "random_normal", "timeofday", "uuidv4", "uuidv7",
    )
)  # fmt: skip


def single_statement(sql: str) -> Statement:
    """Return the one statement in ``sql``, if planroom may send it to a user's database.

    The READ ONLY transaction around it is what keeps it from writing; this keeps out what such a transaction
    lets through: a second statement that ends the transaction, SET, COPY to a program, VACUUM, CALL, DO.

    Raises:
        StatementRefusedError: It is none, several, unreadable, or not SELECT, VALUES, INSERT, UPDATE, DELETE, MERGE.
    """
    statements = [statement for statement in parse_postgres(sql) if statement.kind != "empty"]
    if len(statements) != 1:
        count = "no statement" if not statements else f"{len(statements)} statements"
        raise StatementRefusedError(
            f"This text holds {count}; planroom sends exactly one to a database that you named.",
            fix="send them one by one, or run the script on a database that planroom made.",
        )
    (statement,) = statements
    if statement.kind == "broken":
        raise StatementRefusedError(
            "planroom cannot read this statement, so it does not send it to a database that you named.",
            where=f"sql:{statement.location.line}:{statement.location.column}",
            why=statement.problem,
        )
    _refuse_unless_reading(statement)
    return statement


def _refuse_unless_reading(statement: Statement) -> None:
    if statement.kind not in READING_KINDS:
        raise StatementRefusedError(
            f"planroom does not send {_first_words(statement)} to a database that you named.",
            why="it sends SELECT, VALUES, and INSERT, UPDATE, DELETE or MERGE for their plans, all read-only.",
            fix=_OWN_DATABASE,
        )
    if "intoClause" in statement.tree:
        raise StatementRefusedError(
            "planroom does not send SELECT INTO to a database that you named.",
            why="it makes a table.",
            fix=_OWN_DATABASE,
        )


def _first_words(statement: Statement) -> str:
    words = [word for word in statement.text.split()[:2] if word.isalpha()]
    return " ".join(words[:2]).upper() or statement.kind


def modifies(statement: Statement) -> bool:
    """Return whether a statement, or a WITH inside it, is INSERT, UPDATE, DELETE or MERGE, or is no query at all."""
    return statement.kind != "SelectStmt" or any(name in MODIFYING_KINDS for name, _ in nodes(statement.tree))


def function_name(parts: Iterable[dict[str, Any]]) -> tuple[str, str]:
    """Return the name of a function, operator or type in a syntax tree as (schema or empty, name)."""
    words = [part["String"]["sval"] for part in parts]
    return (words[-2] if len(words) > 1 else "", words[-1])


def nodes(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield every named part of a syntax tree, without recursion: a long OR nests deeper than Python's stack."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from part.items()
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
