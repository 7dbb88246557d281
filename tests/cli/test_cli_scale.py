"""planroom scale, flips and indexes: plans at sizes that a design does not have."""

from __future__ import annotations

import json

import pytest

BY_CUSTOMER = "SELECT * FROM sales.orders WHERE customer_id = 7"


@pytest.fixture
def queries(tmp_path):
    """A folder of three queries, one of them broken."""
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "by_customer.sql").write_text(f"{BY_CUSTOMER};\n")
    (folder / "all.sql").write_text("SELECT count(*) FROM sales.orders;\n")
    (folder / "broken.sql").write_text("SELECT nothing FROM sales.orders;\n")
    return folder


def test_scale_plans_a_workload_at_the_size_that_is_asked_for(planroom, shop, queries):
    small = planroom("scale", shop, "--rows", "orders=1k", "--queries", queries, "--format", "json")
    large = planroom("scale", shop, "--rows", "orders=1bn", "--queries", queries, "--format", "json")

    costs = [{each["name"]: each["cost"] for each in json.loads(out.out)["queries"]} for out in (small, large)]
    assert costs[1]["all"] > 1e5 * costs[0]["all"]
    assert costs[1]["broken"] is None
    found = json.loads(large.out)
    assert found["schema"] == "planroom.scale/1"
    assert found["rows"]["sales.orders"] == 1e9
    assert found["notes"]
    assert any(each["name"] == "orders_pkey" and each["pages"] > 1e6 for each in found["relations"])


def test_scale_shows_sizes_a_workload_or_how_it_grows(planroom, shop, queries):
    sizes = planroom("scale", shop, "--rows", "orders=1bn")
    grown = planroom("scale", shop, "--rows", "orders=1M", "--queries", queries, "--growth")

    assert "sales.orders" in sizes.out
    assert "that are not there" in sizes.out
    assert "note: " in sizes.err
    assert "cost at ×100" in grown.out
    assert grown.status == 0


def test_flips_are_found_and_drawn(planroom, shop, tmp_path):
    picture = tmp_path / "flips.svg"
    query = "SELECT c.email, count(*) FROM sales.orders o JOIN sales.customers c ON c.id = o.customer_id GROUP BY 1"
    result = planroom(
        "flips", shop, "--query", query, "--table", "orders", "--to-rows", "1e8", "--format", "json", "-o", picture
    )

    found = json.loads(result.out)
    assert result.status == 0
    assert found["table"] == "sales.orders"
    assert found["flips"]
    assert all(each["above"] / each["below"] <= 1.05 for each in found["flips"])
    assert picture.read_text().startswith("<svg")
    assert "change of plan" in planroom("flips", shop, "--query", query, "--table", "orders", "--to-rows", "1e6").out


def test_an_index_may_be_supposed_for_flips(planroom, shop):
    ask = ("flips", shop, "--query", BY_CUSTOMER, "--table", "orders", "--from-rows", "1e6", "--to-rows", "1e8")
    without, with_index = (
        planroom(*ask),
        planroom(*ask, "--with", "CREATE INDEX by_customer ON sales.orders (customer_id)"),
    )

    assert "Seq Scan" in without.out
    assert "by_customer" in with_index.out


def test_indexes_are_advised_within_a_budget(planroom, shop, queries):
    ask = ("indexes", shop, "--rows", "orders=100M", "--queries", queries)
    found = json.loads(planroom(*ask, "--format", "json").out)
    script = planroom(*ask, "--format", "sql").out
    nothing = json.loads(planroom(*ask, "--budget", "1MB", "--format", "json").out)

    assert found["schema"] == "planroom.indexes/1"
    assert found["cost_after"] < found["cost_before"]
    assert any(each["table"] == "sales.orders" and "CONCURRENTLY" in each["ddl"] for each in found["chosen"])
    assert any(each["name"] == "broken" and each["reason"] for each in found["queries"])
    assert script.startswith("CREATE INDEX CONCURRENTLY")
    assert nothing["chosen"] == []
    assert planroom(*ask).status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scale", "--rows", "ordres=1"), "did you mean"),
        (("scale", "--rows", "orders"), "orders=30k"),
        (("scale", "--set", "work_mem"), "NAME=VALUE"),
        (("scale", "--stats", "no-such-file.json"), "no-such-file.json"),
        (("flips", "--query", BY_CUSTOMER, "--table", "customers"), "does not read"),
        (("flips", "--query", "DROP TABLE sales.orders", "--table", "orders"), "DROP TABLE"),
        (("flips", "--query", BY_CUSTOMER, "--table", "orders", "--with", "DROP TABLE sales.orders"), "suppose"),
        (("indexes", "--queries", "no-such-folder"), "no-such-folder"),
        (("indexes", "--queries", "SELECT 1", "--writes", "orders=many"), "orders=200"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(planroom, shop, words, said):
    command, *rest = words
    result = planroom(command, shop, *rest)

    assert result.status == 2
    assert said in result.err
    assert "Traceback" not in result.err


def test_duckdb_plans_at_scale_and_keeps_its_footers_for_ci(planroom, shop, queries, tmp_path):
    folder = tmp_path / "footers"
    (queries / "broken.sql").unlink()
    first = planroom(
        "scale",
        shop,
        "--on",
        "duckdb",
        "--rows",
        "orders=1bn",
        "--queries",
        queries,
        "--save",
        folder,
        "--format",
        "json",
    )
    again = planroom("scale", folder, "--on", "duckdb", "--queries", queries, "--format", "json")

    found = json.loads(first.out)
    assert first.status == 0
    assert [each["reason"] for each in found["queries"]] == ["", ""]
    assert "as Parquet" in found["notes"][0]
    assert json.loads(again.out)["queries"] == found["queries"]
    assert sum(each.stat().st_size for each in folder.iterdir()) < 100_000
    assert planroom("scale", shop, "--save", folder).status == 2
    assert planroom("scale", shop, "--on", "duckdb", "--queries", queries, "--growth").status == 2
