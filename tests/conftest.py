"""Fixtures for everything that needs a real engine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from planroom.engines import ENGINES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.engines.postgres.server import Server


settings.register_profile("without a clock", deadline=None)  # how long an example takes is no claim of any test
settings.load_profile("ci" if "CI" in os.environ else "without a clock")


@pytest.fixture(scope="session")
def server() -> Server:
    """The embedded PostgreSQL that all tests of the session share."""
    found = ENGINES["postgres"].available()
    if not found.available:
        pytest.skip(f"no PostgreSQL server: {found.reason}")
    from planroom.engines.postgres.server import embedded

    return embedded()


@pytest.fixture
def fresh_database(server: Server) -> Iterator[OwnedPostgres]:
    """An empty PostgreSQL database, dropped after the test."""
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as engine:
        yield engine
