"""The tables of the examples, made once in each engine, and what explains an example on them."""

from __future__ import annotations

import json

import pytest

from planroom.engines import database
from planroom.plans import plan_of
from planroom.plans.findings._ground import DUCKDB, POSTGRES

EXPLAIN = {
    False: "EXPLAIN (FORMAT JSON, SETTINGS, VERBOSE) ",
    True: "EXPLAIN (ANALYZE, BUFFERS, SETTINGS, VERBOSE, FORMAT JSON) ",
}


@pytest.fixture(scope="session")
def ground(server):
    """The tables of the examples in PostgreSQL."""
    with database(POSTGRES) as engine:
        yield engine


@pytest.fixture(scope="session")
def ground_model(ground):
    """The design of those tables."""
    return ground.model()


@pytest.fixture(scope="session")
def duck():
    """The tables of the examples in DuckDB."""
    with database(DUCKDB, engine="duckdb") as engine:
        yield engine


@pytest.fixture(scope="session")
def planned(request):
    """What explains an example, each one once."""
    known = {}

    def plan(example):
        if example not in known:
            known[example] = plan_of(example.document or _printed(example, request.getfixturevalue))
        return known[example]

    return plan


def _printed(example, fixture):
    if example.engine == "duckdb":
        return _of_duckdb(example, fixture("duck"))
    return of_postgres(example, fixture("ground"))


def of_postgres(example, engine, repaired=""):
    """Return the plan of an example, after the statements that are to repair it."""
    with engine.trial() as run:
        settings = (f"SET LOCAL {each}" for each in ("jit = off", *example.settings))
        for statement in (*settings, example.before, repaired):
            if statement:
                run(statement)
        (row,) = run(EXPLAIN[example.analyze] + example.sql)
    return row[0] if isinstance(row[0], str) else json.dumps(row[0])


def _of_duckdb(example, engine):
    """Return the plan; settings that make it spill would drive the shared tables out of memory: it has its own."""
    if not example.settings:
        return _explained(example, engine)
    with database(DUCKDB, engine="duckdb") as own:
        for setting in example.settings:
            own.run(f"SET {setting}")
        return _explained(example, own)


def _explained(example, engine):
    explain = "EXPLAIN (ANALYZE, FORMAT json) " if example.analyze else "EXPLAIN (FORMAT json) "
    return engine.query(explain + example.sql).rows[0][-1]
