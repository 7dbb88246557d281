"""planroom arch: views as text and files, the list of views, and rules with a baseline."""

from __future__ import annotations

import json

import pytest

SYSTEM = """
import planroom as pr
from planroom.architecture import Container, Relation
shop = pr.System(
    "Shop",
    containers=[Container("web", owner="w", technology="Go"), Container("api", technology="Go"{more})],
    relations=[Relation("web", "api", "calls", "HTTPS", pii=["email"]), Relation("api", "web", "calls back")],
)
"""


@pytest.fixture
def system(tmp_path):
    path = tmp_path / "system.py"
    path.write_text(SYSTEM.format(more=""))
    return path


def test_a_view_is_printed_as_mermaid_or_written_to_a_file(planroom, system, tmp_path):
    result = planroom("arch", system)

    assert result.status == 0
    assert result.out.startswith("flowchart TB\n")
    for suffix in ("svg", "puml", "d2", "dot", "dsl", "mmd", "html"):
        assert planroom("arch", system, "-o", tmp_path / f"a.{suffix}").status == 0
        assert (tmp_path / f"a.{suffix}").read_text()


def test_the_views_are_listed(planroom, system):
    assert "container-shop" in planroom("arch", system, "--list").out
    views = json.loads(planroom("arch", system, "--list", "--format", "json").out)["views"]

    assert {each["view"] for each in views} == {"landscape", "context", "container", "data-flow"}


def test_only_new_findings_fail(planroom, system, tmp_path):
    known = tmp_path / "known.json"

    assert planroom("arch", system, "--lint").status == 1
    assert planroom("arch", system, "--lint", "--write-baseline", known).status == 0
    assert planroom("arch", system, "--lint", "--baseline", known, "--fail-on", "note").status == 0
    system.write_text(SYSTEM.format(more=', kind="database"), Container("new"'))
    result = planroom("arch", system, "--lint", "--baseline", known, "--fail-on", "note", "--format", "json")
    assert result.status == 1
    assert {each["subject"] for each in json.loads(result.out)["findings"]} == {"container:new"}


def test_what_is_no_system_is_said(planroom, tmp_path):
    path = tmp_path / "x.py"
    for text, words in (("x = 1", "defines no system"), ("1 / 0", "ZeroDivisionError"), ("x = (", "SyntaxError")):
        path.write_text(text)
        result = planroom("arch", path)
        assert (result.status, result.out) == (2, "")
        assert words in result.err
    assert "is no file" in planroom("arch", tmp_path / "y.py").err
