"""A volatile function is found by whatever way a statement would run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.reached_functions import volatile_functions
from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.server import Server

pytestmark = pytest.mark.server

WAYS = """
CREATE TABLE t (a int, b text);
CREATE SCHEMA "Other";
CREATE FUNCTION loud() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE FUNCTION "Other".compare(int, int) RETURNS bool LANGUAGE sql VOLATILE AS 'SELECT true';
CREATE OPERATOR "Other".=== (FUNCTION = "Other".compare, LEFTARG = int, RIGHTARG = int);
CREATE FUNCTION adds(int, int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE AGGREGATE total(int) (SFUNC = adds, STYPE = int, INITCOND = '0');
CREATE FUNCTION attribute(t) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE TYPE pair AS (x int, y int);
CREATE FUNCTION pairs(int) RETURNS pair LANGUAGE sql VOLATILE AS 'SELECT row(1, 2)::pair';
CREATE CAST (int AS pair) WITH FUNCTION pairs(int);
CREATE FUNCTION checks(text) RETURNS bool LANGUAGE sql VOLATILE AS 'SELECT true';
CREATE DOMAIN checked AS text CHECK (checks(value));
CREATE VIEW "Other"."View" AS SELECT loud() AS x;
CREATE VIEW nested AS SELECT * FROM "Other"."View";
CREATE VIEW built_in AS SELECT pg_terminate_backend(1) AS x;
CREATE MATERIALIZED VIEW stored AS SELECT loud() AS x;
CREATE TABLE guarded (a int);
CREATE FUNCTION guards() RETURNS bool LANGUAGE sql VOLATILE AS 'SELECT true';
CREATE POLICY p ON guarded USING (guards());
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
"""


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(WAYS)
        yield engine


def reached(engine: OwnedPostgres, sql: str) -> tuple[str, ...]:
    def fetch(own: str, *values: object) -> list[tuple[object, ...]]:
        return engine.connection.execute(own.encode(), values or None).fetchall()

    (statement,) = parse_postgres(sql)
    return volatile_functions(statement, fetch)


@pytest.mark.parametrize(
    ("sql", "functions"),
    [
        ("SELECT loud()", "public.loud"),
        ("SELECT 1 FROM t WHERE a = (SELECT max(public.loud()) FROM t)", "public.loud"),
        ('SELECT 1 OPERATOR("Other".===) 2', "Other.compare"),
        ("SELECT total(a) FROM t", "public.adds"),
        ("SELECT total(a) OVER () FROM t", "public.adds"),
        ("SELECT t.attribute FROM t", "public.attribute"),
        ("SELECT (t).attribute FROM t", "public.attribute"),
        ("SELECT 1::pair", "public.pairs"),
        ("SELECT pair(1)", "public.pairs"),
        ("SELECT 'x'::checked", "public.checks"),
        ('SELECT * FROM "Other"."View"', "public.loud"),
        ("SELECT * FROM t JOIN nested ON true", "public.loud"),
        ("SELECT * FROM built_in", "pg_catalog.pg_terminate_backend"),
        ("SELECT * FROM guarded", "public.guards"),
        ("SELECT nextval('x'), pg_sleep(1)", "pg_catalog.nextval pg_catalog.pg_sleep"),
    ],
)
def test_every_way_to_a_function_is_found(database: OwnedPostgres, sql: str, functions: str) -> None:
    assert reached(database, sql) == tuple(functions.split())


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT a, count(*), sum(a) FROM t WHERE a IN (1, 2) AND b LIKE 'x%' GROUP BY a ORDER BY a",
        "SELECT now(), random(), row_to_json(t), '[1]'::jsonb -> 0, '1'::checkless FROM t",
        "SELECT * FROM stored",
        "SELECT * FROM information_schema.columns, pg_stat_activity",
        "SELECT * FROM no_such_table, no_such_schema.no_such_table",
    ],
)
def test_what_is_harmless_is_not_refused(database: OwnedPostgres, sql: str) -> None:
    assert reached(database, sql) == ()
