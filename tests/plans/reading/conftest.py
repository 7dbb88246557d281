"""The zoo of queries, explained once for all tests of the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.plans.explaining import Explainer, Pair
from tests.plans.zoo.postgres import FOREIGN, QUERIES, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.engines.postgres.server import Server


@dataclass(frozen=True)
class Explained:
    """One query of the zoo: plain, verbose, and run."""

    plain: Pair
    verbose: Pair
    run: Pair | None = None


@pytest.fixture(scope="session")
def explainer(server: Server) -> Iterator[Explainer]:
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)
        yield Explainer(engine)


@pytest.fixture(scope="session")
def zoo(explainer: Explainer) -> Mapping[str, Explained]:
    found = {}
    for name, query in QUERIES.items():
        with explainer.prepared(query):
            plain = explainer.planned(query.sql)
            verbose = explainer.planned(query.sql, "VERBOSE, SETTINGS")
            found[name] = Explained(plain, verbose, explainer.run(query.sql))
    for name, sql in FOREIGN.items():
        found[name] = Explained(explainer.planned(sql), explainer.planned(sql, "VERBOSE, SETTINGS"))
    return found
