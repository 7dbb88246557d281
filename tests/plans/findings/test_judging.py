"""One walk, like nodes told of once, severity from what could be saved, and the same words from run to run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from planroom.ddl import read_postgres
from planroom.errors import PlanroomError, QuantityError, UnknownNameError
from planroom.findings import Severity
from planroom.plans import plan_of
from planroom.plans.findings import PLAN_RULES, findings_at_scale, findings_of


def scan(table, *, rows, cost, alias="", **more):
    return {
        "Node Type": "Seq Scan", "Relation Name": table, "Schema": "public", "Alias": alias or table,
        "Startup Cost": 0.0, "Total Cost": cost, "Plan Rows": rows, "Plan Width": 8, **more,
    }  # fmt: skip


def above(kind, children, *, rows, cost, **more):
    names = ["Outer", "Inner"] if kind != "Append" else ["Member"] * len(children)
    plans = [
        {**child, "Parent Relationship": child.get("Parent Relationship", name)}
        for child, name in zip(children, names, strict=False)
    ]
    return {
        "Node Type": kind, "Startup Cost": 0.0, "Total Cost": cost, "Plan Rows": rows, "Plan Width": 8, "Plans": plans,
        **more,
    }  # fmt: skip


def ran(node, rows, loops=1):
    return {**node, "Actual Rows": rows, "Actual Loops": loops}


def plan(top, **more):
    return plan_of(json.dumps([{"Plan": top, **more}]))


def codes(found):
    return [each.code for each in found]


def partitions(number):
    members = [
        scan(f"events_{at}", rows=3, cost=2000.0, alias=f"e_{at}", Filter=f"(e_{at}.kind = 7)") for at in range(number)
    ]
    return plan(above("Append", members, rows=3 * number, cost=2000.0 * number))


def test_members_of_one_append_that_do_the_same_are_told_of_once():
    (found,) = findings_of(partitions(300), ignore=("partitions-not-pruned",))

    assert (found.code, found.facts["count"], found.severity) == ("PLN003", 300, Severity.ERROR)
    assert found.message.endswith("; so in 300 nodes like it")
    assert len(found.facts["nodes"]) == 50


def test_tables_that_are_read_for_different_conditions_are_told_of_one_by_one():
    members = [scan(name, rows=3, cost=2000.0, Filter=f"({column} = 7)") for name, column in (("a", "x"), ("b", "y"))]

    found = findings_of(plan(above("Append", members, rows=6, cost=4000.0)))

    assert codes(found) == ["PLN003", "PLN003"]
    assert [each.subject for each in found] == ["public.a", "public.b"]


def test_a_mistake_is_told_of_where_it_begins():
    low = ran(scan("a", rows=10, cost=3000.0, Filter="((x = 1) AND (y = 2))"), 50_000)
    other = ran(scan("b", rows=1000, cost=3000.0), 1000)
    joined = ran(above("Nested Loop", [low, other], rows=10, cost=9000.0, **{"Join Filter": "(a.x = b.x)"}), 50_000)
    top = ran(above("Nested Loop", [joined, other], rows=10, cost=19000.0, **{"Join Filter": "(a.x = b.y)"}), 50_000)

    found = [each for each in findings_of(plan(top)) if each.code == "PLN001"]

    assert [each.facts["nodes"] for each in found] == [(3,)]
    assert found[0].fix.replacement.startswith("CREATE STATISTICS a_x_y (dependencies, mcv) ON x, y FROM a;")


@pytest.mark.parametrize(("top", "told"), [("Limit", []), ("Gather", ["PLN001"])])
def test_rows_that_a_limit_did_not_ask_for_are_no_mistake(top, told):
    outer = ran(scan("a", rows=1_000_000, cost=20_000.0, Filter="(x = 1)"), 10)
    inner = ran(scan("b", rows=1, cost=10.0, Filter="(y = a.y)"), 1, loops=10)
    joined = ran(above("Nested Loop", [outer, inner], rows=1_000_000, cost=20_000_000.0), 10)

    found = findings_of(plan(ran(above(top, [joined], rows=1_000_000, cost=20_000_000.0), 10)))

    assert [each.code for each in found if each.code == "PLN001"] == told


@pytest.mark.parametrize(("rows", "told"), [(240_000, []), (2_400_000, ["PLN001"])])
def test_workers_that_did_not_come_are_no_wrong_estimate(rows, told):
    """The planner reckons with two workers and four tenths of the leader, which then does all of it alone."""
    shared = scan("a", rows=100_000, cost=30_000.0, Filter="(x = 1)", **{"Parallel Aware": True})
    whole = scan("b", rows=100_000, cost=30_000.0, **{"Parallel Aware": True})
    for node, given in ((shared, rows), (whole, 240_000)):
        gathered = above("Gather", [ran(node, given)], rows=240_000, cost=90_000.0, **{"Workers Planned": 2})
        sorted_ = above("Sort", [ran(gathered, given)], rows=240_000, cost=190_000.0, **{"Sort Key": ["x"]})
        found = codes(findings_of(plan(ran(sorted_, given)), ignore=("PLN010",)))

        assert found == (told if node is shared else [])


@pytest.mark.parametrize(
    ("cost", "severity"),
    [(50.0, None), (400.0, Severity.NOTE), (4_000.0, Severity.WARNING), (40_000.0, Severity.ERROR)],
)
def test_severity_follows_from_what_could_be_saved_and_not_from_the_rule(cost, severity):
    found = findings_of(plan(scan("a", rows=1, cost=cost, Filter="(x = 1)")))

    assert [each.severity for each in found] == ([severity] if severity else [])


def test_a_part_of_the_plan_is_worth_its_share():
    wasteful = scan("a", rows=1, cost=20_000.0, Filter="(x = 1)")
    rest = scan("b", rows=1_000_000, cost=60_000.0)

    (found,) = findings_of(plan(above("Hash Join", [wasteful, rest], rows=10, cost=100_000.0)))

    assert (found.severity, found.facts["share"]) == (Severity.WARNING, 0.2)
    assert "about 20 % of the plan's cost" in found.why


def timed(node, total_ms):
    return {**node, "Actual Startup Time": 0.0, "Actual Total Time": total_ms}


def test_times_are_judged_only_when_they_are_asked_for():
    slow = timed(ran(scan("a", rows=1, cost=50.0, Filter="(x = 1)", **{"Rows Removed by Filter": 900}), 1), 800.0)
    judged = plan(slow, **{"Planning Time": 900.0, "Execution Time": 800.0})

    assert findings_of(judged) == ()
    assert codes(findings_of(judged, by="time")) == ["PLN026"]


def test_a_plan_without_times_is_not_judged_by_them():
    with pytest.raises(PlanroomError, match="cannot be judged by its times") as caught:
        findings_of(plan(scan("a", rows=1, cost=5.0)), by="time")

    assert "analyze=True" in caught.value.fix
    with pytest.raises(UnknownNameError, match="'tme'"):
        findings_of(plan(scan("a", rows=1, cost=5.0)), by="tme")


def test_rules_are_left_out_by_code_or_name():
    wasteful = plan(scan("a", rows=1, cost=20_000.0, Filter="(x = 1)"))

    assert codes(findings_of(wasteful)) == ["PLN003"]
    assert findings_of(wasteful, ignore=("PLN003",)) == findings_of(wasteful, ignore=("scan-for-few-rows",)) == ()
    with pytest.raises(UnknownNameError, match="scan-for-few-row"):
        findings_of(wasteful, ignore=("scan-for-few-row",))


@pytest.mark.parametrize(
    ("condition", "ddl", "words"),
    [
        ("(code = 'x'::text)", "CREATE INDEX CONCURRENTLY ON t (code);", ""),
        ("((total > '5'::numeric) AND (code = 'x'::text))", "CREATE INDEX CONCURRENTLY ON t (code, total);", ""),
        ("(paid AND (code = 'x'::text))", "CREATE INDEX CONCURRENTLY ON t (code) WHERE paid;", ""),
        ("((NOT paid) AND (code = 'x'::text))", "CREATE INDEX CONCURRENTLY ON t (code) WHERE NOT paid;", ""),
        ("(code ~~ 'ab%'::text)", "CREATE INDEX CONCURRENTLY ON t (code text_pattern_ops);", ""),
        ("(lower((t.code)::text) = 'x'::text)", "CREATE INDEX CONCURRENTLY ON t ((lower((code)::text)));", ""),
        ("((day)::date = '2026-01-01'::date)", "CREATE INDEX CONCURRENTLY ON t (day);", "Write day::date as a range"),
        ("((id)::numeric = 5.0)", None, "compare it with a value of its own type"),
        ("(code ~~ '%x'::text)", None, "trigram"),
        ("(a < b)", None, "look at its operators"),
    ],
)
def test_the_index_holds_what_is_compared_for_equality_then_one_range(condition, ddl, words):
    (found,) = findings_of(plan(scan("t", rows=1, cost=20_000.0, Filter=condition)))

    assert found.fix.replacement == ddl
    assert words in found.fix.text


MODEL = """
CREATE TABLE t (id bigint PRIMARY KEY, code text, other int, email text);
CREATE INDEX t_other_code ON t (other, code);
CREATE INDEX t_email ON t (lower(email));
CREATE TABLE child (t_id bigint REFERENCES t);
"""


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("(code = 'x'::text)", "t_other_code has code, but begins with other, which is not asked for"),
        ("((id)::numeric = 5.0)", "t_pkey begins with id, but the condition is on id::numeric"),
        ("(email = 'x'::text)", "t_email is on lower(email), not on email itself"),
        ("(other = 5)", "t_other_code begins with other, and reading through it was reckoned dearer"),
    ],
)
def test_with_a_model_it_is_told_why_the_indexes_that_there_are_do_not_serve(condition, reason):
    model = read_postgres([("m.sql", MODEL)])

    (found,) = findings_of(plan(scan("t", rows=1, cost=20_000.0, Filter=condition)), model=model)

    assert reason in found.message


def test_an_index_that_is_there_is_not_made_again():
    model = read_postgres([("m.sql", MODEL)])

    (found,) = findings_of(plan(scan("t", rows=1, cost=20_000.0, Filter="(other = 5)")), model=model)

    assert found.fix.replacement is None
    assert found.fix.text == "There is an index for it: ANALYZE the table, and look at random_page_cost."


def test_an_index_for_partitions_is_made_on_the_whole_table():
    script = (
        "CREATE TABLE all_events (kind int, at date) PARTITION BY RANGE (at);"
        "CREATE TABLE events_0 PARTITION OF all_events DEFAULT;"
    )
    model = read_postgres([("m.sql", script)])

    found = findings_of(partitions(5), model=model, ignore=("PLN027",))

    assert [each.fix.replacement for each in found] == ["CREATE INDEX ON all_events (kind);"]


def test_a_deletion_is_told_of_only_while_the_referencing_columns_have_no_index():
    deletion = above("ModifyTable", [scan("t", rows=500, cost=20.0)], rows=0, cost=20.0, Operation="Delete",
                     **{"Relation Name": "t", "Schema": "public", "Alias": "t"})  # fmt: skip
    bare = read_postgres([("m.sql", MODEL)])
    indexed = read_postgres([("m.sql", f"{MODEL} CREATE INDEX ON child (t_id);")])

    assert codes(findings_of(plan(deletion), model=bare)) == ["PLN032"]
    assert findings_of(plan(deletion), model=indexed) == ()
    assert findings_of(plan(deletion), model=bare, rows={"public.child": 3.0}) == ()


def growing(cost, kind="Seq Scan"):
    return plan({**scan("t", rows=10, cost=cost), "Node Type": kind})


def test_a_change_of_plan_is_told_of_with_the_rows_between_which_it_comes():
    found = findings_at_scale([(1e6, growing(9_000.0, "Index Scan")), (1e3, growing(90.0)), (1e4, growing(900.0))])

    assert codes(found) == ["PLN033"]
    assert found[0].facts | {"from_rows": 1e4, "to_rows": 1e6} == found[0].facts
    assert "from Seq Scan on public.t to Index Scan on public.t" in found[0].message


def test_a_cost_that_grows_with_the_square_is_told_of_and_one_that_grows_with_the_rows_is_not():
    assert codes(findings_at_scale([(1e3, growing(100.0)), (1e5, growing(1_000_000.0))])) == ["PLN034"]
    assert findings_at_scale([(1e3, growing(100.0)), (1e5, growing(10_000.0))]) == ()


@pytest.mark.parametrize("numbers", [(), (5.0,), (5.0, 5.0), (0.0, 5.0)])
def test_plans_at_scale_need_two_numbers_of_rows(numbers):
    with pytest.raises(QuantityError, match="cannot be compared"):
        findings_at_scale([(number, growing(5.0)) for number in numbers])


@pytest.mark.server
def test_no_finding_by_cost_holds_a_duration(planned):
    examples = [each for rule in PLAN_RULES for each in rule.bad if each.by == "cost"]

    words = [f"{found.message} {found.why}" for each in examples for found in findings_of(planned(each))]

    assert len(words) > 20
    assert [text for text in words if re.search(r"\d\s*(ms|µs|s|min)\b", text)] == []


_PROGRAM = """
import sys
from planroom.plans import plan_of
from planroom.plans.findings import findings_of
print([(str(each), each.fix, each.facts) for each in findings_of(plan_of(sys.stdin.read()))])
"""


def test_the_findings_are_the_same_under_another_hash_seed():
    low = ran(scan("a", rows=10, cost=3000.0, Filter="((x = 1) AND (y = 2))"), 50_000)
    other = ran(scan("b", rows=1000, cost=3000.0, Filter="(z = 1)"), 10)
    text = json.dumps([{"Plan": ran(above("Nested Loop", [low, other], rows=10, cost=90_000.0), 50_000)}])

    told = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM], input=text, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip

    assert len(told) == 1
    assert "PLN001" in told.pop()


OPERATORS = {
    engine: sorted(
        {name for rule in PLAN_RULES if engine in rule.engines for name in getattr(rule, "operators", ())} - {"*"}
    )
    for engine in ("postgres", "duckdb")
}
RUN = {"Actual Rows": 3, "Actual Loops": 2}
MUCH = {
    "Actual Rows": 1e6, "Actual Loops": 2000, "Plan Rows": 5, "Plan Width": 3000, "Startup Cost": 0.0,
    "Total Cost": 1e6, "Rows Removed by Filter": 1e7, "Rows Removed by Join Filter": 1e9,
    "Rows Removed by Index Recheck": 1e7, "Heap Fetches": 1e9, "Lossy Heap Blocks": 5, "Exact Heap Blocks": 5,
    "Disabled": True, "Workers Planned": 3, "Workers Launched": 0, "Hash Buckets": 1, "Hash Batches": 4,
    "HashAgg Batches": 5, "Disk Usage": 100, "Sort Method": "external merge", "Sort Space Used": 500,
    "Sort Space Type": "Disk", "Cache Hits": 1, "Cache Misses": 100, "Cache Evictions": 99, "Storage": "Disk",
    "Maximum Storage": 100, "Operation": "Delete", "Shared Hit Blocks": 10**9,
}  # fmt: skip


@pytest.mark.parametrize("measured", [{}, RUN], ids=["planned", "run"])
@pytest.mark.parametrize("children", [0, 1, 2])
def test_a_plan_that_says_next_to_nothing_is_judged_all_the_same(measured, children):
    below = [{"Node Type": "Seq Scan", **measured}] * children
    for operator in OPERATORS["postgres"]:
        bare = {"Node Type": operator, **measured, **({"Plans": below} if below else {})}

        assert findings_of(plan({"Node Type": "Limit", **measured, "Plans": [bare]})) == (), operator


@pytest.mark.parametrize("children", [0, 2])
def test_a_plan_of_duckdb_that_says_next_to_nothing_is_judged_all_the_same(children):
    below = [{"name": "SEQ_SCAN", "children": [], "extra_info": {}}] * children
    for operator in OPERATORS["duckdb"]:
        text = json.dumps([{"name": operator, "children": below, "extra_info": {}}])

        assert findings_of(plan_of(text)) == (), operator


@pytest.mark.parametrize("relationship", ["Outer", "SubPlan"])
@pytest.mark.parametrize("condition", ["", "(a = 1)", "not ((to be read"])
def test_what_is_wrong_is_told_though_names_and_conditions_are_missing(relationship, condition):
    model = read_postgres([("m.sql", MODEL)])
    filters = {"Filter": condition, "Join Filter": condition} if condition else {}
    below = {"Node Type": "Seq Scan", **MUCH, "Parent Relationship": "Outer"}
    for operator in OPERATORS["postgres"]:
        bare = {"Node Type": operator, **MUCH, **filters, "Plans": [below, below], "Parent Relationship": relationship}

        found = findings_of(plan({"Node Type": "Gather", **MUCH, "Plans": [bare]}), model=model)

        assert "PLN028" in codes(found), operator
        assert all(each.message and each.fix.text and 0 < each.facts["share"] <= 1 for each in found), operator
