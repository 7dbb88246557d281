"""The doctor tries what is installed, and tells a missing extra from a broken one."""

from __future__ import annotations

import json
from importlib import metadata

import pytest

from planroom.engines import ENGINES, Availability, Diagnosis
from planroom.errors import UnknownNameError
from planroom.workbench import health
from planroom.workbench.health import Check, Health, examine


@pytest.fixture
def idle_engines(monkeypatch):
    """Engines that say what a test wants, so that none is started."""
    said = {}
    for kind in ENGINES:
        said[kind.name] = (Availability(True, "here", "1"), (Diagnosis(kind.name, "ok", "works"),))
        monkeypatch.setattr(type(kind), "available", lambda self: said[self.name][0])
        monkeypatch.setattr(type(kind), "diagnose", lambda self: said[self.name][1])
    return said


@pytest.fixture
def uninstalled(monkeypatch):
    """Packages that are taken away."""
    gone = set()

    def version(name):
        if name in gone:
            raise metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(health.metadata, "version", version)
    return gone


@pytest.mark.server
def test_everything_that_is_installed_works_here(planroom):
    found = json.loads(planroom("doctor", "--format", "json").out)

    assert found["schema"] == "planroom.doctor/1"
    assert [each for each in found["checks"] if each["area"] == "core" and each["result"] != "ok"] == []
    assert {"python", "planroom", "postgast", "reads SQL", "draws with Graphviz"} <= {
        each["name"] for each in found["checks"]
    }


def test_every_declared_package_is_looked_at(idle_engines):
    declared = {line.partition(";")[0] for line in metadata.requires("planroom") or () if "dev" not in line}

    looked_at = {check.name for check in examine().checks}

    assert len(declared) > 8
    for line in declared:
        name = line.split("[")[0].split(">")[0].split("=")[0].split("<")[0].strip()
        assert name in looked_at | {"planroom"}


def test_a_missing_extra_fails_only_when_it_is_asked_for(planroom, idle_engines, uninstalled):
    uninstalled.add("diagrams")

    unasked, asked = planroom("doctor"), planroom("doctor", "icons")

    assert unasked.status == 0
    assert asked.status == 1
    assert "fix: pip install 'planroom[icons]'" in unasked.out
    assert "1 thing does not work" in asked.out


def test_a_missing_core_package_fails_always(planroom, idle_engines, uninstalled):
    uninstalled.add("sqlglot")

    result = planroom("doctor")

    assert result.status == 1
    assert "fix: pip install 'sqlglot" in result.out


def test_an_engine_whose_extra_is_missing_is_missing_and_not_tried(idle_engines, uninstalled):
    uninstalled.add("psycopg")
    idle_engines["postgres"] = (
        Availability(False, "no driver", fix="pip install 'planroom[postgres]'"),
        (Diagnosis("server starts", "failed", "tried"),),
    )

    found = examine()

    assert found.failures == ()
    assert Check("postgres", "engine", "missing", "no driver", "pip install 'planroom[postgres]'") in found.checks
    assert {check.name for check in examine("postgres").failures} == {"psycopg", "engine"}


def test_an_engine_that_is_installed_and_does_not_start_fails(planroom, idle_engines):
    idle_engines["postgres"] = (
        Availability(True, "here", "18"),
        (Diagnosis("server starts", "failed", "the disk is full", "free some space."),),
    )

    result = planroom("doctor", "--format", "json")

    assert result.status == 1
    assert json.loads(result.out)["works"] is False
    assert "the disk is full" in planroom("doctor").out
    assert "fix: free some space." in planroom("doctor").out


@pytest.mark.server
def test_a_server_that_the_user_names_and_that_is_none_fails(planroom, monkeypatch):
    monkeypatch.setenv("PLANROOM_PG_BIN", "/nowhere")

    result = planroom("doctor")

    assert result.status == 1
    assert "/nowhere has no initdb" in result.out


def test_a_picture_without_graphviz_is_a_failure_of_the_core(planroom, idle_engines, monkeypatch):
    monkeypatch.setattr("planroom.drawing.graphviz.available", lambda: False)

    result = planroom("doctor")

    assert result.status == 1
    assert "✗  draws with Graphviz" in result.out


def test_only_what_exists_can_be_asked_for():
    with pytest.raises(UnknownNameError, match="core") as caught:
        examine("core")

    assert "icons" in caught.value.why


def test_a_report_shows_itself_everywhere():
    report = Health((Check("core", "<b>", "failed", "x\ny", "do this"),))
    bundle = report._repr_mimebundle_()

    assert "1 thing does not work" in bundle["text/plain"]
    assert "&lt;b&gt;" in bundle["text/html"]
    assert repr(report) == "<Health: 1 thing does not work>"
