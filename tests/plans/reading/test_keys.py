"""Every key that the server writes is known, and every key that has a field changes it."""

# ruff: noqa: E501  (a statement or a plan reads best on one line)
from __future__ import annotations

import copy
import json

import pytest

from planroom.plans import plan_of
from planroom.plans._postgres.keys import DOCUMENT, FLAGS, KEPT_RAW, LISTS, NUMBERS, TYPED

# What version 18 writes of a node, in the order of its source, explain.c; and of extensions that come with it.
NODE_KEYS_18 = """
Node Type|Strategy|Partial Mode|Operation|Parent Relationship|Subplan Name|Custom Plan Provider|Parallel Aware|
Async Capable|Scan Direction|Index Name|Relation Name|Function Name|Table Function Name|CTE Name|Tuplestore Name|Schema|
Alias|Join Type|Command|Startup Cost|Total Cost|Plan Rows|Plan Width|Actual Startup Time|Actual Total Time|Actual Rows|
Actual Loops|Disabled|Output|Inner Unique|Index Cond|Rows Removed by Index Recheck|Order By|Filter|
Rows Removed by Filter|Index Searches|Heap Fetches|Recheck Cond|Exact Heap Blocks|Lossy Heap Blocks|Sampling Method|
Sampling Parameters|Repeatable Seed|Workers Planned|Workers Launched|Single Copy|Function Call|Table Function Call|
TID Cond|Join Filter|Rows Removed by Join Filter|Merge Cond|Hash Cond|Group Key|Grouping Sets|Window|Run Condition|
Sort Key|Presorted Key|Sort Method|Sort Space Used|Sort Space Type|Full-sort Groups|Pre-sorted Groups|Storage|
Maximum Storage|Hash Buckets|Original Hash Buckets|Hash Batches|Original Hash Batches|Peak Memory Usage|Cache Key|
Cache Mode|Cache Hits|Cache Misses|Cache Evictions|Cache Overflows|Planned Partitions|HashAgg Batches|Disk Usage|
One-Time Filter|Target Tables|Conflict Resolution|Conflict Arbiter Indexes|Conflict Filter|
Rows Removed by Conflict Filter|Tuples Inserted|Conflicting Tuples|Tuples Updated|Tuples Deleted|Tuples Skipped|
Shared Hit Blocks|Shared Read Blocks|Shared Dirtied Blocks|Shared Written Blocks|Local Hit Blocks|Local Read Blocks|
Local Dirtied Blocks|Local Written Blocks|Temp Read Blocks|Temp Written Blocks|Shared I/O Read Time|
Shared I/O Write Time|Local I/O Read Time|Local I/O Write Time|Temp I/O Read Time|Temp I/O Write Time|WAL Records|WAL FPI|
WAL Bytes|WAL Buffers Full|Workers|Subplans Removed|Plans|JIT|Remote SQL|Relations|Batch Size|Foreign File|
Foreign File Size|Foreign Program
"""
EARLIER_KEYS = "I/O Read Time|I/O Write Time|Params Evaluated|Foreign Plans"
DOCUMENT_KEYS_18 = (
    "Plan|Settings|Query Identifier|Planning|Planning Time|Triggers|JIT|Serialization|Execution Time|Query Text|"
    "Query Parameters"
)


def keys(text: str) -> set[str]:
    return set(text.replace("\n", "").split("|"))


def test_what_is_typed_or_kept_is_what_the_server_writes():
    assert keys(NODE_KEYS_18) | keys(EARLIER_KEYS) == TYPED | KEPT_RAW
    assert set() == TYPED & KEPT_RAW
    assert keys(DOCUMENT_KEYS_18) == DOCUMENT


def test_what_a_key_holds_is_said_of_keys_that_there_are():
    assert FLAGS <= TYPED
    assert LISTS - {"Sort Methods Used"} <= TYPED | KEPT_RAW
    assert FLAGS & NUMBERS == LISTS & NUMBERS == FLAGS & LISTS == set()


