"""Workloads, and plans compared, accepted and checked, on real engines."""

from __future__ import annotations

import json

import pytest

import planroom as pr
from planroom.errors import PlanroomError, SourceError, SyntaxProblem, UnknownNameError
from planroom.plans.checking import Standing
from planroom.plans.comparing import PlanComparison
from planroom.plans.workloads import Fate

SCHEMA = """
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total numeric);
INSERT INTO customers SELECT g, 'c' || g FROM generate_series(1, 500) g;
INSERT INTO orders SELECT g, 1 + g % 500, g FROM generate_series(1, 5000) g;
"""
QUERIES = """
-- name: of_customer
SELECT * FROM orders WHERE customer_id = :id;
-- name: of_customer_7
-- param: id = 7
SELECT * FROM orders WHERE customer_id = :id;
-- name: totals
SELECT c.name, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1;
-- name: broken
SELECT * FROM nowhere;
SET work_mem = '1MB';
SELECT * FROM orders WHERE id = 3;
SELECT * FROM orders WHERE id = 4;
"""


@pytest.fixture
def shop(fresh_database):
    fresh_database.run(SCHEMA)
    fresh_database.run("ANALYZE customers; ANALYZE orders")
    return fresh_database


@pytest.fixture
def queries(tmp_path):
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "q.sql").write_text(QUERIES)
    return folder


@pytest.mark.server
def test_a_workload_is_one_table_the_dearest_first_and_failures_last(shop, queries):
    found = pr.workload(queries, shop)

    text = str(found)

    assert found.verdict == "6 queries on PostgreSQL 18.6 · 4 different · 1 not planned · 1 other statement"
    assert text.index("totals") < text.index("of_customer") < text.index("not planned  why")
    assert 'relation "nowhere" does not exist' in text
    assert "q.sql:10:15" in text.splitlines()[-1]
    assert "and 1 alike" in text
    assert found["totals"].root.kind == "aggregate"
    assert "any values" in next(line for line in text.splitlines() if line.startswith("of_customer "))


@pytest.mark.server
def test_one_query_that_fails_costs_itself_alone_and_what_is_asked_for_wrongly_is_said(shop):
    with pytest.raises(UnknownNameError, match="coast"):
        pr.workload("SELECT 1; SELECT 2", shop, by="coast")
    with pytest.raises(SourceError, match="no queries"):
        pr.workload("SET a.b = 1;\nSET a.b = 2", shop)
    with pytest.raises(SourceError, match="A int holds no queries"):
        pr.workload(5, shop)
    found = pr.workload({"good": "SELECT 1", "bad": "SELEC 1"}, shop)
    with pytest.raises(SourceError, match="has no plan"):
        found["bad"]
    with pytest.raises(UnknownNameError, match="goood"):
        found["goood"]


@pytest.mark.server
def test_two_workloads_are_compared_query_by_query(shop, queries):
    before = pr.workload(queries, shop)
    shop.run("CREATE INDEX orders_customer_id_idx ON orders (customer_id)")
    after = pr.workload([queries, "SELECT 17 AS brand_new;\nSELECT 18 AS newer, 1"], shop)

    found = pr.compare(before, after)
    fates = {each.name: each.fate for each in found.queries}

    assert fates["of_customer"] is Fate.FLIPPED_CHEAPER
    assert fates["totals"] is Fate.SAME
    assert fates["broken"] is Fate.UNKNOWN
    assert Fate.NEW in fates.values()
    assert "became Bitmap Heap Scan using orders_customer_id_idx" in str(found)
    assert "<details>" in found.markdown
    with pytest.raises(SourceError, match="only be compared with a workload"):
        pr.compare(before, after["totals"])


@pytest.mark.server
def test_generic_and_custom_plans_are_compared(shop):
    shop.run("INSERT INTO orders SELECT g, 7, g FROM generate_series(5001, 20000) g")
    shop.run("CREATE INDEX orders_customer_id_idx ON orders (customer_id)")
    shop.run("ANALYZE orders")
    sql = "SELECT * FROM orders WHERE customer_id = $1"

    found = pr.compare(
        pr.explain(sql, shop, generic=True), pr.explain(sql, shop, params=[7]), names=("generic", "custom")
    )

    assert found.flipped
    assert found.circumstances == ("the old plan is generic: the one for any values of the parameters",)
    assert str(found).startswith("generic → custom: flipped, dearer")


@pytest.mark.server
def test_measured_plans_are_compared_by_blocks(shop):
    sql = "SELECT * FROM orders WHERE customer_id = 7"
    before = pr.explain(sql, shop, analyze=True)
    shop.run("CREATE INDEX orders_customer_id_idx ON orders (customer_id)")

    found = pr.compare(before, pr.explain(sql, shop, analyze=True), by="buffers")

    assert found.verdict == "flipped, fewer blocks"
    assert {each.name for each in found.measures} == {"cost", "rows", "buffers"}


