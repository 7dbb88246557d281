"""DuckDB's plans: every operator, three layouts, planned and run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.errors import SyntaxProblem
from planroom.plans import plan_of
from planroom.plans.operators import Kind, kind_of
from tests.plans.zoo.duckdb import OPERATORS, QUERIES, RECORDED, SCHEMA, UNREACHED

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORDINGS = sorted((Path(__file__).parent.parent / "recorded").glob("duckdb_*.json"))
UNMEASURED = {"create table"}  # DuckDB keeps no profile of it
# DuckDB decides while it runs whether it looks a key up in an index.
DECIDED_LATE = {"index scan", "quoted names"}


@dataclass(frozen=True)
class Explained:
    """What DuckDB says of a query before and after it was run."""

    plain: str
    analyzed: str
    rows: int


@pytest.fixture(scope="module")
def zoo(tmp_path_factory) -> Mapping[str, Explained]:
    duckdb = pytest.importorskip("duckdb")
    folder = str(tmp_path_factory.mktemp("duckdb"))
    connection = duckdb.connect()
    connection.execute(SCHEMA.replace("{folder}", folder))
    found = {}
    for name, query in QUERIES.items():
        *settings, sql = query.replace("{folder}", folder).split("; ")
        for setting in settings:
            connection.execute(setting)
        texts = []
        for options in ("FORMAT json", "ANALYZE, FORMAT json"):
            connection.execute("BEGIN")
            texts.append(connection.execute(f"EXPLAIN ({options}) {sql}").fetchall()[0][1])
            connection.execute("ROLLBACK")
        found[name] = Explained(*texts, 0)
        for setting in settings:
            connection.execute(f"RESET {setting.split()[1]}")
    return found


def planned(node):
    """Leave out the filters that a join hands to a scan while it runs."""
    return [each for each in node.conditions if each.label != "Dynamic Filter"]


def test_the_zoo_has_every_operator(zoo):
    seen = {node.operator for each in zoo.values() for node in plan_of(each.plain).nodes}
    seen |= {node.operator for name in zoo.keys() - UNMEASURED for node in plan_of(zoo[name].analyzed).nodes}
    recorded = {node.operator for path in RECORDINGS for node in plan_of(path.read_text()).nodes}

    assert seen & OPERATORS == OPERATORS - UNREACHED.keys()
    assert UNREACHED.keys() & recorded == RECORDED
    assert [operator for operator in seen | recorded if kind_of(operator) is Kind.OTHER] == []


@pytest.mark.parametrize("name", [each for each in QUERIES if each not in UNMEASURED])
def test_the_run_has_the_nodes_of_the_plan(name, zoo):
    plain, analyzed = plan_of(zoo[name].plain), plan_of(zoo[name].analyzed)
    allowed = {"INDEX_SCAN": "SEQ_SCAN"} if name in DECIDED_LATE or "insert" in name else {}

    assert [node.operator for node in plain.nodes] == [
        allowed.get(node.operator, node.operator) for node in analyzed.nodes
    ]
    assert (plain.analyzed, plain.timed) == (False, False)
    assert (analyzed.analyzed, analyzed.timed) == (True, True)
    assert all(node.self_ms >= 0 and node.loops == 1 for node in analyzed.nodes)
    assert analyzed.execution_ms > 0
    assert [node.relation for node in plain.nodes] == [node.relation for node in analyzed.nodes]
    assert [planned(node) for node in plain.nodes] == [planned(node) for node in analyzed.nodes]


def test_what_a_scan_says_is_read(zoo):
    plan = plan_of(zoo["scan with filters"].analyzed)
    scan = plan.nodes[-1]

    assert (scan.operator, scan.relation, scan.rows) == ("SEQ_SCAN", "sale", 499)
    assert "price>10" in scan.condition("Filter").replace(" ", "").replace(".0", "")
    assert scan.estimated_rows > 0
    assert scan.rows_scanned == 5000
    assert scan.row_groups_scanned == scan.row_groups == 1
    assert "SELECT * FROM sale" in plan.sql
    assert plan.planning.time_ms > 0


def test_joins_groups_and_orders_are_read(zoo):
    nodes = {
        node.operator: node
        for name in ("hash join", "small groups", "top n", "CTE")
        for node in plan_of(zoo[name].plain).nodes
    }

    assert nodes["HASH_JOIN"].join_type == "Inner"
    assert "id = id" in nodes["HASH_JOIN"].condition("Join Cond")
    assert [child.relationship for child in nodes["HASH_JOIN"].children] == ["Outer", "Inner"]
    assert len(nodes["PERFECT_HASH_GROUP_BY"].group_keys) == 1
    assert nodes["TOP_N"].sort_keys
    assert nodes["CTE_SCAN"].source == nodes["CTE"].source == "x"


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recorded_plan_of_an_earlier_version_is_read(path):
    """One query, recorded with one thread on versions 1.0, 1.1 and 1.4: plain, analyzed, and by the profiler."""
    plan = plan_of(path.read_text())
    nodes = {node.operator: node for node in plan.nodes}
    run = "plain" not in path.stem

    assert [node.operator for node in plan.nodes][:3] == ["TOP_N", "PROJECTION", "RIGHT_DELIM_JOIN"]
    assert {node.relation for node in plan.nodes} == {"", "sale", "shop"}
    assert plan.analyzed is plan.timed is run
    assert all(node.estimated_rows is not None for node in plan.nodes if node.operator == "SEQ_SCAN")
    assert nodes["HASH_JOIN"].operator == "HASH_JOIN"
    if run:
        assert (plan.root.rows, plan.root.operator) == (3, "TOP_N")
        assert sum(node.self_ms for node in plan.nodes) > 0
    if "profile" in path.stem:
        assert plan.sql.startswith("SELECT shop.region")
        assert plan.execution_ms >= sum(node.self_ms for node in plan.nodes), "there was one thread"


def test_a_deep_tree_of_unions_is_read():
    node = '{"name": "UNION", "extra_info": {}, "children": ['
    text = f"[{node * 700}" + '{"name": "SEQ_SCAN", "children": [], "extra_info": {}}' + "]}" * 700 + "]"

    assert len(plan_of(text).nodes) == 701


def test_a_statement_that_duckdb_did_not_measure_is_named(zoo):
    with pytest.raises(SyntaxProblem, match="measured nothing"):
        plan_of(zoo["create table"].analyzed)
    assert json.loads(zoo["create table"].analyzed) == {"result": "error"}