# For each kind of node, the keys that only it has, with values that differ from the fields' defaults.
COMMON = {
    "Parallel Aware": True, "Async Capable": True, "Disabled": True, "Startup Cost": 1.5, "Total Cost": 2.5,
    "Plan Rows": 30, "Plan Width": 4, "Actual Startup Time": 0.5, "Actual Total Time": 1.5, "Actual Rows": 20.0,
    "Actual Loops": 3, "Output": ["a"], "Filter": "(a > 1)", "Rows Removed by Filter": 7, "Shared Hit Blocks": 1,
    "Shared Read Blocks": 2, "Shared Dirtied Blocks": 3, "Shared Written Blocks": 4, "Local Hit Blocks": 5,
    "Local Read Blocks": 6, "Local Dirtied Blocks": 7, "Local Written Blocks": 8, "Temp Read Blocks": 9,
    "Temp Written Blocks": 10, "Shared I/O Read Time": 0.1, "Shared I/O Write Time": 0.2, "Local I/O Read Time": 0.3,
    "Local I/O Write Time": 0.4, "Temp I/O Read Time": 0.5, "Temp I/O Write Time": 0.6, "WAL Records": 1, "WAL FPI": 2,
    "WAL Bytes": 3, "WAL Buffers Full": 4, "Workers": [{"Worker Number": 0, "Actual Rows": 1.0, "Actual Loops": 1}],
    "Subplan Name": "SubPlan 1", "Parent Relationship": "SubPlan", "Plans": [{"Node Type": "Result"}],
}  # fmt: skip
TARGET = {"Relation Name": "t", "Schema": "s", "Alias": "x"}
GROUP = {"Group Count": 2, "Sort Methods Used": ["quicksort"], "Sort Space Memory": {"Peak Sort Space Used": 3}}
NODES = [
    {"Node Type": "Seq Scan", **COMMON, **TARGET},
    {"Node Type": "Sample Scan", "Sampling Method": "system", "Sampling Parameters": ["1"], "Repeatable Seed": "2"},
    {"Node Type": "Index Scan", "Scan Direction": "Backward", "Index Name": "i", "Index Cond": "c", "Order By": "o", "Rows Removed by Index Recheck": 1, "Index Searches": 2, **TARGET},
    {"Node Type": "Index Only Scan", "Heap Fetches": 3, "Index Name": "i"},
    {"Node Type": "Bitmap Heap Scan", "Recheck Cond": "c", "Exact Heap Blocks": 1, "Lossy Heap Blocks": 2},
    {"Node Type": "Tid Scan", "TID Cond": "c"},
    {"Node Type": "Function Scan", "Function Name": "f", "Function Call": "f()", "Alias": "g"},
    {"Node Type": "Table Function Scan", "Table Function Name": "f", "Table Function Call": "f()"},
    {"Node Type": "CTE Scan", "CTE Name": "c", "Storage": "Disk", "Maximum Storage": 9},
    {"Node Type": "Named Tuplestore Scan", "Tuplestore Name": "t"},
    {"Node Type": "Custom Scan", "Custom Plan Provider": "p"},
    {"Node Type": "Nested Loop", "Join Type": "Left", "Join Filter": "f", "Rows Removed by Join Filter": 4},
    {"Node Type": "Merge Join", "Merge Cond": "c", "Inner Unique": True},
    {"Node Type": "Hash Join", "Hash Cond": "c"},
    {"Node Type": "Hash", "Hash Buckets": 2, "Original Hash Buckets": 3, "Hash Batches": 4, "Original Hash Batches": 5, "Peak Memory Usage": 6},
    {"Node Type": "Aggregate", "Strategy": "Hashed", "Partial Mode": "Partial", "Group Key": ["a"], "Planned Partitions": 4, "HashAgg Batches": 5, "Disk Usage": 6, "Peak Memory Usage": 7},
    {"Node Type": "Aggregate", "Grouping Sets": [{"Group Keys": [["a"], []]}, {"Sort Key": ["b"], "Group Keys": [["b"]]}]},
    {"Node Type": "SetOp", "Command": "Except All", "Strategy": "Sorted"},
    {"Node Type": "WindowAgg", "Window": "w1 AS ()", "Run Condition": "c"},
    {"Node Type": "Sort", "Sort Key": ["a"], "Sort Method": "quicksort", "Sort Space Used": 25, "Sort Space Type": "Memory"},
    {"Node Type": "Incremental Sort", "Presorted Key": ["a"], "Full-sort Groups": GROUP, "Pre-sorted Groups": GROUP},
    {"Node Type": "Memoize", "Cache Key": "k", "Cache Mode": "binary", "Cache Hits": 1, "Cache Misses": 2, "Cache Evictions": 3, "Cache Overflows": 4, "Peak Memory Usage": 5},
    {"Node Type": "Result", "One-Time Filter": "f"},
    {"Node Type": "Gather", "Workers Planned": 3, "Workers Launched": 2, "Single Copy": True},
    {"Node Type": "Append", "Subplans Removed": 3},
    {"Node Type": "ModifyTable", "Operation": "Insert", "Conflict Resolution": "UPDATE", "Conflict Arbiter Indexes": ["i"], "Conflict Filter": "f", "Rows Removed by Conflict Filter": 1, "Tuples Inserted": 2, "Conflicting Tuples": 3, "Target Tables": [{"Relation Name": "t", "Alias": "t"}], **TARGET},
    {"Node Type": "ModifyTable", "Operation": "Merge", "Tuples Updated": 2, "Tuples Deleted": 3, "Tuples Skipped": 4},
    {"Node Type": "Seq Scan", "I/O Read Time": 1.0, "I/O Write Time": 2.0},
]  # fmt: skip