@pytest.mark.server
def test_postgres_and_duckdb_are_compared_by_relation(shop):
    with pr.duckdb() as other:
        other.run(
            "CREATE TABLE customers (id int, name text); CREATE TABLE orders (id int, customer_id int, total int)"
        )
        other.run("INSERT INTO customers SELECT i, 'c' FROM range(500) t(i)")
        other.run("INSERT INTO orders SELECT i, i % 500, i FROM range(5000) t(i)")
        sql = "SELECT c.name, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1"

        found = pr.compare(pr.explain(sql, shop, analyze=True), pr.explain(sql, other, analyze=True))

    assert found.names == ("PostgreSQL", "DuckDB")
    assert found.verdict == "same join tree; cost: cannot tell"
    assert "join of orders and customers" in str(found)


def test_duckdb_plans_queries_with_values_and_says_why_not_without():
    with pr.duckdb() as engine:
        engine.run("CREATE TABLE t (a int)")

        found = pr.workload("SELECT * FROM t WHERE a = ?;\n-- param: x = 4\nSELECT * FROM t WHERE a = :x", engine)

    assert [each.plan is not None for each in found.queries] == [False, True]
    assert "DuckDB plans for given values alone" in found.queries[0].reason
    assert found.by == "rows"


def test_progress_names_each_query_and_ends_empty():
    seen: list[str] = []
    with pr.duckdb() as engine:
        pr.workload({"a": "SELECT 1", "b": "SELECT 2"}, engine, progress=seen.append)

    assert seen == ["a", "b", ""]


def test_an_interrupt_is_not_taken_for_a_failure():
    def interrupt(name: str) -> None:
        raise KeyboardInterrupt

    with pr.duckdb() as engine, pytest.raises(KeyboardInterrupt):
        pr.workload({"a": "SELECT 1"}, engine, progress=interrupt)


@pytest.mark.server
def test_accepted_plans_are_checked_and_only_what_changed_is_rewritten(shop, queries):
    kept = queries / "plans.json"
    pr.workload(queries, shop).accept(kept)
    before = kept.read_text()

    assert not pr.workload(queries, shop).check(kept).failed
    shop.run("CREATE INDEX orders_customer_id_idx ON orders (customer_id)")
    now = pr.workload(queries, shop)
    check = now.check(kept)

    standings = {each.name: each.standing for each in check.queries}
    assert check.failed
    assert standings["of_customer"] is Standing.FLIPPED
    assert standings["totals"] is Standing.SAME
    assert check.queries[0].reasons == ("indexes changed",)

    now.accept(kept, names=["of_customer"])
    after = json.loads(kept.read_text())["queries"]
    old = json.loads(before)["queries"]
    assert {name for name in after if after[name] != old[name]} == {"of_customer"}
    now.accept(kept)
    assert not now.check(kept).failed
    with pytest.raises(UnknownNameError, match="of_custmer"):
        now.accept(kept, names=["of_custmer"])


@pytest.mark.server
def test_what_is_as_it_was_accepted_stays_as_it_stands_in_the_file(shop, queries):
    kept = queries / "plans.json"
    pr.workload(queries, shop).accept(kept)
    before = kept.read_text()
    shop.run("INSERT INTO orders SELECT g, 7, 1 FROM generate_series(5001, 5050) g")
    shop.run("ANALYZE orders")

    now = pr.workload(queries, shop)

    assert now.queries[0].statistics not in before
    assert now.accept(kept).counts[Standing.SAME] == 5
    assert kept.read_text() == before


def test_a_query_with_another_name_is_found_by_what_it_says():
    with pr.duckdb() as engine:
        found = pr.compare(
            pr.workload({"a": "SELECT 1 AS x"}, engine), pr.workload({"b": "select 2 as x"}, engine), by="rows"
        )

    assert [(each.name, each.fate) for each in found.queries] == [("b", Fate.SAME)]


@pytest.mark.server
def test_a_query_that_is_gone_is_taken_out_when_all_is_accepted(shop, queries):
    kept = queries / "plans.json"
    pr.workload(queries, shop).accept(kept)
    (queries / "q.sql").write_text("-- name: totals\nSELECT count(*) FROM orders")

    pr.workload(queries, shop).accept(kept)

    assert list(json.loads(kept.read_text())["queries"]) == ["totals"]


@pytest.mark.server
def test_a_broken_file_of_accepted_plans_stays_as_it_is(shop, queries):
    kept = queries / "plans.json"
    kept.write_text("<<<<<<< HEAD\n")
    found = pr.workload(queries, shop)

    with pytest.raises(SyntaxProblem, match="cannot be read"):
        found.accept(kept)
    assert kept.read_text() == "<<<<<<< HEAD\n"
    with pytest.raises(SourceError, match="no accepted plans"):
        found.check(queries / "none.json")


PLAN = '[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "%s", "Total Cost": 10.0, "Plan Rows": 1}}]'


def test_plans_are_read_from_files_and_texts(tmp_path):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(PLAN % "a")
    new.write_text(PLAN % "b")

    assert repr(pr.compare(old, str(new))) == "<PlanComparison: flipped, same cost>"
    assert str(pr.compare(old, new)).startswith("old.json → new.json: ")
    assert isinstance(pr.compare(PLAN % "a", PLAN % "a"), PlanComparison)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (5, "A int is no plan"),
        ("no/such/file.json", "There is no file"),
        ("{}", "plan"),
        ("[1,\n", "no plan in this text"),
    ],
)
def test_what_is_no_plan_is_said(given, said):
    with pytest.raises(PlanroomError) as caught:
        pr.compare(given, PLAN % "a")

    assert said in str(caught.value)
