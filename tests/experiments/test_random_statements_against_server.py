"""Statements at random do what is foreseen: locks, rewrites, index builds, scans. ``PLANROOM_RANDOM`` says how many."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from planroom.ddl import Catalog, apply_all
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.experiments.tracing import contradictions, trace
from planroom.linting.effects import effects
from planroom.sqltext import parse_postgres
from tests.experiments.random_statements import ROWS, SCHEMA, statement

pytestmark = pytest.mark.server

COUNT = int(os.environ.get("PLANROOM_RANDOM", "400"))
SEEDS = range(4)


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)
        engine.run(ROWS)
        yield engine


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    made = Catalog()
    apply_all(made, parse_postgres(SCHEMA, "schema.sql"))
    assert [each for each in made.unread if each.kind == "broken"] == []
    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_foreseen_is_what_is_seen(filled: OwnedPostgres, catalog: Catalog, seed: int) -> None:
    random, wrong, ran = Random(seed), [], 0
    for sql in dict.fromkeys(statement(random) for _ in range(COUNT)):
        observed = trace(filled, sql)
        if observed.failed:
            continue
        ran += 1
        wrong += [(sql, each) for each in contradictions(effects(catalog, parse_postgres(sql, "m")[0]), observed)]

    assert wrong == []
    assert ran > COUNT / 8
