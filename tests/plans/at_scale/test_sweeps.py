"""Sweeps, flips and growth say what changes as tables grow, on plans written here."""

from __future__ import annotations

import json
import re

import pytest

from planroom.errors import QuantityError
from planroom.plans import Plan, plan_of
from planroom.plans.at_scale import Flip, Flips, Growth, QueryGrowth, Sweep


def scan(node: str, cost: float, rows: int = 10, index: str = "") -> Plan:
    told = {"Node Type": node, "Relation Name": "orders", "Schema": "public", "Alias": "orders"}
    told |= {"Index Name": index} if index else {}
    numbers = {"Startup Cost": 0.0, "Total Cost": cost, "Plan Rows": rows, "Plan Width": 8}
    return plan_of(json.dumps([{"Plan": {**told, **numbers}}]))


INDEXED = [scan("Index Scan", cost, index="orders_pkey") for cost in (8.0, 80.0)]
WHOLE = scan("Seq Scan", 700.0)
SWEEP = Sweep("public.orders", ((1e4, INDEXED[0]), (1e5, INDEXED[1]), (1e6, WHOLE)), "latest", ("public.lines",))


def test_the_same_shape_has_the_same_letter_wherever_it_comes_back() -> None:
    back = Sweep("orders", ((1e4, INDEXED[0]), (1e5, WHOLE), (1e6, INDEXED[1])))

    assert SWEEP.letters == ("A", "A", "B")
    assert back.letters == ("A", "B", "A")
    assert [run[0] for run in back.runs()] == ["A", "B", "A"]


def test_a_sweep_says_how_fast_the_cost_grows_and_what_changes() -> None:
    text = str(SWEEP)

    assert SWEEP.exponent == pytest.approx(0.971, abs=0.001)
    assert "2 plans" in text
    assert "Index Scan using orders_pkey on orders" in text
    assert "In step with it grow public.lines" in text
    assert [finding.code for finding in SWEEP.findings] == ["PLN033"]


def test_the_plan_at_a_number_of_rows_is_that_of_the_nearest_point() -> None:
    assert SWEEP[1e6] is WHOLE
    assert SWEEP[2.0] is INDEXED[0]
    with pytest.raises(QuantityError):
        SWEEP[0]


def test_a_picture_has_a_curve_a_sweep_and_a_letter_a_stretch() -> None:
    picture = SWEEP.svg

    assert len(re.findall("<circle", picture)) == 3
    assert ">A</text>" in picture
    assert ">B</text>" in picture
    assert "<script" not in Sweep('x"><script>', SWEEP.points, "<script>").svg


def test_two_sweeps_in_one_picture_say_which_is_cheaper_at_the_end() -> None:
    cheap = Sweep("public.orders", ((1e4, INDEXED[0]), (1e6, INDEXED[1])), label="with an index")

    both = SWEEP.against(cheap)

    assert both.summary == "at 1 M rows with an index is 8.75 times cheaper".replace("1 M", "1\u2009000\u2009000")
    assert both.svg.count("<path") == 2


def test_flips_name_what_changes_where_and_who_drives_it() -> None:
    flip = Flip(9.0e7, 9.2e7, INDEXED[1], WHOLE, ("public.orders",))
    flips = Flips("public.orders", 1e4, 1e10, (flip,), INDEXED[0])

    text = str(flips)

    assert "one change of plan" in text
    assert "92 M" in text
    assert "public.orders" in text.splitlines()[-1]
    assert flip.comparison.flipped
    assert str(Flips("t", 1.0, 2.0, (), WHOLE)).startswith("one plan between 1 and 2 rows of t")


def test_a_query_grows_faster_than_its_rows_when_its_steepest_part_does() -> None:
    steep = QueryGrowth("steep", ((1.0, WHOLE), (10.0, scan("Seq Scan", 70_000.0))))
    flat = QueryGrowth("flat", ((1.0, INDEXED[0]), (10.0, INDEXED[0])))
    broken = QueryGrowth("broken", reason="no such table")
    growth = Growth((steep, flat, broken), (1.0, 10.0))

    assert steep.exponent == pytest.approx(2.0)
    assert growth.faster == (steep,)
    assert "1 of 2 queries" in growth.summary
    assert "no such table" in str(growth)
    assert "rows^2.00 ▲" in growth._html()
