"""planroom generate: to a folder, to a DuckDB file, never to a database that somebody named."""

from __future__ import annotations

import json

import duckdb
import pytest


def test_rows_go_to_a_folder_with_a_script_that_loads_them(planroom, shop, tmp_path):
    target = tmp_path / "rows"
    result = planroom("generate", shop, "--rows", "orders=1k", "--seed", 7, "-o", target)

    assert result.status == 0
    assert "sales.orders" in result.out
    assert sorted(each.name for each in target.iterdir()) == [
        "001-sales.customers.parquet", "002-sales.orders.parquet", "load.sql",
    ]  # fmt: skip
    with duckdb.connect() as link:
        link.execute("ATTACH ':memory:' AS target; CREATE SCHEMA target.sales")
        link.execute("CREATE TABLE target.sales.customers (id int PRIMARY KEY, email text NOT NULL)")
        link.execute("CREATE TABLE target.sales.orders (id int PRIMARY KEY, customer_id int NOT NULL)")
        link.execute(f"SET file_search_path = '{target}'")
        link.execute((target / "load.sql").read_text())
        assert link.execute("SELECT count(*) FROM target.sales.orders").fetchall() == [(1000,)]
    again = planroom("generate", shop, "--rows", "orders=1k", "-o", target)
    assert again.status == 2
    assert "not empty" in again.err
    assert planroom("generate", shop, "--rows", "orders=1k", "-o", target, "--force").status == 0


def test_rows_go_to_a_duckdb_file(planroom, shop, tmp_path):
    target = tmp_path / "rows.duckdb"
    result = planroom("generate", shop, "--rows", "orders=50", "--format", "json", "-o", target)
    found = json.loads(result.out)

    assert result.status == 0
    assert found["schema"] == "planroom.generate/1"
    assert [(each["table"], each["rows"], each["asked"]) for each in found["tables"]] == [
        ("sales.customers", 16, False),
        ("sales.orders", 50, True),
    ]
    assert found["files"] == [str(target)]
    with duckdb.connect(str(target), read_only=True) as link:
        assert link.execute("SELECT count(*) FROM sales.orders").fetchall() == [(50,)]
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    assert planroom("generate", shop, "-o", target).status == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "postgresql://someone@host/theirs"), "load.sql"),
        (("--rows", "orders"), "orders=30k"),
        (("--rows", "ordres=3"), "did you mean"),
        (("--rows", "orders=many"), "many"),
        (("--rows", "orders=1e12"), "at most"),
    ],
)
def test_a_call_that_cannot_be_carried_out_says_how_it_could(planroom, shop, words, said):
    result = planroom("generate", shop, *words)

    assert result.status == 2
    assert said in result.err
    assert result.out == ""
