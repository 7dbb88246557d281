"""The shape of a plan: stable where the plan is, and different where it is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings

from planroom.errors import SyntaxProblem
from planroom.plans.comparing import State, compared
from planroom.plans.plan import Plan
from planroom.plans.shape_reading import plan_of_shape
from planroom.plans.shapes import EACH_PARTITION, fingerprint, shape, shape_lines
from tests.plans.comparing.trees import join, plan, plans, scan, unary


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_shape_is_read_again_to_the_same_shape(one: Plan) -> None:
    lines = shape_lines(one)

    assert shape_lines(plan_of_shape(lines, engine="postgres")) == lines
    assert all("\n" not in line for line in lines)


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_plan_is_the_one_that_its_shape_describes(one: Plan) -> None:
    lines = shape_lines(one)
    if any(EACH_PARTITION in line for line in lines):
        return

    found = compared(plan_of_shape(lines, engine="postgres"), one)

    assert (found.flipped, found.sentences) == (False, ())
    assert {change.state for change in found.changes} == {State.SAME}


def test_numbers_literals_and_made_up_names_are_left_out() -> None:
    one = plan(scan("orders", alias="orders_1", **{"Filter": "(id = 1)", "Plan Rows": 5, "Schema": "public"}))
    other = plan(scan("orders", alias="o", **{"Filter": "(id = 99)", "Plan Rows": 7}))

    assert shape(one) == shape(other) == "Seq Scan on orders"
    assert fingerprint(one) == fingerprint(other)


def test_what_a_plan_does_is_in_its_shape() -> None:
    base = join("Hash Join", scan("a"), unary("Hash", scan("b")))
    others = [
        join("Hash Join", scan("b"), unary("Hash", scan("a"))),
        {**base, "Join Type": "Left"},
        join("Hash Join", scan("a", "Index Scan", index="i"), unary("Hash", scan("b"))),
        join("Hash Join", scan("a", Schema="sales"), unary("Hash", scan("b"))),
        unary("Limit", base),
        unary("Aggregate", base, Strategy="Sorted"),
        unary("Aggregate", base, Strategy="Hashed"),
    ]

    hashes = {fingerprint(plan(each)) for each in [base, *others]}

    assert len(hashes) == len(others) + 1


def test_an_alias_tells_apart_what_is_read_twice() -> None:
    one = plan(join("Hash Join", scan("nation", alias="n1"), scan("nation", alias="n2")))

    assert shape(one).splitlines()[1:] == ["  Seq Scan on nation as n1", "  Seq Scan on nation as n2"]


def partitioned(months: int) -> Plan:
    members = [
        {
            **scan(f"m_{at}", "Index Scan", alias=f"m_x_{at}", index=f"m_{at}_day_idx"),
            "Parent Relationship": "Member",
        }
        for at in range(1, months + 1)
    ]
    return plan({"Node Type": "Append", "Plans": members})


def test_another_month_of_data_is_no_other_plan() -> None:
    assert shape(partitioned(3)) == 'Append\n  Index Scan using "*_day_idx" on each partition of m_x'
    assert fingerprint(partitioned(3)) == fingerprint(partitioned(40))
    assert shape(plan_of_shape(shape_lines(partitioned(3)), engine="postgres")) == shape(partitioned(3))


def test_tables_that_a_union_reads_are_no_partitions() -> None:
    members = [{**scan(name), "Parent Relationship": "Member"} for name in ("jan", "feb")]

    assert len(shape_lines(plan({"Node Type": "Append", "Plans": members}))) == 3


@pytest.mark.parametrize("lines", [["  Sort"], ["Sort", "    Seq Scan on a"], ["Sort", "Limit"], [""], []])
def test_a_broken_shape_is_refused_with_its_line(lines: list[str]) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        plan_of_shape(lines, engine="postgres", source="plans.json")

    assert "plans.json" in str(caught.value)


def test_a_shape_is_the_same_under_another_hash_seed() -> None:
    code = (
        "from tests.plans.comparing.trees import *\n"
        "from planroom.plans.comparing import compared\n"
        "from planroom.plans.shapes import fingerprint\n"
        "a = plan(join('Hash Join', scan('a'), scan('b')))\n"
        "b = plan(join('Nested Loop', scan('b'), scan('a', 'Index Scan', index='i')))\n"
        "print(fingerprint(a), compared(a, b), compared(a, b).markdown, compared(a, b)._html())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip

    assert len(answers) == 1
