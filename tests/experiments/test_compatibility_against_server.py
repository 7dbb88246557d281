"""Which queries a change breaks: as foretold, and as the server says when it is asked to prepare them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.ddl import read_postgres
from planroom.errors import StatementFailedError
from planroom.linting import lint_migrations
from planroom.linting.compatibility import Application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.model import Model

pytestmark = pytest.mark.server

SCHEMAS = Path(__file__).parents[2] / "schemas"
SHOP = (SCHEMAS / "shop.sql").read_text()
OTHERS = {
    "star.sql": "SELECT * FROM ordering.orders NATURAL JOIN ordering.order_lines",
    "insert.sql": "INSERT INTO identity.customers (email, full_name) VALUES ('a@example.org', 'A')",
    "update.sql": "UPDATE ordering.orders o SET status = 'paid' FROM identity.customers c "
    "WHERE c.customer_id = o.customer_id",
    "delete.sql": "DELETE FROM ordering.orders USING identity.customers c WHERE c.email = 'x'",
    "sub.sql": "SELECT full_name FROM identity.customers c "
    "WHERE EXISTS (SELECT FROM ordering.orders o WHERE o.customer_id = c.customer_id)",
    "cte.sql": "WITH big AS (SELECT order_id, grand_total FROM ordering.orders) SELECT sum(grand_total) FROM big",
}


def queries() -> list[tuple[str, str]]:
    return [*((path.name, path.read_text()) for path in sorted((SCHEMAS / "queries").glob("*.sql"))), *OTHERS.items()]


def changes(model: Model) -> Iterator[str]:
    named = " ".join(text for _, text in queries())
    for table in model.tables:
        if table.id not in named:
            continue
        yield f"DROP TABLE {table.id} CASCADE"
        yield f"ALTER TABLE {table.id} RENAME TO other_name"
        for column in table.columns:
            yield f"ALTER TABLE {table.id} DROP COLUMN {column.name} CASCADE"
            yield f"ALTER TABLE {table.id} RENAME COLUMN {column.name} TO other_name"


def refused(database: OwnedPostgres, change: str, asked: list[tuple[str, str]]) -> set[str] | None:
    """Return the queries that the server does not prepare once the change has run; None where it refuses the change."""
    with database.trial() as run:
        try:
            run(change)
        except StatementFailedError:
            return None
        failing = set()
        for name, text in asked:
            run("SAVEPOINT before")
            try:
                run(f"PREPARE q AS {text}")
                run("DEALLOCATE q")
            except StatementFailedError:
                run("ROLLBACK TO before")
                failing.add(name)
        return failing


def test_every_dropped_or_renamed_name_breaks_the_queries_that_the_server_refuses(
    fresh_database: OwnedPostgres,
) -> None:
    fresh_database.run(SHOP)
    model = read_postgres([("shop.sql", SHOP)])
    asked = queries()
    application = Application(asked)
    assert refused(fresh_database, "SELECT", asked) == set()

    wrong, broke = [], 0
    for change in changes(model):
        found = lint_migrations([("m.sql", change)], model=model, application=application).findings
        foretold = {str(place).partition(":")[0] for each in found for place in each.facts.get("queries", ())}  # type: ignore[attr-defined]
        told = refused(fresh_database, change, asked)
        if told is None:
            continue
        broke += bool(told)
        if foretold != told:
            wrong.append((change, sorted(foretold - told), sorted(told - foretold)))

    assert wrong == []
    assert broke > 60
