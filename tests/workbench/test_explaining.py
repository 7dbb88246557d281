"""A plan can be had from whatever names a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import planroom as pr
from planroom.errors import PlanroomError, SourceError
from planroom.workbench.asking import engine_on

if TYPE_CHECKING:
    from pathlib import Path

duckdb = pytest.importorskip("duckdb")


def test_an_engine_stays_open() -> None:
    with pr.duckdb() as db:
        plan = pr.explain("SELECT $1", on=db, params=(1,))
        assert (plan.engine, plan.version, plan.sql, plan.source) == ("duckdb", db.version, "SELECT $1", "duckdb://")
        assert pr.explain("SELECT 1", on=db).root


def test_a_file_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    duckdb.connect(str(path)).execute("CREATE TABLE t (a int)").close()

    for on in (path, str(path), f"duckdb:///{path}"):
        assert pr.explain("FROM t", on=on, analyze=True).analyzed
    duckdb.connect(str(path)).execute("INSERT INTO t VALUES (1)").close()


def test_a_database_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    duckdb.connect(str(path)).execute("CREATE TABLE t (a int)").close()
    with engine_on(path) as engine:
        assert not engine.owned


def test_the_name_of_an_engine_is_an_empty_database() -> None:
    assert pr.explain("SELECT 1", on="duckdb").engine == "duckdb"


@pytest.mark.server
@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("as_model", [False, True])
def test_a_model_is_put_into_a_database_of_planrooms(tmp_path: Path, as_model: bool) -> None:
    path = tmp_path / "shop.sql"
    path.write_text("CREATE TABLE orders (id int PRIMARY KEY, note text)")
    on = pr.read(path) if as_model else path

    plan = pr.explain(
        "SELECT * FROM orders WHERE id = $1", on=on, generic=True, settings={"enable_seqscan": "off"}, analyze=False
    )

    assert plan.engine == "postgres"
    assert any("generic plan" in note for note in plan.notes)
    assert ("enable_seqscan", "off") in plan.settings


@pytest.mark.parametrize("on", ["", "missing.sql", "missing.duckdb", "nosuch://ann:planted@host/shop", 7])
def test_what_names_no_database_is_said(on: object) -> None:
    with pytest.raises(SourceError) as caught:
        pr.explain("SELECT 1", on=on)
    assert "planted" not in str(caught.value)


def test_an_error_shows_no_password() -> None:
    with pr.duckdb() as db, pytest.raises(PlanroomError) as caught:
        pr.explain("SELECT CAST('postgresql://ann:planted@host/x' AS int)", on=db, analyze=True)
    assert "planted" not in str(caught.value)
