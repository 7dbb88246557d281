"""What DETACH PARTITION ... CONCURRENTLY leaves: a CHECK of the bounds, unless the table says as much already."""

from __future__ import annotations

import pytest

from planroom.ddl import read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.model import Model
from tests.truth.comparing import model_differences

pytestmark = pytest.mark.server

DETACH = "ALTER TABLE p DETACH PARTITION c CONCURRENTLY"

BOUNDS = [
    ("(id int, at date NOT NULL) PARTITION BY RANGE (at)", "FROM ('2025-01-01') TO ('2026-01-01')"),
    ("(a timestamptz) PARTITION BY RANGE (a)", "FROM ('2025-01-01') TO ('2026-01-01')"),
    ('("A b" int) PARTITION BY RANGE ("A b")', "FROM (MINVALUE) TO (-5)"),
    ("(a int, b int) PARTITION BY RANGE (a)", "FROM (MINVALUE) TO (MAXVALUE)"),
    ("(a int, b int) PARTITION BY RANGE (a, b)", "FROM (1, 5) TO (10, 7)"),
    ("(a int, b int, c text) PARTITION BY RANGE (a, b, c)", "FROM (1, 5, 'x') TO (1, 7, 'y')"),
    ("(a int, b int) PARTITION BY RANGE (a, b)", "FROM (1, MINVALUE) TO (10, MAXVALUE)"),
    ("(a int, b int) PARTITION BY RANGE (a, b)", "FROM (1, MAXVALUE) TO (10, MINVALUE)"),
    ("(a varchar(5)) PARTITION BY RANGE (a)", "FROM ('a') TO ('b')"),
    ("(a int, b text) PARTITION BY RANGE ((a * 2))", "FROM (1) TO (5)"),
    ("(a int, b text) PARTITION BY LIST (b)", "IN ('x', 'y, ''z''', '')"),
    ("(a int, b text) PARTITION BY LIST (b)", "IN ('x', NULL)"),
    ("(a int, b text) PARTITION BY LIST (b)", "IN (NULL)"),
    ("(a int, b boolean) PARTITION BY LIST (b)", "IN (false)"),
    ("(a bigint) PARTITION BY LIST (a)", "IN (1, 2)"),
    ("(a varchar(5)) PARTITION BY LIST (lower(a))", "IN ('x')"),
    ("(a int) PARTITION BY HASH (a)", "WITH (MODULUS 2, REMAINDER 1)"),
]


def both(engine: OwnedPostgres, before: str) -> tuple[Model, Model]:
    """Return what the fold makes of detaching, and what the server does."""
    engine.run(before)
    session = engine.connect()
    session.execute(DETACH.encode())
    session.close()
    return read_postgres([("s.sql", f"{before}; {DETACH}")]), engine.model()


@pytest.mark.parametrize(("table", "bound"), BOUNDS)
def test_the_check_is_the_servers(server: Server, table: str, bound: str) -> None:
    with OwnedPostgres(server) as engine:
        folded, reflected = both(engine, f"CREATE TABLE p {table}; CREATE TABLE c PARTITION OF p FOR VALUES {bound}")

    assert [each for each in folded.unread if each.kind == "broken"] == []
    assert model_differences(folded, reflected) == []
    assert len(folded.tables_by_id["public.c"].checks) == (0 if "HASH" in table else 1)


@pytest.mark.parametrize(
    ("also", "checks"),
    [
        ("ALTER TABLE c ADD CONSTRAINT known CHECK (at >= 1 AND at < 5)", ["known"]),
        ("ALTER TABLE c ADD CONSTRAINT known CHECK (at >= 1)", ["c_at_check", "known"]),
        ("ALTER TABLE c ADD CONSTRAINT known CHECK (at >= 1 AND at < 5) NOT VALID", ["c_at_check", "known"]),
        ("ALTER TABLE p ADD CONSTRAINT c_at_check CHECK (at >= 1 AND at < 5)", ["c_at_check"]),
        ("CREATE TABLE other (x int CONSTRAINT c_at_check CHECK (x > 0))", ["c_at_check1"]),
    ],
)
def test_a_table_that_says_as_much_gets_none(server: Server, also: str, checks: list[str]) -> None:
    before = "CREATE TABLE p (at int NOT NULL) PARTITION BY RANGE (at); CREATE TABLE c PARTITION OF p "
    with OwnedPostgres(server) as engine:
        folded, reflected = both(engine, f"{before} FOR VALUES FROM (1) TO (5); {also}")

    assert [each.name for each in folded.tables_by_id["public.c"].checks] == checks
    assert model_differences(folded, reflected) == []


def test_the_bounds_of_the_tables_above_count_too(server: Server) -> None:
    before = (
        "CREATE TABLE q (a int, b int) PARTITION BY RANGE (a);"
        "CREATE TABLE p PARTITION OF q FOR VALUES FROM (1) TO (9) PARTITION BY LIST (b);"
        "CREATE TABLE c PARTITION OF p FOR VALUES IN (1, 2)"
    )
    with OwnedPostgres(server) as engine:
        folded, reflected = both(engine, before)

    assert model_differences(folded, reflected) == []
    assert [each.name for each in folded.tables_by_id["public.c"].checks] == ["c_check"]


def test_detaching_at_once_leaves_none() -> None:
    before = "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p FOR VALUES IN (1);"
    model = read_postgres([("s.sql", f"{before} ALTER TABLE p DETACH PARTITION c")])

    assert model.tables_by_id["public.c"].checks == ()
