"""The 22 queries of the TPC-H specification, planned and run by both engines on small tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.plans import plan_of
from planroom.plans._postgres.charging import adoptions_of, exclusive, waiting_ms
from planroom.plans._postgres.draft import drafts_of
from planroom.plans.operators import Kind
from tests.plans.explaining import Explainer
from tests.plans.reading.test_charging import rounding
from tests.plans.reading.test_zoo_postgres import same
from tests.plans.zoo.postgres import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

TPCH = Path(__file__).parent.parent / "tpch"
SCHEMA = (TPCH / "schema.sql").read_text()
QUERIES = sorted(TPCH.glob("q*.sql"))
TABLES = {"region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"}

each_query = pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def postgres(server) -> Iterator[Explainer]:
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA + "ANALYZE;")
        yield Explainer(engine)


@pytest.fixture(scope="module")
def duckdb():
    connection = pytest.importorskip("duckdb").connect()
    connection.execute(SCHEMA)
    return connection


def test_there_are_22():
    assert len(QUERIES) == 22


@pytest.mark.server
@each_query
def test_postgres_says_the_same_in_both_formats(path, postgres):
    sql = path.read_text()
    with postgres.prepared(Query(sql)):
        planned, run = postgres.planned(sql, "VERBOSE"), postgres.run(sql)

    assert same(planned) == []
    assert same(run) == []


@pytest.mark.server
@each_query
def test_postgres_times_and_costs_add_up(path, postgres):
    plan = plan_of(postgres.explain(path.read_text(), "ANALYZE, BUFFERS", "json"))
    row = drafts_of(plan.raw["Plan"])
    waits = waiting_ms(row)
    own = exclusive(row, waits, adoptions_of(row, waits))

    assert [(str(plan.nodes[at]), ms) for at, ms in enumerate(own) if ms < -rounding(plan, at + 1)] == []
    slack = sum(rounding(plan, node.number) for node in plan.nodes)
    assert sum(node.self_ms for node in plan.nodes) == pytest.approx(plan.root.total_ms, abs=slack)
    assert sum(node.self_cost for node in plan.nodes) == pytest.approx(plan.total_cost, rel=1e-6)
    assert sum(node.self_buffers.touched for node in plan.nodes) == plan.root.buffers.touched


@each_query
def test_duckdb_plans_and_runs_it(path, duckdb):
    sql = path.read_text()
    plain, analyzed = (
        plan_of(duckdb.execute(f"EXPLAIN ({options}) {sql}").fetchall()[0][1])
        for options in ("FORMAT json", "ANALYZE, FORMAT json")
    )

    # DuckDB decides while it runs whether it looks a key up in an index.
    assert [node.operator for node in plain.nodes] == [
        node.operator.replace("INDEX_SCAN", "SEQ_SCAN") for node in analyzed.nodes
    ]
    assert {node.relation for node in plain.nodes if node.kind is Kind.SCAN} - {""} <= TABLES
    assert analyzed.root.rows == len(duckdb.execute(sql).fetchall())
    assert all(node.kind is not Kind.OTHER for node in plain.nodes)