def plan(node: dict):
    """Put the node below another, so that what it is to its parent counts as well."""
    return plan_of(json.dumps([{"Plan": {"Node Type": "Result", "Plans": [node]}}]))


CASES = [(at, key) for at, node in enumerate(NODES) for key in node if key != "Node Type"]


@pytest.mark.parametrize(("at", "key"), CASES, ids=[f"{NODES[at]['Node Type']}, {key}" for at, key in CASES])
def test_a_typed_key_changes_its_node(at, key):
    with_it = NODES[at]
    without = {name: value for name, value in copy.deepcopy(with_it).items() if name != key}
    changed = plan(with_it) != plan(without)

    # Only one of the formats tells whether a join's inner side is unique, so that plans are not compared by it.
    assert changed or plan(with_it).nodes[1].inner_unique is not plan(without).nodes[1].inner_unique


def test_each_typed_key_is_tried():
    assert {key for node in NODES for key in node} == TYPED


@pytest.mark.parametrize("key", sorted(KEPT_RAW - {"JIT"}))
def test_a_key_without_a_field_is_kept_as_it_was_written(key):
    value = ["a"] if key in LISTS else 7 if key in NUMBERS else "text"
    [node] = plan({"Node Type": "Foreign Scan", key: value}).root.children

    assert dict(node.extra)[key] in {"a", "7", "text"}


def test_a_key_that_nobody_knows_is_kept_as_well():
    [node] = plan({"Node Type": "Seq Scan", "Prefetch": {"Distance": 3, "Of": ["a", "b"]}}).root.children

    assert node.extra == (("Prefetch", "Distance: 3; Of: a, b"),)


DOCUMENT_VALUES = {
    "Settings": {"work_mem": "1MB"},
    "Query Identifier": -3,
    "Planning": {"Shared Hit Blocks": 3, "Memory Used": 4},
    "Planning Time": 1.5,
    "Triggers": [{"Trigger Name": "t", "Relation": "r", "Time": 1.0, "Calls": 2}],
    "JIT": {"Functions": 3, "Options": {"Inlining": True}, "Timing": {"Generation": {"Deform": 1.0, "Total": 2.0}}},
    "Serialization": {"Time": 1.0, "Output Volume": 2, "Format": "text"},
    "Execution Time": 2.5,
    "Query Text": "SELECT 1",
}


@pytest.mark.parametrize("key", DOCUMENT_VALUES)
def test_a_key_beside_the_tree_changes_the_plan(key):
    bare = {"Plan": {"Node Type": "Result"}}
    with_it, without = (plan_of(json.dumps([each])) for each in ({**bare, key: DOCUMENT_VALUES[key]}, bare))

    assert with_it != without or with_it.sql != without.sql
    assert DOCUMENT_VALUES.keys() | {"Plan", "Query Parameters"} == DOCUMENT
