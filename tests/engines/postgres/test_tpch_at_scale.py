"""TPC-H's 22 plans at scale factor 1, from recorded statistics: the rows are not here."""

from __future__ import annotations

import dataclasses
import json

import pytest

import planroom as pr
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.scaling.storing import statistics_from
from planroom.sqltext import parse_postgres
from tests.tpch import PLANS, QUERIES, SCHEMA, STATISTICS, outline

pytestmark = pytest.mark.usefixtures("server")

STATEMENTS = parse_postgres(SCHEMA)
INDEXES = {each.tree["idxname"]: each.text for each in STATEMENTS if each.kind == "IndexStmt"}


@pytest.fixture(scope="module")
def recorded():
    plans = json.loads(PLANS.read_text(encoding="utf-8"))
    return {kind: {name: tuple(plan) for name, plan in found.items()} for kind, found in plans.items()}


@pytest.fixture(scope="module")
def statistics():
    return statistics_from(STATISTICS.read_text(encoding="utf-8"))


def outlines(database: ScaledPostgres, **seen: object) -> dict[str, tuple[str, float]]:
    return {name: outline(database.explain(sql, **seen).document) for name, sql in QUERIES.items()}


def test_all_plans_and_costs_are_those_of_the_rows(recorded, statistics):
    with ScaledPostgres(pr.read(SCHEMA), statistics) as database:
        assert (database.faithful, database.notes) == (True, ())
        found, without = outlines(database), outlines(database, hidden=INDEXES)

    assert len(found) == 22
    assert found == recorded["all indexes"]
    assert without == recorded["keys alone"]  # what is hidden might as well have been dropped


def test_indexes_that_are_only_thought_of_give_the_plans_that_they_give_when_they_are_built(recorded, statistics):
    model = pr.read("".join(f"{each.text};\n" for each in STATEMENTS if each.kind not in {"IndexStmt", "empty"}))
    known = tuple(each for each in statistics.relations if each.name not in INDEXES)

    unknown = dataclasses.replace(statistics, relations=known)
    with ScaledPostgres(model, unknown, candidates=tuple(INDEXES.values())) as database:
        before, after = outlines(database), outlines(database, visible=INDEXES)

    assert before == recorded["keys alone"]
    built = recorded["all indexes"]
    assert {name: shape for name, (shape, _) in after.items()} == {name: shape for name, (shape, _) in built.items()}
    assert all(cost == pytest.approx(built[name][1], rel=0.005) for name, (_, cost) in after.items())
