"""An engine is had from whatever names one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import planroom as pr
from planroom.errors import SourceError
from planroom.workbench.asking import engine_on

pytest.importorskip("duckdb")


def test_an_engine_that_belongs_to_something_is_left_to_it() -> None:
    with pr.duckdb() as db:
        owner = SimpleNamespace(engine=db)
        with engine_on(owner) as engine:
            assert engine is db
        with engine_on(owner, existing=True) as engine:
            assert engine is db
        assert db.query("SELECT 1").scalar() == 1


@pytest.mark.parametrize("on", ["duckdb", "create table t (a int)"])
def test_nothing_is_made_where_a_database_has_to_be_there(on: str) -> None:
    with pytest.raises(SourceError, match="names no database"), engine_on(on, existing=True):
        pass


def test_a_model_is_no_database_where_one_has_to_be_there() -> None:
    model = pr.read("create table t (a int)")
    with pytest.raises(SourceError, match="A Model is no database to ask"), engine_on(model, existing=True):
        pass
