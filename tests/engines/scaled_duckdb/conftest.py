"""A small shop as real Parquet files, which DuckDB writes itself, at two sizes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from planroom.engines.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from pathlib import Path

duckdb = pytest.importorskip("duckdb")

DDL = """
CREATE TABLE customers (id int PRIMARY KEY, name varchar NOT NULL, email varchar, country varchar NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, placed_on date NOT NULL,
    status int NOT NULL);
CREATE TABLE items (order_id int NOT NULL REFERENCES orders, line int NOT NULL, product varchar,
    price decimal(10, 2) NOT NULL, PRIMARY KEY (order_id, line));
"""
FILLING = {
    "customers": "SELECT range::int + 1, 'Customer ' || range, 'c' || range || '@example.org', "
    "chr(65 + range::int % 7) FROM range({n})",
    "orders": "SELECT range::int + 1, (range * 7919 % {n})::int + 1, DATE '2024-01-01' + (range % 700)::int, "
    "(range % 5)::int FROM range({n} * 5)",
    "items": "SELECT (range / 3)::int + 1, (range % 3)::int, CASE WHEN range % 10 > 0 THEN 'P' || range % 90 END, "
    "range % 900 FROM range({n} * 15 - 2)",
}
NAMES = {
    "customers": ("id", "name", "email", "country"),
    "orders": ("id", "customer_id", "placed_on", "status"),
    "items": ("order_id", "line", "product", "price"),
}
QUERIES = {
    "join": "SELECT c.country, count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 3 "
    "GROUP BY ALL",
    "chain": "SELECT c.name, sum(i.price) s FROM customers c JOIN orders o ON o.customer_id = c.id "
    "JOIN items i ON i.order_id = o.id WHERE o.placed_on > DATE '2025-06-01' GROUP BY c.name ORDER BY s DESC LIMIT 10",
    "point": "SELECT * FROM orders WHERE id = 17",
    "anti": "SELECT count(*) FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    "nulls": "SELECT product, max(price) FROM items WHERE product IS NOT NULL GROUP BY product HAVING count(*) > 4",
    "in": "SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE country = 'B')",
    "window": "SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_on) FROM orders",
}


class Lake:
    """Real files of so many customers, and the plans that DuckDB makes of them."""

    def __init__(self, folder: Path, customers: int) -> None:
        self.folder = folder
        self.rows = {"customers": customers, "orders": customers * 5, "items": customers * 15 - 2}
        with duckdb.connect() as connection:
            for table, select in FILLING.items():
                columns = ", ".join(NAMES[table])
                connection.execute(
                    f"COPY (SELECT * FROM ({select.format(n=customers)}) AS t({columns})) "
                    f"TO '{folder / table}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 20_000)"
                )

    def plans(self) -> dict[str, Any]:
        with DuckDBEngine() as engine:
            for table in FILLING:
                engine.run(f"CREATE VIEW {table} AS FROM read_parquet('{self.folder / table}.parquet')")
            return plans_of(engine)


def plans_of(engine: Any) -> dict[str, Any]:
    """Return the plan of each query, without the names that planroom gives scans."""
    found = {name: json.loads(engine.explain(sql).document) for name, sql in QUERIES.items()}
    for plan in found.values():
        for node in walk(plan):
            node.get("extra_info", {}).pop("Table", None)
    return found


def walk(plan: list[Any]) -> Any:
    waiting = list(plan)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("children", ())


def estimates(plan: list[Any]) -> list[int]:
    return [int(each.get("extra_info", {}).get("Estimated Cardinality") or 0) for each in walk(plan)]


def shape(plan: list[Any]) -> Any:
    """Return joins and scans alone, which columns they read and on which side they are."""
    return [_shape(node) for node in plan]


def _shape(node: Any) -> Any:
    below = [each for child in node.get("children", ()) for each in [_shape(child)] if each]
    if node["name"] == "READ_PARQUET":
        return str(node["extra_info"].get("Projections"))
    return ["join", *below] if "JOIN" in node["name"] or len(below) > 1 else (below[0] if below else None)


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Lake:
    return Lake(tmp_path_factory.mktemp("small"), 2_000)


@pytest.fixture(scope="session")
def large(tmp_path_factory) -> Lake:
    return Lake(tmp_path_factory.mktemp("large"), 20_000)


@pytest.fixture(scope="session")
def design():
    from planroom.workbench.sources import read

    return read(DDL)
