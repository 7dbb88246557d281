"""The plans of real rows, from their statistics alone."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

import planroom as pr
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.engines.postgres.statistics import read_statistics
from tests.engines.postgres.transplanted import QUERIES, ROWS, SCHEMA

if TYPE_CHECKING:
    from planroom.engines import Engine

PARALLEL = {"parallel_setup_cost": 0, "parallel_tuple_cost": 0, "min_parallel_table_scan_size": 0}


def plans(engine: Engine) -> dict[str, dict[str, Any]]:
    settings = {name: PARALLEL if name.startswith("parallel") else None for name in QUERIES}
    return {
        name: json.loads(engine.explain(sql, settings=settings[name]).document)[0]["Plan"]
        for name, sql in QUERIES.items()
    }


def shape(node: dict[str, Any]) -> tuple[Any, ...]:
    kinds = ("Node Type", "Join Type", "Strategy", "Relation Name", "Index Name", "Workers Planned", "Parallel Aware")
    return (*(node.get(kind) for kind in kinds), *(shape(each) for each in node.get("Plans", ())))


@pytest.fixture(scope="module")
def real(server):
    with OwnedPostgres(server) as database:
        database.run(SCHEMA + ROWS)
        yield plans(database), read_statistics(database, ends=True)


@pytest.fixture(scope="module")
def scaled(real):
    with ScaledPostgres(pr.read(SCHEMA), real[1]) as database:
        yield database


def test_every_kind_of_index_has_its_queries(real):
    used = {node["Index Name"] for plan in real[0].values() for node in nodes(plan) if "Index Name" in node}

    assert len(QUERIES) >= 40
    assert used >= {
        "tickets_pkey",
        "tickets_tag",
        "people_lived",
        "people_spot",
        "tickets_labels",
        "people_lower_email",
    }


def nodes(node: dict[str, Any]):
    yield node
    for each in node.get("Plans", ()):
        yield from nodes(each)


def test_plans_from_statistics_alone_are_those_of_the_rows(real, scaled):
    found = plans(scaled)

    assert [name for name in QUERIES if shape(found[name]) != shape(real[0][name])] == []
    other = {name for name in QUERIES if found[name]["Total Cost"] != real[0][name]["Total Cost"]}
    assert other == set()
    assert scaled.faithful


def test_what_the_test_compares_would_be_missed_without_the_sizes(real):
    statistics = real[1]
    with ScaledPostgres(pr.read(SCHEMA), type(statistics)(columns=statistics.columns)) as empty:
        found = plans(empty)

    assert sum(shape(found[name]) == shape(real[0][name]) for name in QUERIES) < len(QUERIES) * 2 / 3


def test_sizes_that_came_and_went_leave_no_trace(real, scaled):
    """Other ends of keys and of expressions, and other sizes, are taken on and left again."""
    statistics = real[1]
    others = tuple(
        dataclasses.replace(each, ends=(each.ends[0], each.ends[0])) if each.ends else each
        for each in statistics.columns
    )
    larger = tuple(dataclasses.replace(each, pages=each.pages * 1000) for each in statistics.relations)

    scaled.resize(dataclasses.replace(statistics, columns=others, relations=larger, extended=()))
    between = plans(scaled)
    scaled.resize(statistics)

    found = plans(scaled)
    assert [name for name in QUERIES if shape(found[name]) != shape(real[0][name])] == []
    assert [name for name in QUERIES if found[name]["Total Cost"] != real[0][name]["Total Cost"]] == []
    assert sum(between[name]["Total Cost"] != found[name]["Total Cost"] for name in QUERIES) > len(QUERIES) / 2
