"""TPC-H's 22 queries at scale factor 1, planned without any rows; what DuckDB said on the real files is on record."""

from __future__ import annotations

import json

import pytest

import planroom as pr
from planroom.engines._scaled_duckdb import load, read_footers, scaled_duckdb
from planroom.scaling.storing import statistics_from
from planroom.scaling.volumes import asked_rows
from tests.tpch import QUERIES, SCHEMA, STATISTICS
from tests.tpch.duckdb import FOOTERS, PLANS, ROWS, alike, declared

duckdb = pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def real():
    recorded = json.loads(PLANS.read_text(encoding="utf-8"))
    if recorded.pop("version") != duckdb.__version__:
        pytest.skip("the plans on record are of another version of DuckDB")
    return {name: json.dumps(plan) for name, plan in recorded.items()}


def _documents(engine):
    return {name: engine.explain(sql).document for name, sql in QUERIES.items()}


def test_committed_footers_give_the_plans_of_the_files(real):
    with load(FOOTERS) as scaled:
        others, errors = alike(_documents(scaled), real)

    assert others == []
    assert max(errors) == 1.0
    assert sum(each.stat().st_size for each in FOOTERS.iterdir()) < 100_000


def test_a_tenth_of_the_rows_and_back_gives_the_same_plans(real, tmp_path):
    tenth = {name: rows if rows < 100 else round(rows / 10) for name, rows in ROWS.items()}
    with scaled_duckdb(None, tenth, footers=_footers()) as small:
        small.save(tmp_path / "tenth")
    with scaled_duckdb(None, ROWS, footers=read_footers(tmp_path / "tenth")) as scaled:
        others, errors = alike(_documents(scaled), real)

    assert others == []
    assert errors[int(0.95 * len(errors))] < 1.01


def _footers():
    return {name: footer for name, footer in read_footers(FOOTERS).items() if name in ROWS}


def test_declarations_alone_foretell_nearly_all_joins(real):
    model = declared(pr.read)
    with scaled_duckdb(model, asked_rows(model, ROWS)) as scaled:
        others, errors = alike(_documents(scaled), real)

    assert len(others) <= 1
    assert errors[len(errors) // 2] == 1.0


def test_the_statistics_of_postgres_foretell_most_joins(real):
    model = pr.read(SCHEMA)
    known = statistics_from(STATISTICS.read_text(encoding="utf-8"))
    with scaled_duckdb(model, asked_rows(model, ROWS), statistics=known) as scaled:
        others, _ = alike(_documents(scaled), real)

    assert len(others) <= 2


def test_ten_thousand_times_the_rows_are_planned_too():
    with scaled_duckdb(None, {name: rows * 10_000 for name, rows in ROWS.items()}, footers=_footers()) as scaled:
        assert len(_documents(scaled)) == 22
        needs = scaled.memory(QUERIES["q18"], memory_limit="64GB")

    assert needs.spilling
    assert all(each.rows > 0 for each in needs.needs)
