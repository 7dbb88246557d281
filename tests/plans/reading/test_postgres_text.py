"""PostgreSQL's text format line by line: what each says, in the versions that say it differently."""
# ruff: noqa: E501  (a plan reads best as it was printed)

from __future__ import annotations

import json

import pytest

from planroom.plans import plan_of
from planroom.plans._postgres.text_titles import node_of_title
from planroom.plans._postgres.text_tokens import split_list
from planroom.plans.resources import (
    AggregateUse,
    Buffers,
    CacheUse,
    HashUse,
    IoTimes,
    SortGroups,
    SortUse,
    StorageUse,
    Wal,
)


def node(*lines: str, title: str = "Seq Scan on t", figures: str = "(actual time=1.500..2.250 rows=3.50 loops=2)"):
    return plan_of(
        "\n".join([f"{title}  (cost=0.10..8.25 rows=30 width=12) {figures}", *(f"  {line}" for line in lines)])
    ).root


def test_the_first_line_has_estimates_and_measurements():
    found = node()

    assert (found.startup_cost, found.total_cost, found.estimated_rows, found.width_bytes) == (0.1, 8.25, 30, 12)
    assert (found.startup_ms, found.total_ms, found.rows, found.loops) == (1.5, 2.25, 3.5, 2)
    assert (found.self_ms, found.total_rows) == (4.5, 7)


def test_rows_are_whole_up_to_version_17_and_times_may_be_left_out():
    assert (node(figures="(actual time=0.010..0.020 rows=3 loops=1)").rows, node().rows) == (3, 3.5)
    untimed = node(figures="(actual rows=3 loops=1)")
    assert (untimed.rows, untimed.total_ms, untimed.self_ms) == (3, None, None)


def test_a_node_that_was_not_needed_has_no_loops_and_no_times():
    found = node("Filter: (a > 1)", figures="(never executed)")

    never = {"Actual Startup Time": 0.0, "Actual Total Time": 0.0, "Actual Rows": 0, "Actual Loops": 0}
    in_json = plan_of(json.dumps([{"Plan": {"Node Type": "Seq Scan", **never}}])).root

    for each in (found, in_json):
        assert (each.loops, each.rows, each.startup_ms, each.total_ms, each.never_executed) == (0, 0, None, None, True)
    assert found.removed_by_filter == 0


