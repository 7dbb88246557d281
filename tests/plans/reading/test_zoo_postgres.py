"""Every kind of node that PostgreSQL has, in both its formats: one plan, whichever it was read from."""

# ruff: noqa: E501  (a statement or a plan reads best on one line)
from __future__ import annotations

import dataclasses
import json
import re

import pytest

from planroom.plans import plan_of
from planroom.plans._postgres.keys import DOCUMENT, KEPT_RAW, TYPED
from planroom.plans.operators import POSTGRES_OPERATORS
from planroom.plans.plan import Planning
from tests.plans.zoo.postgres import FOREIGN, QUERIES

pytestmark = pytest.mark.server

NAMES = (*QUERIES, *FOREIGN)
# No extension that comes with the server makes one; and the store of a transition table is read within a trigger only.
NOT_IN_ZOO = {"Custom Scan", "Named Tuplestore Scan"}


def differences(left, right) -> list[str]:
    """Name the fields in which two plans differ, so that a failure can be read."""
    found = [f"{len(left.nodes)} and {len(right.nodes)} nodes"] if len(left.nodes) != len(right.nodes) else []
    for one, other in [(left, right), *zip(left.nodes, right.nodes, strict=False)]:
        for field in dataclasses.fields(one):
            values = getattr(one, field.name), getattr(other, field.name)
            if field.compare and field.name not in {"children", "root"} and values[0] != values[1]:
                found.append(f"{field.name}: {values[0]} and {values[1]}")
    return found


def same(pair) -> list[str]:
    """Compare both formats; only EXPLAIN tells of planning, which auto_explain was not there for."""
    left, right = (dataclasses.replace(plan_of(text), planning=Planning()) for text in (pair.json, pair.text))
    assert (left == right) is not bool(differences(left, right)), "the difference is in a field that this test names"
    return differences(left, right)


def nodes_of(raw):
    yield raw
    for child in raw.get("Plans", ()):
        yield from nodes_of(child)


def json_of(pair) -> dict:
    document = plan_of(pair.json).raw
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_is_the_same_from_text_and_from_json(name, zoo):
    assert same(zoo[name].plain) == []
    assert same(zoo[name].verbose) == []


@pytest.mark.parametrize("name", QUERIES)
def test_a_run_is_the_same_from_text_and_from_json(name, zoo):
    assert same(zoo[name].run) == []
    assert plan_of(zoo[name].run.text).timed


def test_the_comparison_sees_a_planted_difference(zoo):
    pair = zoo["hash join"].run

    assert same(dataclasses.replace(pair, text=pair.text.replace("loops=1)", "loops=2)", 1)))
    assert same(dataclasses.replace(pair, text=re.sub(r"\n +Rows Removed.*", "", pair.text, count=1)))
    assert same(dataclasses.replace(pair, text=re.sub(r"shared hit=\d+", "shared hit=1000", pair.text, count=1)))


def test_the_zoo_has_every_node_of_the_server(zoo):
    seen = {node.operator for each in zoo.values() for node in plan_of(each.verbose.json).nodes}

    assert seen == POSTGRES_OPERATORS - NOT_IN_ZOO


def test_the_zoo_has_the_shapes_of_first_lines_that_the_text_format_has(zoo):
    seen = {node.title for each in zoo.values() for node in plan_of(each.verbose.text).nodes}

    assert seen >= {
        "Aggregate", "GroupAggregate", "HashAggregate", "MixedAggregate", "Partial HashAggregate", "Finalize Aggregate",
        "Insert", "Update", "Delete", "Merge", "Foreign Scan", "Foreign Update", "HashSetOp Except", "HashSetOp Intersect",
        "SetOp Except All", "SetOp Intersect All", "Index Scan Backward", "Index Only Scan Backward", "Parallel Append",
        "Parallel Bitmap Heap Scan", "Parallel Hash", "Parallel Hash Join", "Parallel Seq Scan", "Hash Full Join",
        "Hash Right Join", "Hash Anti Join", "Hash Right Anti Join", "Merge Left Join", "Async Foreign Scan",
    }  # fmt: skip


def test_the_store_of_a_transition_table_is_read_from_both_formats(explainer):
    from tests.plans.zoo.postgres import Query

    plans = []
    for form in ("json", "text"):
        with explainer.prepared(Query("")):
            logged = explainer.nested("INSERT INTO watched VALUES (1), (2)", form)
        plans.append(next(plan for each in logged if "Tuplestore" in each for plan in [plan_of(each)]))

    assert differences(*(dataclasses.replace(plan, execution_ms=None) for plan in plans)) == []
    assert [node.operator for node in plans[0].nodes] == ["ModifyTable", "Named Tuplestore Scan"]
    assert plans[0].sql == plans[1].sql == "INSERT INTO audit SELECT 'row ' || a FROM fresh WHERE a > 0"


