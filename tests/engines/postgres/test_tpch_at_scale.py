"""TPC-H's 22 plans at scale factor 1, from recorded statistics: the rows are not here."""

from __future__ import annotations

import json

import pytest

import planroom as pr
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.scaling.storing import statistics_from
from tests.tpch import PLANS, QUERIES, SCHEMA, STATISTICS, outline

pytestmark = pytest.mark.usefixtures("server")


def test_all_plans_and_costs_are_those_of_the_rows():
    recorded = {name: tuple(plan) for name, plan in json.loads(PLANS.read_text(encoding="utf-8")).items()}

    with ScaledPostgres(pr.read(SCHEMA), statistics_from(STATISTICS.read_text(encoding="utf-8"))) as database:
        found = {name: outline(database.explain(sql).document) for name, sql in QUERIES.items()}
        assert database.faithful
        assert database.notes == ()

    assert len(found) == 22
    assert found == recorded
