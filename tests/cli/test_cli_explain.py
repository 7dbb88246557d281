"""planroom explain: statements from everywhere, plans in every form, and errors with their place."""

from __future__ import annotations

import json

import pytest

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t (a int, b varchar); INSERT INTO t SELECT i, 'x' FROM range(100) r (i)")
    return path


def test_a_plan_is_printed(planroom, warehouse):
    result = planroom("explain", "SELECT * FROM t WHERE a < 7", "--on", warehouse)
    assert (result.status, result.err) == (0, "")
    assert "SEQ_SCAN" in result.out


def test_a_plan_for_programs_is_one_object(planroom, warehouse):
    result = planroom("explain", "FROM t", "--on", warehouse, "--analyze", "--format", "json")

    found = json.loads(result.out)
    assert found["schema"] == "planroom.explain/1"
    assert (found["engine"], found["sql"], found["analyzed"]) == ("duckdb", "FROM t", True)
    assert found["source"] == f"duckdb:///{warehouse}"
    assert found["plan"]


def test_a_plan_is_a_page(planroom, warehouse):
    out = planroom("explain", "SELECT '<script>' FROM t", "--on", warehouse, "--format", "html").out
    assert out.startswith("<!doctype html>")
    assert "SEQ_SCAN" in out
    assert "<script>" not in out


def test_the_statement_may_be_in_a_file(planroom, warehouse, tmp_path):
    path = tmp_path / "busiest.sql"
    path.write_text("-- the busiest\nSELECT * FROM t\nWHERE a = $1;\n")
    assert planroom("explain", path, "--on", warehouse, "--param", "5").status == 0

    path.write_text("SELECT *,\n  nonsense FROM t")
    result = planroom("explain", path, "--on", warehouse)
    assert result.status == 2
    assert f"where: {path}:2:3" in result.err


@pytest.mark.parametrize(
    ("param", "kind"), [("7", "INTEGER"), ('"7"', "VARCHAR"), ("it's", "VARCHAR"), ("1.5", "DOUBLE"), ("null", "NULL")]
)
def test_a_value_is_json_or_text(planroom, warehouse, param, kind):
    result = planroom("explain", "SELECT typeof($1)", "--on", warehouse, "--param", param, "--format", "json")
    assert kind in json.dumps(json.loads(result.out)["plan"])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("missing.sql",), "no file or folder 'missing.sql'"),
        (("SELECT 1; SELECT 2",), "one statement"),
        (("DELETE FROM t",), "does not send DELETE"),
        (("SELECT nonsense FROM t",), "nonsense"),
        (("FROM t", "--set", "threads"), "NAME=VALUE"),
        (("FROM t", "--set", "threads=1"), "sets no threads"),
        (("FROM t", "--timeout", "soon"), "soon"),
        (("FROM t", "--generic"), "no generic plans"),
        (("SELECT $1",), "parameter"),
    ],
)
def test_what_cannot_be_done_is_said(planroom, warehouse, words, reason):
    result = planroom("explain", *words, "--on", warehouse)
    assert (result.status, result.out) == (2, "")
    assert reason in result.err
    assert "Traceback" not in result.err


def test_a_password_is_not_shown(planroom):
    result = planroom("explain", "SELECT 1", "--on", "postgresql://ann:planted@127.0.0.1:1/shop")
    assert result.status == 2
    assert "planted" not in result.err


@pytest.mark.server
@pytest.mark.usefixtures("server")
def test_a_design_is_put_into_a_database_of_planrooms(planroom, shop):
    result = planroom(
        "explain", "SELECT * FROM sales.orders WHERE id = $1", "--on", shop, "--generic", "--set", "enable_seqscan=off"
    )
    assert result.status == 0
    assert "orders" in result.out
    assert "generic plan" in result.err

    result = planroom("explain", "DELETE FROM sales.orders", "--on", shop, "--analyze")
    assert "rolled back" in result.err
