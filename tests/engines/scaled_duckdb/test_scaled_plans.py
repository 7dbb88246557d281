"""Plans of forged files are those of real ones, whatever they were made from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planroom.engines._scaled_duckdb import duckdb_statistics, read_footers, scaled_duckdb
from planroom.engines.duckdb import DuckDBEngine
from planroom.errors import SourceError, UnknownNameError
from planroom.model import Annotations
from planroom.plans import plan_of
from planroom.scaling.volumes import asked_rows
from tests.engines.scaled_duckdb.conftest import DDL, FILLING, QUERIES, estimates, plans_of, shape

duckdb = pytest.importorskip("duckdb")


def test_footers_alone_give_the_very_plans_of_the_files(large):
    with scaled_duckdb(footers=read_footers(large.folder)) as scaled:
        assert plans_of(scaled) == large.plans()


def test_a_tenth_of_the_files_predicts_the_plans_of_all(small, large, design):
    with scaled_duckdb(design, asked_rows(design, large.rows), footers=read_footers(small.folder)) as scaled:
        assert plans_of(scaled) == large.plans()


def test_without_a_design_keys_are_told_by_their_spans_and_names(small, large):
    with scaled_duckdb(None, large.rows, footers=read_footers(small.folder)) as scaled:
        assert plans_of(scaled) == large.plans()
        assert any("orders.id" in note and "items.order_id" in note for note in scaled.notes)


def test_keys_that_stay_as_they_are_give_other_plans(small, large, design):
    """What the ends of keys are for: of columns whose domain is closed they stay, and the estimates are wrong."""
    tables = tuple(
        replace(
            each, columns=tuple(replace(column, annotations=Annotations(domain="closed")) for column in each.columns)
        )
        for each in design.tables
    )
    closed = replace(design, tables=tables)
    with scaled_duckdb(closed, asked_rows(closed, large.rows), footers=read_footers(small.folder)) as scaled:
        assert plans_of(scaled) != large.plans()


def test_a_duckdb_file_predicts_the_plans_of_larger_parquet_files(small, large, tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DDL)
        for table in FILLING:
            connection.execute(f"INSERT INTO {table} FROM '{small.folder / table}.parquet'")
    with DuckDBEngine(path) as own:
        model, statistics = own.model(), duckdb_statistics(own)
    real = large.plans()
    with scaled_duckdb(model, asked_rows(model, large.rows), statistics=statistics) as scaled:
        found = plans_of(scaled)

    assert {name: shape(plan) for name, plan in found.items()} == {name: shape(plan) for name, plan in real.items()}
    assert estimates(found["chain"]) == estimates(real["chain"])


def test_declarations_alone_predict_the_joins_and_their_rows(large, design):
    orders = design.table("orders")
    status = replace(orders.columns_by_name["status"], annotations=Annotations(distinct=5))
    columns = tuple(status if each.name == "status" else each for each in orders.columns)
    tables = tuple(replace(each, columns=columns) if each is orders else each for each in design.tables)
    declared = replace(design, tables=tables)
    real = large.plans()
    with scaled_duckdb(declared, asked_rows(declared, large.rows)) as scaled:
        found = plans_of(scaled)

    assert {name: shape(plan) for name, plan in found.items()} == {name: shape(plan) for name, plan in real.items()}
    for name in ("join", "chain", "point", "anti"):
        assert [
            max(a, b) / max(1, min(a, b)) < 1.01
            for a, b in zip(estimates(found[name]), estimates(real[name]), strict=True)
        ]


@pytest.mark.parametrize("rows", [0, 1, 10**11])
def test_any_number_of_rows_is_planned(design, rows):
    with scaled_duckdb(design, dict.fromkeys((each.id for each in design.tables), float(rows))) as scaled:
        for sql in QUERIES.values():
            assert scaled.explain(sql).document
        plan = plan_of(scaled.explain("SELECT name FROM customers").document)
        if rows:
            assert plan.root.estimated_rows == rows


def test_keys_that_their_type_cannot_count_are_said(small, design):
    footers = read_footers(small.folder)
    with scaled_duckdb(design, asked_rows(design, {"orders": 1e11}), footers=footers) as scaled:
        assert "public.orders.id ends at the greatest value of its type, before so many rows." in scaled.notes


def test_scans_name_their_tables_and_nothing_else_is_otherwise(large, design):
    with scaled_duckdb(design, asked_rows(design, large.rows), footers=read_footers(large.folder)) as scaled:
        document = scaled.explain(QUERIES["chain"]).document
        plan = plan_of(document)

    scans = {node.relation: set(node.output) for node in plan.nodes if node.operator == "READ_PARQUET"}
    assert scans["customers"] == {"id", "name"}
    assert scans["orders"] == {"id", "customer_id"}
    assert set(scans) == {"customers", "orders", "items"}
    assert "planroom" not in document


def test_every_plan_says_that_it_is_one_of_parquet(small):
    with scaled_duckdb(footers=read_footers(small.folder)) as scaled:
        notes = scaled.explain(QUERIES["join"]).notes

    assert notes[0].startswith("Planned as Parquet")
    assert "its own tables" in notes[0]


def test_tables_that_are_not_asked_for_grow_with_those_that_they_refer_to(small, design):
    footers = read_footers(small.folder)
    with scaled_duckdb(design, asked_rows(design, {"customers": 2_000_000}), footers=footers) as scaled:
        rows = {each.name: each.rows for each in scaled.database.tables}

    assert rows == {"customers": 2_000_000, "orders": 10_000_000, "items": 29_998_000}


def test_rows_and_footers_of_no_table_are_refused(small, design):
    footers = read_footers(small.folder)
    with pytest.raises(UnknownNameError, match="orders"):
        scaled_duckdb(None, {"order": 5}, footers=footers)
    with pytest.raises(UnknownNameError):
        scaled_duckdb(design, {}, footers={"invoices": footers["orders"]})
    with pytest.raises(SourceError, match="nothing to plan on"):
        scaled_duckdb()


def test_what_holds_no_parquet_file_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "bad.parquet").write_text("hello, this is no Parquet")
    with pytest.raises(SourceError, match=r"bad\.parquet"):
        read_footers(tmp_path)
    with pytest.raises(SourceError, match=r"did you mean 'bad\.parquet'"):
        read_footers(tmp_path / "bat.parquet")
    (tmp_path / "bad.parquet").unlink()
    with pytest.raises(SourceError, match="no Parquet file in"):
        read_footers(tmp_path)


def test_a_table_may_be_a_folder_of_files(large, tmp_path):
    with duckdb.connect() as connection:
        for table in FILLING:
            source = f"read_parquet('{large.folder / table}.parquet', file_row_number = true)"
            for part in range(3):
                (tmp_path / table).mkdir(exist_ok=True)
                connection.execute(
                    f"COPY (SELECT * EXCLUDE file_row_number FROM {source} WHERE file_row_number % 3 = {part}) "
                    f"TO '{tmp_path / table / str(part)}.parquet' (FORMAT parquet)"
                )
    with scaled_duckdb(footers=read_footers(tmp_path)) as scaled:
        assert {each.name: each.rows for each in scaled.database.tables} == large.rows
        assert plans_of(scaled) == large.plans()
    (tmp_path / "orders" / "0.parquet").rename(tmp_path / "items" / "x.parquet")
    with pytest.raises(SourceError, match="no part of the table"):
        read_footers(tmp_path)
