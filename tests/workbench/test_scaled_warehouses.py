"""`pr.at_scale(..., on="duckdb")`: DuckDB's plans from a design, from Parquet files, and from its own file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import planroom as pr
from planroom.errors import PlanroomError, SourceError, StatementRefusedError, UnknownNameError
from planroom.plans import Plan

SCHEMA = """
CREATE TABLE customers (id bigint PRIMARY KEY, region text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, amount int NOT NULL);
"""
JOINED = "SELECT c.region, sum(o.amount) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.region"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A folder of two real Parquet files, 1,000 orders of 100 customers."""
    folder = tmp_path / "lake"
    folder.mkdir()
    with duckdb.connect() as link:
        link.execute(
            f"COPY (SELECT range AS id, 'r' || range % 7 AS region FROM range(100)) TO '{folder}/customers.parquet'"
        )
        orders = "SELECT range AS id, range % 100 AS customer_id, (range % 50)::int AS amount FROM range(1000)"
        link.execute(f"COPY ({orders}) TO '{folder}/orders.parquet'")
    return folder


def scanned(plan: Plan) -> dict[str, float | None]:
    return {node.relation: node.estimated_rows for node in plan.nodes if node.relation}


def test_a_design_alone_plans_at_the_rows_that_are_asked_for() -> None:
    with pr.at_scale(SCHEMA, {"orders": "1bn"}, on="duckdb") as big:
        plan = big.explain(JOINED)

        assert scanned(plan)["orders"] == pytest.approx(1e9, rel=0.01)
        assert any("as Parquet" in note for note in plan.notes)
        assert pr.explain(JOINED, on=big).root == plan.root


def test_real_parquet_files_grow_with_and_without_a_design(lake: Path) -> None:
    with pr.at_scale(lake, {"orders": 1e9}, on="duckdb") as alone:
        assert scanned(alone.explain(JOINED))["orders"] == pytest.approx(1e9, rel=0.01)
    with pr.at_scale(SCHEMA, {"orders": 1e9, "customers": 1e6}, on="duckdb", stats=lake) as designed:
        assert scanned(designed.explain(JOINED))["customers"] == pytest.approx(1e6, rel=0.01)


def test_a_duckdb_file_tells_its_own_statistics(lake: Path, tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as link:
        for table in ("customers", "orders"):
            link.execute(f"CREATE TABLE {table} AS FROM '{lake}/{table}.parquet'")

    with pr.at_scale(file, {"orders": 1e9}, on="duckdb") as big:
        assert scanned(big.explain(JOINED))["orders"] == pytest.approx(1e9, rel=0.01)


def test_what_is_saved_plans_the_same_without_the_design(tmp_path: Path) -> None:
    with pr.at_scale(SCHEMA, {"orders": "1bn"}, on="duckdb") as big:
        before = big.explain(JOINED)
        big.save(tmp_path / "footers")

    with pr.at_scale(tmp_path / "footers", on="duckdb") as again:
        assert again.explain(JOINED).root == before.root
    with pytest.raises(SourceError, match="one scale"):
        pr.at_scale(tmp_path / "footers", {"orders": 1}, on="duckdb")


def test_memory_is_held_against_a_limit() -> None:
    with pr.at_scale(SCHEMA, {"orders": "1bn", "customers": "500M"}, on="duckdb") as big:
        needs = big.memory(JOINED, memory_limit="1GB")

    assert "spill" in str(needs)


def test_nothing_is_answered_from_forged_footers() -> None:
    with pr.at_scale(SCHEMA, {"orders": "1bn"}, on="duckdb") as big:
        for ask in (big.engine.query, big.engine.run, big.explain):
            with pytest.raises(StatementRefusedError):
                ask("DELETE FROM orders" if ask == big.explain else "SELECT count(*) FROM orders")
    big.close()
    with pytest.raises(PlanroomError):
        big.explain(JOINED)


def test_there_is_no_third_engine() -> None:
    with pytest.raises(UnknownNameError, match="duckbd"):
        pr.at_scale(SCHEMA, on="duckbd")  # type: ignore[call-overload]
