"""The truth test of reading: what planroom reads from text is what the server makes of it.

Part 1: the DDL that planroom writes from its reading gives the same catalog as the original. Part 2: the model read
from text equals the model read from the server. More schemas: ``PLANROOM_TRUTH_SCHEMAS=folder make test``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import planroom as pr
from planroom.ddl import read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.model import Model
from tests.strategies import models
from tests.truth.comparing import (
    catalog_differences,
    count_differences,
    fingerprint,
    model_differences,
)

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]  # each step costs a database
MORE = Path(os.environ.get("PLANROOM_TRUTH_SCHEMAS", os.devnull))
SCHEMAS = [ROOT / "schemas" / "shop.sql", *sorted(MORE.glob("*.sql") if MORE.is_dir() else ())]


def read(path: Path) -> tuple[str, Model]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return text, read_postgres([(path.name, text)])


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_model_read_from_text_equals_the_model_read_from_the_server(path: Path, server: Server) -> None:
    text, model = read(path)
    with OwnedPostgres(server) as engine:
        engine.run(text)
        reflected = engine.model()

        assert count_differences(engine, model) == {}
    assert model_differences(model, reflected) == []
    assert model == reflected


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_ddl_written_from_the_reading_gives_the_catalog_of_the_original(path: Path, server: Server) -> None:
    text, model = read(path)
    with OwnedPostgres(server) as original, OwnedPostgres(server) as copy:
        original.run(text)
        copy.run(pr.write(model, "postgres"))

        assert catalog_differences(fingerprint(original), fingerprint(copy)) == {}


@given(models())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
def test_any_schema_read_from_text_is_what_the_server_makes_of_it(server: Server, model: Model) -> None:
    script = pr.write(model, "postgres")
    text_model = read_postgres([("written.sql", script)])
    with OwnedPostgres(server) as engine:
        engine.run(script)
        reflected = engine.model()

    assert [each for each in text_model.unread if each.kind in {"broken", "structure"}] == []
    assert model_differences(text_model, reflected) == []


def test_a_planted_difference_is_seen(server: Server) -> None:
    with OwnedPostgres(server) as engine:
        engine.run("CREATE TABLE a (id int PRIMARY KEY, b int CHECK (b > 0)); CREATE INDEX ON a (b)")
        reflected = engine.model()
        model = read_postgres([("x", "CREATE TABLE a (id int PRIMARY KEY, b int CHECK (b >= 0))")])

        assert model != reflected
        assert any("checks[a_b_check].expression" in line for line in model_differences(model, reflected))
        assert count_differences(engine, model) == {"indexes": (1, 0)}