TITLES = {
    "Seq Scan on orders": {"Node Type": "Seq Scan", "Relation Name": "orders", "Alias": "orders"},
    "Seq Scan on shop.orders o": {"Relation Name": "orders", "Schema": "shop", "Alias": "o"},
    'Seq Scan on "we""ird"."x y" "al ias"': {"Schema": 'we"ird', "Relation Name": "x y", "Alias": "al ias"},
    'Seq Scan on "on" "using"': {"Relation Name": "on", "Alias": "using"},
    "Parallel Seq Scan on t": {"Node Type": "Seq Scan", "Parallel Aware": True},
    "Async Foreign Scan on t": {"Node Type": "Foreign Scan", "Async Capable": True},
    "Index Scan using i on t": {"Index Name": "i", "Scan Direction": "Forward"},
    'Index Only Scan Backward using "I x" on t': {"Index Name": "I x", "Scan Direction": "Backward"},
    "Parallel Index Only Scan using i on t": {"Node Type": "Index Only Scan", "Parallel Aware": True},
    'Bitmap Index Scan on "I x"': {"Node Type": "Bitmap Index Scan", "Index Name": "I x"},
    "Function Scan on pg_catalog.generate_series g": {"Function Name": "generate_series", "Schema": "pg_catalog"},
    'Table Function Scan on "xmltable" x': {"Table Function Name": "xmltable", "Alias": "x"},
    'Values Scan on "*VALUES*"': {"Alias": "*VALUES*"},
    "Subquery Scan on s": {"Alias": "s"},
    "CTE Scan on c x": {"CTE Name": "c", "Alias": "x"},
    "WorkTable Scan on w": {"CTE Name": "w"},
    "Nested Loop": {"Node Type": "Nested Loop", "Join Type": "Inner"},
    "Hash": {"Node Type": "Hash"},
    "Merge Append": {"Node Type": "Merge Append"},
    "Merge on t": {"Node Type": "ModifyTable", "Operation": "Merge"},
    "Update on public.t x": {"Node Type": "ModifyTable", "Operation": "Update", "Schema": "public", "Alias": "x"},
    "Foreign Delete on t": {"Node Type": "Foreign Scan", "Operation": "Delete"},
    "Custom Scan (ChunkAppend) on t": {"Node Type": "Custom Scan", "Custom Plan Provider": "ChunkAppend"},
    "Custom Scan (Citus Adaptive)": {"Custom Plan Provider": "Citus Adaptive"},
    "Partial HashAggregate": {"Node Type": "Aggregate", "Strategy": "Hashed", "Partial Mode": "Partial"},
    "Finalize GroupAggregate": {"Strategy": "Sorted", "Partial Mode": "Finalize"},
    "MixedAggregate": {"Strategy": "Mixed", "Partial Mode": "Simple"},
    "HashSetOp Except All": {"Node Type": "SetOp", "Strategy": "Hashed", "Command": "Except All"},
    "SetOp Intersect": {"Strategy": "Sorted", "Command": "Intersect"},
    "Quantum Scan on t": {"Node Type": "Quantum Scan", "Relation Name": "t"},
}  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_a_first_line_names_the_node_and_what_it_works_on(title):
    found = node_of_title(f"{title}  (cost=0.00..1.00 rows=1 width=4)")

    assert found["Total Cost"] == 1
    assert {key: found.get(key) for key in TITLES[title]} == TITLES[title]


@pytest.mark.parametrize("join", ["Nested Loop", "Hash", "Merge"])
@pytest.mark.parametrize("kind", ["Left", "Full", "Right", "Semi", "Anti", "Right Semi", "Right Anti"])
def test_every_type_of_join_is_told_from_its_first_line(join, kind):
    found = node_of_title(f"Parallel {join} {kind} Join")

    assert (found["Node Type"], found["Join Type"]) == (join if join == "Nested Loop" else f"{join} Join", kind)


