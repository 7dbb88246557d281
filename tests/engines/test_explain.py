"""Every engine that has plans gives them as it writes them down, and nothing of the asking stays."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planroom.engines import ENGINES, Engine, Explained
from planroom.errors import (
    EngineError,
    PlanroomError,
    ServerUnavailableError,
    StatementFailedError,
    StatementRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = """
CREATE TABLE t (a int, b varchar);
INSERT INTO t SELECT i, 'x' FROM generate_series(1, 100) AS g (i);
CREATE SEQUENCE s;
"""
ENDLESS = "SELECT count(*) FROM generate_series(1, 100000) a (x), generate_series(1, 1000000) b (y) WHERE x * y = 7"


@pytest.fixture(scope="module", params=[each.name for each in ENGINES if each.owns])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    kind = ENGINES[request.param]
    if not kind.available().available:
        pytest.skip(f"no {kind.name}: {kind.available().reason}")
    with kind.connect() as opened:
        opened.run(TABLES)
        yield opened


def count(engine: Engine) -> object:
    return engine.query("SELECT count(*) FROM t").scalar()


def test_a_plan_comes_as_the_engines_own_json(engine: Engine) -> None:
    found = engine.explain("  -- the busiest\nSELECT * FROM t WHERE a = 5 ; ")

    assert isinstance(found, Explained)
    assert (found.engine, found.version, found.analyzed) == (engine.name, engine.version, False)
    assert found.sql.endswith("SELECT * FROM t WHERE a = 5")
    assert json.loads(found.document)
    assert (found.settings, found.notes) == ((), ())


def test_the_same_question_has_the_same_document(engine: Engine) -> None:
    sql = "SELECT b, count(*) FROM t GROUP BY b"
    assert engine.explain(sql) == engine.explain(sql)


def test_a_plan_is_the_one_for_the_values(engine: Engine) -> None:
    assert "47" in engine.explain("SELECT * FROM t WHERE a = $1", params=(47,)).document


def test_analyze_measures(engine: Engine) -> None:
    found = engine.explain("SELECT b FROM t WHERE a > $1", params=(40,), analyze=True)

    assert found.analyzed
    assert "60" in found.document
    assert found.notes == ()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM t WHERE a < 10",
        "UPDATE t SET a = a + 1",
        "INSERT INTO t SELECT * FROM t",
        "CREATE TABLE u AS SELECT * FROM t",
    ],
)
def test_what_analyze_changes_is_rolled_back_and_said(engine: Engine, sql: str) -> None:
    before = engine.query("SELECT count(*), sum(a) FROM t").rows

    found = engine.explain(sql, analyze=True)

    assert "rolled back" in " ".join(found.notes)
    assert engine.query("SELECT count(*), sum(a) FROM t").rows == before
    with pytest.raises(StatementFailedError):
        engine.query("SELECT * FROM u")


def test_a_plain_plan_of_a_statement_that_writes_changes_nothing(engine: Engine) -> None:
    assert engine.explain("DELETE FROM t").notes == ()
    assert count(engine) == 100


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("", "none"),
        (" -- nothing\n;;", "none"),
        ("SELECT 1; SELECT 2", "2"),
        ("SELECT 1; DROP TABLE t", "2"),
        ("EXPLAIN SELECT 1", "already"),
        ("EXPLAIN ANALYZE DELETE FROM t", "already"),
    ],
)
def test_what_is_no_single_statement_is_refused(engine: Engine, sql: str, reason: str) -> None:
    with pytest.raises(StatementRefusedError, match=reason):
        engine.explain(sql, analyze=True)
    assert count(engine) == 100


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("SELECT nonsense FROM t", "sql:1:8"),
        ("\n-- first\nSELECT 1,\n  nonsense FROM t", "sql:4:3"),
        ("SELEC 1", "sql:1:1"),
        ("SELECT 1 +\n  )", "sql:2:3"),
    ],
)
@pytest.mark.parametrize("analyze", [False, True])
def test_an_error_points_at_its_place_in_the_users_text(engine: Engine, sql: str, where: str, analyze: bool) -> None:
    with pytest.raises(StatementFailedError) as caught:
        engine.explain(sql, analyze=analyze)
    assert caught.value.where == where
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("params", [(), (1,), (1, 2, 3)])
def test_a_wrong_number_of_values_is_said(engine: Engine, params: tuple[int, ...]) -> None:
    with pytest.raises(EngineError, match=r"arameter"):
        engine.explain("SELECT a + $1, a - $2 FROM t", params=params)


@pytest.mark.parametrize("value", ["abc", object()])
def test_a_value_of_a_wrong_type_is_the_engines_error(engine: Engine, value: object) -> None:
    with pytest.raises(StatementFailedError):
        engine.explain("SELECT a FROM t WHERE a = CAST($1 AS int)", params=(value,), analyze=True)
    assert count(engine) == 100


def test_time_runs_out(engine: Engine) -> None:
    with pytest.raises(StatementFailedError) as caught:
        engine.explain(ENDLESS, analyze=True, timeout_s=0.2)
    assert "timeout_s" in caught.value.fix
    assert engine.explain("SELECT 1").document


def test_an_interrupt_ends_the_statement_and_not_the_engine(engine: Engine) -> None:
    begun = time.monotonic()
    timer = threading.Timer(0.3, signal.pthread_kill, [threading.get_ident(), signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        engine.explain(ENDLESS, analyze=True, timeout_s=20)
    timer.join()
    assert time.monotonic() - begun < 10
    assert engine.explain("SELECT 1", analyze=True).document


def test_an_open_transaction_stays_open(engine: Engine) -> None:
    engine.run("BEGIN; DELETE FROM t WHERE a > 50")
    try:
        assert engine.explain("SELECT * FROM t", analyze=True).document
        if engine.name == "duckdb":
            with pytest.raises(StatementRefusedError, match="open"):
                engine.explain("DELETE FROM t", analyze=True)
        else:
            assert engine.explain("DELETE FROM t", analyze=True).notes
            with pytest.raises(StatementFailedError):
                engine.explain("SELECT 1 / 0", analyze=True)
        assert count(engine) == 50
    finally:
        engine.run("ROLLBACK")
    assert count(engine) == 100


def test_a_setting_holds_for_one_plan(engine: Engine) -> None:
    name = {"postgres": "work_mem", "duckdb": "memory_limit"}[engine.name]
    ask = f"SELECT current_setting('{name}')"
    before = engine.query(ask).scalar()

    found = engine.explain("SELECT 1", settings={name: "77MB"})

    assert found.settings == ((name, "77MB"),)
    assert engine.query(ask).scalar() == before


@pytest.mark.parametrize("settings", [{"nonsense_setting": "1"}, {"x'; DROP TABLE t; --": "1"}, {"no such": "1"}])
def test_an_unknown_setting_is_said(engine: Engine, settings: dict[str, str]) -> None:
    with pytest.raises(StatementFailedError, match="onfiguration parameter"):
        engine.explain("SELECT 1", settings=settings)
    assert count(engine) == 100


def test_a_setting_takes_no_nonsense(engine: Engine) -> None:
    name = {"postgres": "work_mem", "duckdb": "threads"}[engine.name]
    with pytest.raises(StatementFailedError):
        engine.explain("SELECT 1", settings={name: "many'; DROP TABLE t; --"})
    assert count(engine) == 100


def test_a_closed_engine_says_so() -> None:
    for kind in ENGINES:
        if kind.owns and kind.available().available:
            opened = kind.connect()
            opened.close()
            with pytest.raises(ServerUnavailableError, match="closed"):
                opened.explain("SELECT 1")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sql=st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    | st.text("SELECT$1;('-/*\\n\0 ", max_size=30).map("SELECT {}".format),
    analyze=st.booleans(),
)
def test_any_text_has_a_plan_or_planrooms_own_error(engine: Engine, sql: str, analyze: bool) -> None:
    with contextlib.suppress(PlanroomError):
        assert engine.explain(sql, analyze=analyze, timeout_s=5).document
    assert count(engine) == 100


def test_an_engine_without_plans_says_which_have_them(tmp_path: object) -> None:
    import sqlite3

    path = f"{tmp_path}/shop.sqlite"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (a int)")
    made.close()
    with (
        ENGINES["sqlalchemy"].connect(f"sqlite:///{path}") as opened,
        pytest.raises(StatementRefusedError, match="no plans of SQLite"),
    ):
        opened.explain("SELECT 1")
