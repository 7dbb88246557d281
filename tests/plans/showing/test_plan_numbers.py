"""Every number that is shown is right."""

from __future__ import annotations

import math
from typing import Any

import pytest

import planroom as pr
from planroom.plans.showing.metrics import METRICS
from planroom.plans.showing.numbers import factor_text, rows_text, share_text
from planroom.plans.showing.weights import weigh
from tests.plans.showing.trees import node, plan, scan

MEASURED: dict[str, Any] = {"rows": 1_000.0, "loops": 2.0, "self_ms": 3.0, "total_ms": 2.0}


def test_shares_are_of_the_whole_and_inclusive_ones_contain_what_is_below() -> None:
    weights = weigh(plan(node("Sort", node("Hash Join", scan("a", self_cost=6.0), scan("b", self_cost=2.0)))))

    assert [weights.shown(number) for number in (1, 2, 3, 4)] == ["10 %", "10 %", "60 %", "20 %"]
    assert [weights.inclusive_share(number) for number in (1, 2, 3, 4)] == pytest.approx([1.0, 0.9, 0.6, 0.2])
    assert weights.heaviest_path == {1, 2, 3}


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0 %"), (0.0004, "< 0.1 %"), (0.0316, "3.2 %"), (0.0996, "10 %"), (0.5, "50 %"), (1, "100 %")],
)
def test_shares_are_printed_with_two_digits(share: float, shown: str) -> None:
    assert share_text(share) == shown


@pytest.mark.parametrize(
    ("estimated", "rows", "shown", "factor"),
    [
        (10, 10, "10 → 10", ""),
        (10, 20, "10 → 20", ""),
        (10, 21, "10 → 21", "×2.1"),
        (1_000, 12, "1\u2009000 → 12", "÷83.3"),
        (1, 1_000_000, "1 → 1\u2009000\u2009000", "×1\u2009000\u2009000"),
        (5, 0, "5 → 0", "÷5"),
        (1, 0.33, "1 → 0.33", ""),
        (2e10, 1, "20 bn → 1", "÷20 bn"),
    ],
)
def test_rows_stand_as_estimated_and_actual_with_the_factor_above_two(
    estimated: float, rows: float, shown: str, factor: str
) -> None:
    one = scan("a", estimated_rows=float(estimated), rows=float(rows), loops=1.0)

    assert (rows_text(one), factor_text(one)) == (shown, factor)


def test_without_a_run_only_the_estimate_is_shown_and_so_for_what_was_never_executed() -> None:
    assert rows_text(scan("a", estimated_rows=7.0)) == "7"
    assert rows_text(scan("a", estimated_rows=7.0, rows=0.0, loops=0.0)) == "7"


def test_the_default_metric_is_the_cost_and_the_rows_where_there_is_none() -> None:
    costly = plan(scan("a", **MEASURED))
    duck = plan(node("SEQ_SCAN", self_cost=None, rows=5.0, loops=1.0, self_ms=2.0), engine="duckdb")

    assert weigh(costly).metric.name == "cost"
    assert weigh(duck).metric.name == "rows"


def test_no_metric_that_differs_from_run_to_run_is_a_default() -> None:
    assert not any(each.by_default and not each.repeatable for each in METRICS)
    assert [each.name for each in METRICS if not each.repeatable] == ["time"]


@pytest.mark.parametrize(
    ("by", "amount"),
    [
        ("cost", "4"),
        ("rows", "2\u2009000 rows"),
        ("estimate", "100 ×"),
        ("bytes", "15.6 kB"),
        ("time", "3 ms"),
        ("buffers", "7 blocks"),
    ],
)
def test_each_metric_has_its_amount_of_all_executions_with_its_unit(by: str, amount: str) -> None:
    from planroom.plans.resources import Buffers

    own = Buffers(shared_hit=4, shared_read=3)
    found = plan(scan("a", self_cost=4.0, width_bytes=8, self_buffers=own, **MEASURED))
    metric = METRICS[by]

    assert metric.amount(metric.own(found.root) or math.nan) == amount


@pytest.mark.parametrize("by", ["time", "estimate", "buffers"])
def test_a_metric_that_the_plan_does_not_tell_is_an_error_that_says_why(by: str) -> None:
    with pytest.raises(pr.PlanroomError, match="does not tell") as raised:
        plan(scan("a")).tree(by=by)

    assert "it tells cost, rows" in str(raised.value)
    assert "ANALYZE" in str(raised.value)


def test_a_misspelt_metric_names_the_nearest() -> None:
    with pytest.raises(pr.PlanroomError, match="did you mean 'cost'") as raised:
        plan(scan("a")).table(by="costs")

    assert "metric" in str(raised.value)


def test_an_icicle_by_what_does_not_add_up_is_an_error() -> None:
    with pytest.raises(pr.PlanroomError, match="do not add up"):
        plan(scan("a", **MEASURED)).icicle(by="estimate")


def test_the_headline_counts() -> None:
    assert (
        repr(plan(scan("a", estimated_rows=5.0, total_cost=113.67))) == "<Plan: 1 node · cost 113.67 · 5 rows expected>"
    )
    assert repr(plan(node("Sort", scan("a"), **MEASURED))) == "<Plan: 2 nodes · 1\u2009000 rows actual>"