LINES = {
    "Buffers: shared hit=1 read=2 dirtied=3 written=4, local hit=5 read=6 dirtied=7 written=8, temp read=9 written=10": ("buffers", Buffers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
    "Buffers: temp read=9": ("buffers", Buffers(temp_read=9)),
    "I/O Timings: temp read=1.250": ("io", IoTimes(temp_read_ms=1.25)),
    "I/O Timings: read=1.250 write=0.500": ("io", IoTimes(shared_read_ms=1.25, shared_write_ms=0.5)),
    "I/O Timings: shared/local read=1.250, temp write=2.000": ("io", IoTimes(shared_read_ms=1.25, temp_write_ms=2.0)),
    "I/O Timings: shared read=1.250 write=1.500, local read=2.000, temp write=3.000": ("io", IoTimes(1.25, 1.5, 2.0, 0.0, 0.0, 3.0)),
    "WAL: records=1 fpi=2 bytes=3 buffers full=4": ("wal", Wal(1, 2, 3, 4)),
    "WAL: bytes=3": ("wal", Wal(bytes=3)),
    "Sort Method: top-N heapsort  Memory: 25kB": ("sort", SortUse("top-N heapsort", 25, "Memory")),
    "Sort Method: external merge  Disk: 1234kB": ("sort", SortUse("external merge", 1234, "Disk")),
    "Full-sort Groups: 2  Sort Methods: quicksort, top-N heapsort  Average Memory: 27kB  Peak Memory: 28kB  Average Disk: 3kB  Peak Disk: 4kB": ("sort_groups", (SortGroups("Full-sort", 2, ("quicksort", "top-N heapsort"), 27, 28, 3, 4),)),
    "Storage: Disk  Maximum Storage: 17kB": ("storage", StorageUse("Disk", 17)),
    "Heap Blocks: exact=3 lossy=4": ("exact_blocks", 3),
    "Heap Blocks: lossy=4": ("lossy_blocks", 4),
    "Heap Fetches: 5": ("heap_fetches", 5),
    "Index Searches: 6": ("index_searches", 6),
    "Workers Planned: 3": ("workers_planned", 3),
    "Subplans Removed: 2": ("subplans_removed", 2),
    "Sampling: bernoulli ('10'::real, f(1)) REPEATABLE ('42'::double precision)": ("sampling", "bernoulli ('10'::real, f(1)) REPEATABLE ('42'::double precision)"),
    "Output: a, f(b, 'c, d'), ARRAY[1, 2], \"x, y\"": ("output", ("a", "f(b, 'c, d')", "ARRAY[1, 2]", '"x, y"')),
    "Sort Key: a DESC NULLS LAST, (lower(b)) COLLATE \"C\"": ("sort_keys", ("a DESC NULLS LAST", '(lower(b)) COLLATE "C"')),
    "Disabled: true": ("disabled", True),
    "Single Copy: true": ("single_copy", True),
    "Inner Unique: true": ("inner_unique", True),
    "Window: w1 AS (PARTITION BY a ROWS UNBOUNDED PRECEDING)": ("window", "w1 AS (PARTITION BY a ROWS UNBOUNDED PRECEDING)"),
    "Replaces: Scan on t": ("extra", (("Replaces", "Scan on t"),)),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_below_says_what_format_json_says(line):
    field, value = LINES[line]

    assert getattr(node(line), field) == value


TABLES = {
    ("Hash", "Buckets: 1024  Batches: 1  Memory Usage: 9kB"): ("hash", HashUse(1024, 1, 1024, 1, 9)),
    ("Hash", "Buckets: 4096 (originally 1024)  Batches: 8 (originally 1)  Memory Usage: 99kB"): ("hash", HashUse(4096, 8, 1024, 1, 99)),
    ("HashAggregate", "Batches: 1  Memory Usage: 24kB"): ("aggregate", AggregateUse(1, 24)),
    ("HashAggregate", "Planned Partitions: 4  Batches: 5  Memory Usage: 93kB  Disk Usage: 824kB"): ("aggregate", AggregateUse(5, 93, 824, 4)),
    ("HashAggregate", "Planned Partitions: 4"): ("aggregate", AggregateUse(planned_partitions=4)),
    ("Memoize", "Hits: 1  Misses: 2  Evictions: 3  Overflows: 4  Memory Usage: 5kB"): ("cache", CacheUse(1, 2, 3, 4, 5)),
}  # fmt: skip


@pytest.mark.parametrize(("title", "line"), TABLES)
def test_hash_tables_and_caches_are_read(title, line):
    field, value = TABLES[title, line]
    plan = plan_of(
        f"{title}  (cost=0.00..1.00 rows=1 width=4)\n  {line}\n  ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n"
    )

    assert getattr(plan.root, field) == value


WORKERS = """\
Gather  (cost=0.00..9.00 rows=9 width=4) (actual time=5.000..6.000 rows=9.00 loops=1)
  Workers Planned: 2
  Workers Launched: 2
  ->  Sort  (cost=0.00..9.00 rows=3 width=4) (actual time=1.000..2.000 rows=3.00 loops=3)
        Output: a
        Sort Key: a
        Sort Method: quicksort  Memory: 25kB
        Buffers: shared hit=9
        Worker 0:  actual time=1.500..2.500 rows=4.00 loops=1
          Sort Method: quicksort  Memory: 26kB
          JIT:
            Functions: 3
            Options: Inlining false, Optimization false, Expressions true, Deforming true
            Timing: Generation 0.100 ms (Deform 0.050 ms), Inlining 0.000 ms, Optimization 0.200 ms, Emission 0.300 ms, Total 0.600 ms
          Buffers: shared hit=3
        Worker 1:  actual time=0.500..1.500 rows=2.00 loops=1
          Sort Method: external merge  Disk: 99kB
          Buffers: shared hit=4, temp read=1
        ->  Parallel Seq Scan on t  (cost=0.00..9.00 rows=3 width=4) (actual time=0.100..0.500 rows=3.00 loops=3)
JIT:
  Functions: 6
  Options: Inlining false, Optimization true, Expressions true, Deforming false
  Timing: Generation 1.000 ms (Deform 0.500 ms), Inlining 0.000 ms, Optimization 2.000 ms, Emission 3.000 ms, Total 6.000 ms
Execution Time: 7.000 ms
"""


def test_what_workers_did_is_theirs():
    plan = plan_of(WORKERS)
    first, second = plan.nodes[1].workers

    assert (first.number, first.startup_ms, first.total_ms, first.rows, first.loops) == (0, 1.5, 2.5, 4, 1)
    assert (first.sort, second.sort) == (SortUse("quicksort", 26, "Memory"), SortUse("external merge", 99, "Disk"))
    assert (first.buffers, second.buffers) == (Buffers(shared_hit=3), Buffers(shared_hit=4, temp_read=1))
    assert plan.nodes[1].sort == SortUse("quicksort", 25, "Memory")
    assert plan.nodes[1].buffers == Buffers(shared_hit=9)
    assert plan.nodes[2].workers == ()
    assert (plan.jit.functions, plan.jit.generation_ms, plan.jit.deform_ms, plan.jit.total_ms) == (6, 1, 0.5, 6)
    assert (plan.jit.optimization, plan.jit.deforming) == (True, False)


def test_workers_are_read_without_verbose_and_as_version_12_prints_them():
    plain = WORKERS.replace("Worker 0:  actual time=1.500..2.500 rows=4.00 loops=1\n          Sort", "Worker 0:  Sort")
    earlier = WORKERS.replace("Worker 0:  actual", "Worker 0: actual").replace("Worker 1:  actual", "Worker 1: actual")

    assert [run.sort.space_kb for run in plan_of(plain).nodes[1].workers] == [26, 99]
    assert plan_of(earlier) == plan_of(WORKERS)


FOOT = """\
Result  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..0.001 rows=1.00 loops=1)
Settings: work_mem = '64kB', search_path = 'public, "odd''s", x = ''y''', jit = 'off'
Query Identifier: -123456789012345678
Planning:
  Buffers: shared hit=12 read=1
  I/O Timings: shared read=0.250
  Memory: used=20kB  allocated=32kB
Planning Time: 0.125 ms
Trigger RI_ConstraintTrigger_c_1 for constraint orders_fk on orders: time=1.250 calls=3
Trigger audit on a : b: calls=4
Trigger for constraint other_fk: time=0.500 calls=1
Serialization: time=0.750 ms  output=17kB  format=binary
  Buffers: shared hit=2
Execution Time: 3.500 ms
"""


def test_what_is_said_of_the_statement_is_read():
    plan = plan_of(FOOT)

    assert dict(plan.settings) == {"work_mem": "64kB", "search_path": "public, \"odd''s\", x = ''y''", "jit": "off"}
    assert plan.query_id == -123456789012345678
    assert (plan.planning.time_ms, plan.execution_ms) == (0.125, 3.5)
    assert (plan.planning.buffers, plan.planning.io.shared_read_ms) == (Buffers(shared_hit=12, shared_read=1), 0.25)
    assert (plan.planning.memory_used_kb, plan.planning.memory_allocated_kb) == (20, 32)
    assert [(each.name, each.constraint, each.relation, each.time_ms, each.calls) for each in plan.triggers] == [
        ("", "orders_fk", "orders", 1.25, 3),
        ("audit", "", "a : b", None, 4),
        ("", "other_fk", "", 0.5, 1),
    ]
    assert (plan.serialization.time_ms, plan.serialization.output_kb, plan.serialization.format) == (0.75, 17, "binary")
    assert plan.serialization.buffers == Buffers(shared_hit=2)
    assert plan.root.buffers == Buffers()


EARLIER = {
    "12": (
        """\
Hash Join  (cost=1.00..9.00 rows=10 width=8) (actual time=0.100..0.900 rows=7 loops=1)
  Hash Cond: (a.id = b.id)
  InitPlan 1 (returns $0)
    ->  Result  (cost=0.00..0.01 rows=1 width=4) (actual time=0.002..0.002 rows=1 loops=1)
  ->  Seq Scan on a  (cost=10000000000.00..10000000005.00 rows=10 width=4) (actual time=0.010..0.300 rows=10 loops=1)
        Filter: (x > $0)
        Rows Removed by Filter: 2
  ->  Hash  (cost=0.50..0.50 rows=5 width=4) (actual time=0.050..0.050 rows=5 loops=1)
        Buckets: 1024  Batches: 1  Memory Usage: 9kB
        ->  Seq Scan on b  (cost=0.00..0.50 rows=5 width=4) (actual time=0.010..0.020 rows=5 loops=1)
              I/O Timings: read=0.750
Planning Time: 0.100 ms
Execution Time: 1.000 ms
""",
        {
            "Node Type": "Hash Join", "Parallel Aware": False, "Join Type": "Inner", "Startup Cost": 1.0, "Total Cost": 9.0, "Plan Rows": 10, "Plan Width": 8, "Actual Startup Time": 0.1, "Actual Total Time": 0.9, "Actual Rows": 7, "Actual Loops": 1, "Inner Unique": True, "Hash Cond": "(a.id = b.id)",
            "Plans": [
                {"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1 (returns $0)", "Parallel Aware": False, "Startup Cost": 0.0, "Total Cost": 0.01, "Plan Rows": 1, "Plan Width": 4, "Actual Startup Time": 0.002, "Actual Total Time": 0.002, "Actual Rows": 1, "Actual Loops": 1},
                {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": False, "Relation Name": "a", "Alias": "a", "Startup Cost": 10000000000.0, "Total Cost": 10000000005.0, "Plan Rows": 10, "Plan Width": 4, "Actual Startup Time": 0.01, "Actual Total Time": 0.3, "Actual Rows": 10, "Actual Loops": 1, "Filter": "(x > $0)", "Rows Removed by Filter": 2},
                {"Node Type": "Hash", "Parent Relationship": "Inner", "Parallel Aware": False, "Startup Cost": 0.5, "Total Cost": 0.5, "Plan Rows": 5, "Plan Width": 4, "Actual Startup Time": 0.05, "Actual Total Time": 0.05, "Actual Rows": 5, "Actual Loops": 1, "Hash Buckets": 1024, "Original Hash Buckets": 1024, "Hash Batches": 1, "Original Hash Batches": 1, "Peak Memory Usage": 9,
                 "Plans": [{"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": False, "Relation Name": "b", "Alias": "b", "Startup Cost": 0.0, "Total Cost": 0.5, "Plan Rows": 5, "Plan Width": 4, "Actual Startup Time": 0.01, "Actual Total Time": 0.02, "Actual Rows": 5, "Actual Loops": 1, "I/O Read Time": 0.75, "I/O Write Time": 0.0}]},
            ],
        },
    ),
    "13": (
        """\
Update on measure  (cost=0.00..5.00 rows=6 width=14) (actual time=0.400..0.400 rows=0 loops=1)
  Update on measure_a
  Update on measure_b
  ->  Seq Scan on measure_a  (cost=0.00..2.50 rows=3 width=14) (actual time=0.010..0.020 rows=3 loops=1)
  ->  Seq Scan on measure_b  (cost=0.00..2.50 rows=3 width=14) (actual time=0.010..0.020 rows=3 loops=1)
Planning:
  Buffers: shared hit=3
Planning Time: 0.100 ms
Execution Time: 1.000 ms
""",
        {
            "Node Type": "ModifyTable", "Operation": "Update", "Parallel Aware": False, "Relation Name": "measure", "Alias": "measure", "Startup Cost": 0.0, "Total Cost": 5.0, "Plan Rows": 6, "Plan Width": 14, "Actual Startup Time": 0.4, "Actual Total Time": 0.4, "Actual Rows": 0, "Actual Loops": 1,
            "Target Tables": [{"Relation Name": "measure_a", "Alias": "measure_a"}, {"Relation Name": "measure_b", "Alias": "measure_b"}],
            "Plans": [{"Node Type": "Seq Scan", "Parent Relationship": "Member", "Parallel Aware": False, "Relation Name": name, "Alias": name, "Startup Cost": 0.0, "Total Cost": 2.5, "Plan Rows": 3, "Plan Width": 14, "Actual Startup Time": 0.01, "Actual Total Time": 0.02, "Actual Rows": 3, "Actual Loops": 1} for name in ("measure_a", "measure_b")],
        },
    ),
    "13, one table": (
        """\
Delete on t  (cost=0.00..5.00 rows=6 width=6) (actual time=0.400..0.400 rows=0 loops=1)
  ->  Seq Scan on t  (cost=0.00..5.00 rows=6 width=6) (actual time=0.010..0.020 rows=3 loops=1)
Planning:
  Buffers: shared hit=3
Planning Time: 0.100 ms
Execution Time: 1.000 ms
""",
        {
            "Node Type": "ModifyTable", "Operation": "Delete", "Relation Name": "t", "Alias": "t", "Startup Cost": 0.0, "Total Cost": 5.0, "Plan Rows": 6, "Plan Width": 6, "Actual Startup Time": 0.4, "Actual Total Time": 0.4, "Actual Rows": 0, "Actual Loops": 1,
            "Plans": [{"Node Type": "Seq Scan", "Parent Relationship": "Member", "Relation Name": "t", "Alias": "t", "Startup Cost": 0.0, "Total Cost": 5.0, "Plan Rows": 6, "Plan Width": 6, "Actual Startup Time": 0.01, "Actual Total Time": 0.02, "Actual Rows": 3, "Actual Loops": 1}],
        },
    ),
    "16": (
        """\
Gather  (cost=0.00..5.00 rows=6 width=14) (actual time=0.400..0.400 rows=2 loops=1)
  Workers Planned: 1
  Params Evaluated: $0, $1
  Workers Launched: 1
  I/O Timings: shared/local read=0.500, temp write=0.250
  ->  Function Scan on f  (cost=0.00..2.50 rows=3 width=14) (actual time=0.010..0.020 rows=1 loops=2)
Planning Time: 0.100 ms
Execution Time: 1.000 ms
""",
        {
            "Node Type": "Gather", "Startup Cost": 0.0, "Total Cost": 5.0, "Plan Rows": 6, "Plan Width": 14, "Actual Startup Time": 0.4, "Actual Total Time": 0.4, "Actual Rows": 2, "Actual Loops": 1, "Workers Planned": 1, "Params Evaluated": ["$0", "$1"], "Workers Launched": 1, "Single Copy": False, "I/O Read Time": 0.5, "I/O Write Time": 0.0, "Temp I/O Read Time": 0.0, "Temp I/O Write Time": 0.25,
            "Plans": [{"Node Type": "Function Scan", "Parent Relationship": "Outer", "Function Name": "f", "Alias": "f", "Startup Cost": 0.0, "Total Cost": 2.5, "Plan Rows": 3, "Plan Width": 14, "Actual Startup Time": 0.01, "Actual Total Time": 0.02, "Actual Rows": 1, "Actual Loops": 2}],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("version", EARLIER)
def test_an_earlier_version_s_plan_is_the_same_from_both_formats(version):
    """Written by hand after those versions' manuals and release notes."""
    text, node = EARLIER[version]
    planning = {"Planning": {"Shared Hit Blocks": 3}} if version.startswith("13") else {}
    document = [{"Plan": node, **planning, "Planning Time": 0.1, "Triggers": [], "Execution Time": 1.0}]

    assert plan_of(text) == plan_of(json.dumps(document))
    assert sum(each.self_ms for each in plan_of(text).nodes) == pytest.approx(plan_of(text).root.total_ms)


def test_the_value_of_an_init_plan_is_paid_by_the_node_that_names_it_up_to_version_16():
    plan = plan_of(EARLIER["12"][0])

    assert plan.nodes[2].self_ms == pytest.approx(0.3 - 0.002)


def test_times_of_just_in_time_compilation_are_read_as_versions_12_to_16_print_them():
    text = WORKERS.replace(" (Deform 0.500 ms)", "")

    assert (plan_of(text).jit.generation_ms, plan_of(text).jit.deform_ms) == (1, 0)


def test_a_string_over_several_lines_stays_one_expression():
    found = node(
        "Filter: ((a <> 'x", "Index Cond: y", "->  Seq Scan on z'::text) AND (b = 1))", "Rows Removed by Filter: 4"
    )

    assert found.condition("Filter") == "((a <> 'x\n  Index Cond: y\n  ->  Seq Scan on z'::text) AND (b = 1))"
    assert found.removed_by_filter == 4
    assert found.children == ()


def test_an_apostrophe_that_opens_nothing_swallows_nothing():
    text = (
        "Nested Loop  (cost=0.00..2.00 rows=1 width=4)\n  Join Filter: odd ' quote\n"
        "  ->  Seq Scan on a  (cost=0.00..1.00 rows=1 width=4)\n  ->  Seq Scan on b  (cost=0.00..1.00 rows=1 width=4)\n"
    )

    assert [each.operator for each in plan_of(text).nodes] == ["Nested Loop", "Seq Scan", "Seq Scan"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ["a"]),
        ("a, b", ["a", "b"]),
        ("f(a, b), c", ["f(a, b)", "c"]),
        ("'a, (b', c", ["'a, (b'", "c"]),
        ("'it''s, ', c", ["'it''s, '", "c"]),
        ('"a, ""b""", c', ['"a, ""b"""', "c"]),
        ("ARRAY[1, 2], (x)[1, 2]", ["ARRAY[1, 2]", "(x)[1, 2]"]),
        ("CASE WHEN (a = ')') THEN 1 ELSE 2 END, b", ["CASE WHEN (a = ')') THEN 1 ELSE 2 END", "b"]),
        ("", [""]),
    ],
)
def test_a_list_is_split_at_its_own_commas(text, parts):
    assert split_list(text) == parts


def test_a_plan_written_by_hand_for_what_no_extension_here_makes():
    """Custom scans have children without a side; no extension that comes with the server makes one."""
    text = (
        "Custom Scan (ChunkAppend) on metrics  (cost=0.00..3.00 rows=2 width=8)\n  Chunks excluded during startup: 3\n"
        "  ->  Seq Scan on chunk_1  (cost=0.00..1.00 rows=1 width=8)\n  ->  Seq Scan on chunk_2  (cost=0.00..1.00 rows=1 width=8)\n"
    )
    plan = plan_of(text)

    assert plan.root.title == "Custom Scan (ChunkAppend)"
    assert plan.root.source == "ChunkAppend"
    assert [child.relationship for child in plan.root.children] == ["children", "children"]
    assert plan.root.extra == (("Chunks excluded during startup", "3"),)
