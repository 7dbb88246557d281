"""planroom plan show: what it prints, and with which exit status."""

from __future__ import annotations

import json

import pytest

import planroom as pr


@pytest.fixture
def plan_file(tmp_path):
    """A plan of two nodes."""
    scan = {"Node Type": "Seq Scan", "Relation Name": "orders", "Total Cost": 1.0, "Plan Rows": 5, "Plan Width": 4}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps([{"Plan": {"Node Type": "Sort", "Total Cost": 4.0, "Plan Rows": 5, "Plans": [scan]}}]))
    return path


def test_it_prints_the_tree_as_text(planroom, plan_file):
    result = planroom("plan", "show", plan_file)

    assert (result.status, result.err) == (0, "")
    assert result.out == f"{pr.plan(plan_file)}\n"
    assert result.out.startswith("2 nodes · cost 4 · 5 rows expected\n")


def test_it_prints_what_another_metric_says(planroom, plan_file):
    assert "rows given on" in planroom("plan", "show", plan_file, "--by", "rows").out


def test_programs_get_one_object(planroom, plan_file):
    found = json.loads(planroom("plan", "show", plan_file, "--format", "json").out)

    assert found["schema"] == "planroom.plan/1"
    assert [(each["operator"], each.get("parent")) for each in found["nodes"]] == [("Sort", None), ("Seq Scan", 1)]
    assert found["findings"] == [] or isinstance(found["findings"][0]["code"], str)


@pytest.mark.parametrize(("form", "start"), [("svg", "<svg "), ("html", "<!doctype html>")])
def test_it_prints_a_picture_or_a_page(planroom, plan_file, form, start):
    result = planroom("plan", "show", plan_file, "--format", form)

    assert result.status == 0
    assert result.out.startswith(start)


def test_it_writes_a_file_and_says_what_is_in_it(planroom, plan_file, tmp_path):
    result = planroom("plan", "show", plan_file, "-o", tmp_path / "plan.svg")

    assert (result.status, result.out) == (0, "")
    assert "Query plan of postgres: 2 nodes" in result.err
    assert (tmp_path / "plan.svg").read_text(encoding="utf-8") == pr.plan(plan_file).tree().svg


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "nowhere.json"], "There is no file or folder"),
        (["show", "{plan}", "--by", "coast"], "did you mean 'cost'"),
        (["show", "{plan}", "--by", "time"], "does not tell the time"),
        (["show", "{plan}", "-o", "plan.png"], "There is no form of a plan called '.png'"),
        (["shwo"], "did you mean 'show'"),
    ],
)
def test_an_unusable_call_is_2_and_says_why(planroom, plan_file, words, says):
    result = planroom("plan", *(word.replace("{plan}", str(plan_file)) for word in words))

    assert (result.status, result.out) == (2, "")
    assert says in result.err
    assert "Traceback" not in result.err


def test_the_group_lists_its_commands(planroom):
    assert "show" in planroom("plan", "--help").out
