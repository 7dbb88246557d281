"""Asking a server, for the tests that hold rules about designs against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.ddl import read_postgres
from planroom.linting import SCHEMA_RULES, lint_schema

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

__all__ = ["finds", "one", "plan"]


def finds(slug: str, ddl: str) -> bool:
    return bool(lint_schema(read_postgres([("x.sql", ddl)]), rules=[SCHEMA_RULES[slug]]).findings)


def plan(database: OwnedPostgres, sql: str) -> str:
    rows = database.connection.execute(b"EXPLAIN (COSTS OFF) " + sql.encode()).fetchall()
    return "\n".join(str(row[0]) for row in rows)


def one(database: OwnedPostgres, sql: str) -> Any:
    row = database.connection.execute(sql.encode()).fetchone()
    assert row
    return row[0]
