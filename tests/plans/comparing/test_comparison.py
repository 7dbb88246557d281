"""What is said of two plans."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import ClassVar

import pytest
from hypothesis import given, settings

from planroom.errors import QuantityError, UnknownNameError
from planroom.plans import plan_of
from planroom.plans.comparing import Trend, compared
from planroom.plans.plan import Plan
from tests.plans.comparing.trees import join, plan, plans, scan, unary

_OPPOSITE = {Trend.LESS: Trend.MORE, Trend.MORE: Trend.LESS, Trend.SAME: Trend.SAME, Trend.UNKNOWN: Trend.UNKNOWN}


def costing(node: dict[str, object], cost: float, rows: float = 100) -> Plan:
    return plan({**node, "Total Cost": cost, "Plan Rows": rows})


@settings(max_examples=30, deadline=None)
@given(plans(), plans())
def test_verdicts_are_symmetric(one: Plan, other: Plan) -> None:
    there, back = compared(one, other), compared(other, one)

    assert there.flipped == back.flipped
    assert there.measure.trend is _OPPOSITE[back.measure.trend]


@settings(max_examples=30, deadline=None)
@given(plans(), plans())
def test_every_form_is_safe_whatever_the_names(one: Plan, other: Plan) -> None:
    found = compared(one, other)

    class Tags(HTMLParser):
        tags: ClassVar[set[str]] = set()

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.tags.add(tag)

    parser = Tags()
    parser.feed(found.html)
    assert not parser.tags & {"b", "script"}
    assert "\u202e" not in str(found)
    assert json.loads(found._json())["schema"] == "planroom.plan-comparison/1"
    assert all(line[:2] in {"  ", "+ ", "~ ", "− "} for line in _tree(str(found)))


def _tree(text: str) -> list[str]:
    return text.split("\n\n")[-1].splitlines()


@settings(max_examples=30, deadline=None)
@given(plans())
def test_a_plan_compared_with_itself_says_that_nothing_moved(one: Plan) -> None:
    found = compared(one, one)

    assert (found.flipped, found.verdict, found.sentences) == (False, "same shape, same cost", ())


SEQ = scan("orders")
INDEX = scan("orders", "Index Scan", index="orders_customer_id_idx")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (SEQ, INDEX, "Seq Scan on orders became Index Scan using orders_customer_id_idx"),
        (INDEX, scan("orders", "Index Scan", index="other_idx"),
         "Index Scan on orders uses other_idx instead of orders_customer_id_idx"),
        (SEQ, unary("Sort", SEQ), "Sort over orders added"),
        (unary("Memoize", SEQ), SEQ, "Memoize over orders removed"),
        (unary("Aggregate", SEQ, Strategy="Hashed"), unary("Aggregate", unary("Sort", SEQ), Strategy="Sorted"),
         "HashAggregate over orders became GroupAggregate"),
        (SEQ, unary("Gather", {**SEQ, "Parallel Aware": True}, **{"Workers Planned": 2}),
         "the plan is parallel now, 2 workers planned"),
        (join("Hash Join", scan("a"), unary("Hash", scan("b"))), join("Hash Join", scan("b"), unary("Hash", scan("a"))),
         "the hash table is built on a now, not on b"),
        (join("Hash Join", scan("a"), scan("b")), join("Nested Loop", scan("a"), scan("b")),
         "Hash Join of a and b became Nested Loop"),
        (join("Hash Join", join("Hash Join", scan("a"), scan("b")), scan("c")),
         join("Hash Join", join("Hash Join", scan("a"), scan("c")), scan("b")),
         "join order changed: (a ⋈ b) ⋈ c → (a ⋈ c) ⋈ b"),
        (join("Hash Join", join("Nested Loop", scan("a"), scan("b")), scan("c")),
         join("Nested Loop", join("Hash Join", scan("a"), scan("b")), scan("c")),
         "Hash Join and Nested Loop swapped: a, b and c are joined by Nested Loop now, a and b by Hash Join"),
        ({**SEQ, "Plan Rows": 10}, {**SEQ, "Plan Rows": 1000},
         "rows expected of Seq Scan on orders: 10 → 1\u2009000 (× 100)"),
        (scan("o", "Index Scan", index="i", **{"Index Cond": "((a = 1) AND (b = 2))"}),
         scan("o", "Index Scan", index="j", **{"Index Cond": "(a = 7)", "Filter": "(b = 2)"}),
         "on o, (b = 2) is a Filter now, no longer an Index Cond"),
    ],
)  # fmt: skip
def test_what_moved_is_said(old: dict[str, object], new: dict[str, object], sentence: str) -> None:
    assert sentence in compared(plan(old), plan(new)).sentences


def test_a_sort_that_went_to_disk_is_said() -> None:
    run = {"Actual Rows": 5, "Actual Loops": 1, "Sort Method": "quicksort", "Sort Space Used": 25}
    old = plan(unary("Sort", SEQ, **run, **{"Sort Space Type": "Memory"}))
    new = plan(unary("Sort", SEQ, **{**run, "Sort Space Used": 4096}, **{"Sort Space Type": "Disk"}))

    assert "Sort over orders sorts on disk now (4 MB)" in compared(old, new).sentences


def test_many_alike_are_one_sentence() -> None:
    def side(operator: str) -> dict[str, object]:
        members = [{**scan(f"m_{at}", operator), "Parent Relationship": "Member"} for at in range(5)]
        return {"Node Type": "Append", "Plans": members}

    told = compared(plan(side("Seq Scan")), plan(side("Index Scan"))).sentences

    assert told == ("Seq Scan became Index Scan on 5 relations: m_0, m_1, m_2 ...",)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (100.0, 105.0, "same shape, same cost"),
        (100.0, 111.0, "same shape, dearer"),
        (111.0, 100.0, "same shape, cheaper"),
        (0.0, 5.0, "same shape, dearer"),
        (0.0, 0.0, "same shape, same cost"),
    ],
)
def test_costs_within_the_tolerance_are_the_same(before: float, after: float, verdict: str) -> None:
    assert compared(costing(SEQ, before), costing(SEQ, after)).verdict == verdict


def test_costs_in_other_units_cannot_be_compared() -> None:
    old = plan(SEQ, Settings={"random_page_cost": "1.1"})

    found = compared(old, plan(SEQ))

    assert found.verdict == "same shape; cost: cannot tell"
    assert "random_page_cost" in str(found.measure)
    assert "random_page_cost: 1.1 → default" in found.circumstances


def test_times_are_told_only_when_they_are_asked_for() -> None:
    run = {"Actual Rows": 5, "Actual Loops": 1, "Actual Total Time": 2.0, "Actual Startup Time": 0.0}
    old, new = plan({**SEQ, **run}, **{"Execution Time": 3.5}), plan({**SEQ, **run}, **{"Execution Time": 7.5})

    assert "ms" not in str(compared(old, new))
    assert compared(old, new, by="time").verdict == "same shape, slower"


def test_other_statements_are_not_taken_for_one() -> None:
    def with_sql(sql: str) -> Plan:
        return plan(SEQ, **{"Query Text": sql})

    assert compared(with_sql("select 1"), with_sql("select  2")).circumstances == ()
    assert compared(with_sql("select 1"), with_sql("select 1 from a")).circumstances == (
        "the statements differ, not only in their constants",
    )


def test_a_measure_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(UnknownNameError, match="costs"):
        compared(plan(SEQ), plan(SEQ), by="costs")
    with pytest.raises(QuantityError):
        compared(plan(SEQ), plan(SEQ), tolerance=-1)


def test_the_text_is_one_tree_in_which_each_line_says_what_became_of_it() -> None:
    old = plan(join("Hash Join", scan("a"), unary("Hash", scan("b"))))
    new = plan(unary("Limit", join("Nested Loop", scan("a"), scan("b", "Index Scan", index="b_pkey"))))

    assert _tree(str(compared(old, new))) == [
        "+ Limit",
        "~   Nested Loop (was Hash Join)",
        "      Seq Scan on a",
        "−     Hash",
        "~       Index Scan using b_pkey on b (was Seq Scan on b)",
    ]


def test_markdown_shows_a_changed_node_as_a_line_less_and_a_line_more() -> None:
    lines = compared(plan(SEQ), plan(INDEX)).markdown.splitlines()

    assert "- Seq Scan on orders" in lines
    assert "+ Index Scan using orders_customer_id_idx on orders" in lines


DUCKDB = """[{"name": "PROJECTION", "children": [
 {"name": "HASH_JOIN", "extra_info": {"Join Type": "INNER"}, "children": [
  {"name": "SEQ_SCAN ", "children": [], "extra_info": {"Table": "memory.main.%s", "Estimated Cardinality": "40"}},
  {"name": "SEQ_SCAN ", "children": [], "extra_info": {"Table": "memory.main.%s", "Estimated Cardinality": "4"}}]}]}]"""


def test_engines_are_compared_by_what_their_operators_do() -> None:
    old = plan(join("Hash Join", scan("orders", alias="o"), unary("Hash", scan("customers", alias="c"))))
    same, swapped = (plan_of(DUCKDB % names) for names in (("orders", "customers"), ("customers", "orders")))

    assert compared(old, same).verdict == "same join tree; cost: cannot tell"
    assert compared(old, swapped).verdict == "same joins, other build sides; cost: cannot tell"
    assert compared(old, swapped).sentences[0] == "DuckDB builds the hash table on orders, PostgreSQL on customers"
    row = r"^join of orders and customers\s+Hash Join, built on customers"
    assert re.search(row, str(compared(old, same)), re.MULTILINE)


def test_the_forms_of_a_file_are_written_and_others_refused(tmp_path) -> None:
    found = compared(plan(SEQ), plan(INDEX))

    for suffix in (".html", ".md", ".json", ".txt"):
        assert found.save(tmp_path / f"c{suffix}").read_text()
    with pytest.raises(UnknownNameError):
        found.save(tmp_path / "c.xyz")


def test_a_name_cannot_begin_a_line_of_its_own() -> None:
    old = plan(join("Hash Join", join("Hash Join", scan("a"), scan("b\n+ c")), scan("d")))
    new = plan(join("Hash Join", join("Hash Join", scan("a"), scan("d")), scan("b\n+ c")))

    text = str(compared(old, new))

    assert "\n+ c" not in text
    assert "of a and b\\n+ c" in text


def test_rows_of_each_loop_are_not_held_against_rows_of_all() -> None:
    whole = {**scan("b"), "Plan Rows": 100_000}
    looked_up = {**scan("b", "Index Scan", index="i"), "Plan Rows": 1}
    old = plan(join("Hash Join", {**scan("a"), "Plan Rows": 50}, unary("Hash", whole)))
    new = plan({**join("Nested Loop", {**scan("a"), "Plan Rows": 50}, looked_up), "Total Cost": 1000.0})

    assert not [told for told in compared(old, new).sentences if told.startswith("rows expected of Index Scan")]