def test_every_key_of_the_zoo_is_known(zoo):
    documents = [json_of(pair) for each in zoo.values() for pair in (each.verbose, each.run) if pair]
    keys = {key for document in documents for node in nodes_of(document["Plan"]) for key in node}

    assert keys - TYPED - KEPT_RAW == set()
    assert {key for document in documents for key in document} <= DOCUMENT
    assert len(keys) > 90


@pytest.mark.parametrize("name", ["gather", "update", "merge", "delete with cascade", "settings", "sort on disk"])
@pytest.mark.parametrize(
    "options", ["", "COSTS OFF", "ANALYZE, TIMING OFF, SUMMARY OFF", "ANALYZE, COSTS OFF, BUFFERS OFF"]
)
def test_what_is_left_out_by_an_option_is_left_out_of_the_plan(name, options, explainer):
    query = QUERIES[name]
    forms = {}
    for form in ("text", "json"):
        with explainer.prepared(query):
            forms[form] = plan_of(explainer.explain(query.sql, options, form))

    assert [str(node) for node in forms["text"].nodes] == [str(node) for node in forms["json"].nodes]
    assert (forms["text"].total_cost is None) is ("COSTS OFF" in options) is (forms["json"].total_cost is None)
    assert forms["text"].analyzed is ("ANALYZE" in options) is forms["json"].analyzed
    told = {
        form: [(each.name, each.constraint, each.relation, each.calls) for each in plan.triggers]
        for form, plan in forms.items()
    }
    assert told["text"] == told["json"]
    assert forms["text"].timed is ("ANALYZE" in options and "TIMING OFF" not in options) is forms["json"].timed
    assert (forms["text"].execution_ms is not None) is (forms["json"].execution_ms is not None)


def test_planning_and_serialization_are_read_from_both_formats(explainer):
    options = "ANALYZE, SERIALIZE BINARY, MEMORY, BUFFERS"
    found = [plan_of(explainer.explain("SELECT * FROM orders", options, form)) for form in ("text", "json")]

    for plan in found:
        assert plan.serialization is not None
        assert (plan.serialization.format, plan.serialization.output_kb) == ("binary", found[0].serialization.output_kb)
        assert plan.serialization.time_ms > 0
        assert plan.serialization.output_kb > 100
        assert plan.planning.memory_allocated_kb >= plan.planning.memory_used_kb > 0
        assert plan.planning.time_ms > 0
        assert plan.execution_ms > 0


@pytest.mark.parametrize("form", ["xml", "yaml"])
@pytest.mark.parametrize("name", NAMES)
def test_xml_and_yaml_are_the_same_plan(name, form, explainer, zoo):
    if name in QUERIES:
        with explainer.prepared(QUERIES[name]):
            text = explainer.explain(QUERIES[name].sql, "VERBOSE, SETTINGS", form)
    else:
        text = explainer.explain(FOREIGN[name], "VERBOSE, SETTINGS", form)

    assert differences(plan_of(text), plan_of(zoo[name].verbose.json)) == []


@pytest.mark.parametrize("form", ["xml", "yaml"])
@pytest.mark.parametrize(
    "name",
    [
        "gather merge",
        "merge into partitions",
        "incremental sort of large groups",
        "cube",
        "delete with cascade",
        "just in time",
    ],
)
def test_xml_and_yaml_are_read_of_a_run(name, form, explainer):
    options = "ANALYZE, VERBOSE, WAL, SETTINGS, MEMORY, SERIALIZE"
    plans = []
    for each in (form, "json"):
        with explainer.prepared(QUERIES[name]):
            plans.append(plan_of(explainer.explain(QUERIES[name].sql, options, each)))

    left, right = plans
    assert [str(node) for node in left.nodes] == [str(node) for node in right.nodes]
    assert [node.rows for node in left.nodes] == [node.rows for node in right.nodes]
    assert "large groups" not in name or "Pre-sorted" in str([node.sort_groups for node in left.nodes])
    for field in ("grouping_sets", "sort_groups", "tuples_updated", "targets", "output", "loops", "extra"):
        assert [getattr(node, field) for node in left.nodes] == [getattr(node, field) for node in right.nodes]
    assert [(each.constraint, each.name, each.calls) for each in left.triggers] == [
        (each.constraint, each.name, each.calls) for each in right.triggers
    ]
    assert (left.settings, left.query_id, left.serialization.output_kb) == (
        right.settings,
        right.query_id,
        right.serialization.output_kb,
    )
    assert left.timed
    assert left.execution_ms > 0
    assert left.planning.memory_used_kb > 0
    assert (left.jit is None) is (right.jit is None)


def test_a_rewritten_statement_is_one_plan(explainer):
    with explainer.prepared(QUERIES["insert"]):
        pair = explainer.planned("INSERT INTO ruled VALUES (1)")

    assert same(pair) == []
    assert [node.operator for node in plan_of(pair.text).nodes] == [
        "Rewritten Query", "ModifyTable", "Result", "ModifyTable", "Result",
    ]  # fmt: skip


def test_json_is_what_the_server_wrote(zoo):
    assert json.loads(zoo["seq scan"].plain.json)[0]["Plan"]["Node Type"] == "Seq Scan"
