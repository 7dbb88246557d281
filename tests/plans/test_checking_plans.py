"""Plans written down, read again, and held against."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from planroom.errors import SyntaxProblem
from planroom.findings import Severity
from planroom.plans.checking import Standing, check_plans
from planroom.plans.plan import Plan
from planroom.plans.snapshots import snapshot_of, snapshots_of_text, text_of_snapshots
from planroom.plans.workloads.planned import PlannedQuery
from tests.plans.comparing.trees import plan, plans, scan, unary

SEQ = plan({**scan("orders"), "Total Cost": 43127.4})
INDEX = plan({**scan("orders", "Index Scan", index="i"), "Total Cost": 8.296})


def query(name: str, its: Plan | None, sql: str = "select 1", **more: str) -> PlannedQuery:
    return PlannedQuery(name, sql, plan=its and replace(its, version="18.5", sql=sql), **more)


def standings(accepted: list[PlannedQuery], now: list[PlannedQuery]) -> dict[str, Standing]:
    kept = [snapshot for each in accepted if (snapshot := snapshot_of(each))]
    return {each.name: each.standing for each in check_plans(kept, now).queries}


@settings(max_examples=40, deadline=None)
@given(plans())
def test_what_is_written_is_read_again(its: Plan) -> None:
    one = snapshot_of(query('na"me\n', its))
    assert one is not None

    text = text_of_snapshots([one])

    assert snapshots_of_text(text) == (one,)
    assert check_plans(snapshots_of_text(text), [query('na"me\n', its)]).verdict == "1 same"


def test_the_text_is_the_same_in_whatever_order_queries_come() -> None:
    entries = [snapshot for name in "bca" if (snapshot := snapshot_of(query(name, SEQ)))]

    text = text_of_snapshots(entries)

    assert text == text_of_snapshots(entries[::-1])
    assert list(json.loads(text)["queries"]) == ["a", "b", "c"]
    assert json.loads(text)["queries"]["a"]["cost"] == 43100


def test_a_flip_fails_and_a_cost_warns() -> None:
    dearer = plan({**scan("orders"), "Total Cost": 99999.0})

    assert standings([query("q", SEQ)], [query("q", INDEX)]) == {"q": Standing.FLIPPED}
    assert standings([query("q", SEQ)], [query("q", dearer)]) == {"q": Standing.DEARER}
    assert standings([query("q", SEQ)], [query("q", SEQ)]) == {"q": Standing.SAME}
    assert Standing.FLIPPED.severity is Severity.ERROR
    assert Standing.DEARER.severity is Severity.WARNING


def test_new_and_vanished_queries_are_said_and_fail_nothing() -> None:
    found = check_plans([snapshot_of(query("old", SEQ, "select a"))], [query("new", SEQ, "select b from c")])

    assert {each.name: each.standing for each in found.queries} == {"new": Standing.NEW, "old": Standing.VANISHED}
    assert not found.failed


def test_a_renamed_query_is_found_by_its_fingerprint() -> None:
    found = standings(
        [query("a", SEQ, "select x from y where z = 1")], [query("b", SEQ, "select x from y where z = 2")]
    )

    assert found == {"b": Standing.SAME}


def test_a_query_that_lost_its_plan_fails() -> None:
    lost = PlannedQuery("q", "select 1", reason='relation "orders" does not exist')

    found = check_plans([snapshot_of(query("q", SEQ))], [lost])

    assert found.failed
    assert "does not exist" in str(found)


def test_a_flip_is_explained_by_what_else_changed() -> None:
    settings_now = replace(INDEX, version="18.6", settings=(("work_mem", "64MB"),), sql="select 2 from b")
    now = PlannedQuery("q", "select 2 from b", plan=settings_now, statistics="bb", indexes="dd")
    accepted = snapshot_of(query("q", SEQ, statistics="aa", indexes="cc"))

    (checked,) = check_plans([accepted], [now]).queries

    assert checked.reasons == (
        "the query changed", "PostgreSQL 18.5 → PostgreSQL 18.6", "statistics changed", "indexes changed",
        "work_mem: default → 64MB",
    )  # fmt: skip


def test_the_difference_is_drawn() -> None:
    found = check_plans([snapshot_of(query("q", SEQ))], [query("q", plan(unary("Sort", scan("orders"))))])

    assert "+ Sort\n    Seq Scan on orders" in str(found)
    assert "```diff\n+ Sort\n    Seq Scan on orders\n```" in found.markdown
    assert json.loads(_json(found))["queries"][0]["tree"] == ["+ Sort", "    Seq Scan on orders"]
    assert "Sort over orders added" in found._html()


def _json(found: object) -> str:
    from planroom.plans.check_shown import json_text

    return json_text(found)


def test_what_a_finding_says_is_the_query_its_cost_and_its_place() -> None:
    (finding,) = check_plans([snapshot_of(query("q", SEQ))], [query("q", INDEX)]).findings

    assert (finding.code, finding.slug, finding.severity) == ("PLC001", "plan-flipped", Severity.ERROR)
    assert "Seq Scan on orders became Index Scan using i" in finding.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Expecting property name"),
        ("<<<<<<< HEAD\n{}", "merge conflict"),
        ("[]", "no queries"),
        ('{"schema": "planroom.plans/9", "queries": {}}', "planroom.plans/9"),
        ('{"schema": "planroom.plans/1", "queries": {"a": {}}}', "'query' is missing"),
        ('{"schema": "planroom.plans/1", "queries": {"a": 5}}', "not what planroom writes"),
    ],
)
def test_a_broken_file_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        snapshots_of_text(text, source="plans.json")

    assert why in str(caught.value)
    assert "plans.json" in str(caught.value)


def test_a_shape_that_was_edited_by_hand_is_refused_with_its_query() -> None:
    broken = replace(snapshot_of(query("q", SEQ)), shape=("   x on", "y"))

    with pytest.raises(SyntaxProblem, match="no line of a plan's shape"):
        str(check_plans([broken], [query("q", INDEX)]))
