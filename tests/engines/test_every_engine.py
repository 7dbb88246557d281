"""What holds for every engine that the registry finds; a new engine is tested here without a line of its own."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planroom.engines import ENGINES, Engine, EngineKind, connect, database
from planroom.errors import (
    PlanroomError,
    ServerUnavailableError,
    SourceError,
    StatementFailedError,
    StatementRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=[each.name for each in ENGINES if each.owns])
def kind(request: pytest.FixtureRequest) -> EngineKind:
    kind = ENGINES[request.param]
    found = kind.available()
    if not found.available:
        pytest.skip(f"no {kind.name}: {found.reason}")
    return kind


@pytest.fixture(scope="module")
def engine(kind: EngineKind) -> Iterator[Engine]:
    with kind.connect() as opened:
        yield opened


@pytest.fixture
def empty(kind: EngineKind) -> Iterator[Engine]:
    with kind.connect() as opened:
        yield opened


def test_the_kind_is_named_like_its_file_and_says_what_it_is_for(kind: EngineKind) -> None:
    assert kind.name in ENGINES.names()
    assert kind.describe()
    assert kind.available().version[0].isdigit()


def test_the_doctor_has_nothing_to_complain_of(kind: EngineKind) -> None:
    assert [line for line in kind.diagnose() if line.result == "failed"] == []


def test_a_target_of_another_kind_is_not_recognised(kind: EngineKind) -> None:
    assert not kind.recognises("mysql://host/database")
    assert not kind.recognises("schema.sql")


def test_a_fresh_database_is_owned_and_empty(empty: Engine) -> None:
    assert empty.owned
    count = "SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('public', 'main')"
    assert empty.query(count).scalar() == 0


def test_what_one_database_holds_another_does_not(kind: EngineKind) -> None:
    with kind.connect() as first, kind.connect() as second:
        first.run("CREATE TABLE t (a int)")
        with pytest.raises(StatementFailedError):
            second.query("SELECT * FROM t")


def test_a_script_runs_statement_by_statement(empty: Engine) -> None:
    empty.run("CREATE TABLE t (a int, b varchar); INSERT INTO t VALUES (1, 'x;y'), (2, NULL);\n-- the end\n")

    answer = empty.query("SELECT * FROM t ORDER BY a")

    assert answer.columns == ("a", "b")
    assert answer.rows == ((1, "x;y"), (2, None))
    assert str(answer) == "a  b\n1  x;y\n2  NULL\n2 rows"


def test_an_empty_script_is_fine(engine: Engine) -> None:
    engine.run("")
    engine.run(" -- nothing\n;;")


def test_a_script_that_fails_keeps_what_came_before_and_says_where(empty: Engine) -> None:
    with pytest.raises(StatementFailedError) as caught:
        empty.run("CREATE TABLE t (a int);\nSELECT nonsense FROM t;\nCREATE TABLE u (a int);")

    assert "nonsense" in caught.value.what
    assert caught.value.where.startswith("sql:2:")
    assert empty.query("SELECT count(*) FROM t").scalar() == 0
    with pytest.raises(StatementFailedError):
        empty.query("SELECT * FROM u")


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("SELECT nonsense", "sql:1:8"),
        ("SELECT 1,\n  nonsense", "sql:2:3"),
        ("  \n-- first\n SELECT nonsense", "sql:3:9"),
        ("SELEC 1", "sql:1:1"),
    ],
)
def test_an_error_points_at_its_line_and_column(engine: Engine, sql: str, where: str) -> None:
    with pytest.raises(StatementFailedError) as caught:
        engine.query(sql)

    assert caught.value.where == where
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_engine_goes_on_after_an_error(engine: Engine) -> None:
    with pytest.raises(StatementFailedError):
        engine.query("SELECT nonsense")

    assert engine.query("SELECT 1").scalar() == 1


def test_placeholders_are_numbered(engine: Engine) -> None:
    sql = "SELECT CAST($2 AS varchar), CAST($1 AS int), 'a % b'"
    assert engine.query(sql, params=(1, "it's")).rows == (("it's", 1, "a % b"),)


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_an_answer_that_is_cut_off_says_so(engine: Engine, limit: int) -> None:
    answer = engine.query("SELECT a FROM (VALUES (1), (2), (3)) AS t (a) ORDER BY a", limit=limit)

    assert answer.rows == ((1,), (2,))[:limit]
    assert answer.truncated
    assert "cut off after" in str(answer)


def test_an_answer_of_just_the_limit_is_not_cut_off(engine: Engine) -> None:
    assert not engine.query("SELECT a FROM (VALUES (1), (2)) AS t (a)", limit=2).truncated


def test_an_empty_answer_keeps_its_columns(engine: Engine) -> None:
    answer = engine.query("SELECT 1 AS a, 2 AS b WHERE 1 = 0")
    assert (answer.columns, answer.rows) == (("a", "b"), ())


def test_a_huge_answer_is_not_fetched_whole(engine: Engine) -> None:
    endless = "SELECT 1 FROM generate_series(1, 100000) AS a (x) CROSS JOIN generate_series(1, 100000) AS b (y)"
    assert engine.query(endless, limit=3, timeout_s=20).rows == ((1,), (1,), (1,))


def test_a_statement_without_an_answer_tells_what_it_did(empty: Engine) -> None:
    empty.run("CREATE TABLE t (a int)")
    answer = empty.query("INSERT INTO t VALUES (1), (2)")
    assert (answer.columns, answer.rows) == ((), ())
    assert "2" in answer.status
    assert str(answer) == answer.status


def test_a_statement_that_writes_is_carried_out_even_if_its_answer_is_cut_off(empty: Engine) -> None:
    empty.run("CREATE TABLE t (a int)")
    answer = empty.query("INSERT INTO t VALUES (1), (2), (3) RETURNING a", limit=1)
    assert (answer.rows, answer.truncated) == (((1,),), True)
    assert empty.query("SELECT count(*) FROM t").scalar() == 3


def test_query_takes_one_statement(engine: Engine) -> None:
    with pytest.raises(StatementRefusedError, match="2"):
        engine.query("SELECT 1; SELECT 2")


def test_time_runs_out(engine: Engine) -> None:
    slow = "SELECT count(*) FROM generate_series(1, 100000) a (x), generate_series(1, 1000000) b (y) WHERE x * y = 7"
    with pytest.raises(StatementFailedError) as caught:
        engine.query(slow, timeout_s=0.2)

    assert "timeout_s" in caught.value.fix
    assert engine.query("SELECT 1").scalar() == 1


def test_an_interrupt_ends_the_statement_and_not_the_engine(empty: Engine) -> None:
    slow = "SELECT count(*) FROM generate_series(1, 100000) a (x), generate_series(1, 1000000) b (y) WHERE x * y = 7"
    begun = time.monotonic()
    timer = threading.Timer(0.3, signal.pthread_kill, [threading.get_ident(), signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        empty.query(slow, timeout_s=20)
    timer.join()
    assert time.monotonic() - begun < 10
    assert empty.query("SELECT 1").scalar() == 1


def test_values_that_python_cannot_hold_come_as_text(engine: Engine) -> None:
    answer = engine.query("SELECT INTERVAL '1 month' AS a, TIMESTAMPTZ '2026-01-02 03:04:05+00' AS b")
    assert "1 mon" in str(answer)
    assert "2026-01-02 03:04:05+00" in str(answer)


def test_the_card_is_the_same_every_time_and_says_whose_it_is(kind: EngineKind) -> None:
    with kind.connect() as opened:
        assert "planroom; dropped when closed" in str(opened)
        assert repr(opened) == str(opened)
        assert opened._repr_mimebundle_()["text/html"]
        assert "/tmp" not in str(opened)


def test_a_closed_engine_says_so_and_closes_again(kind: EngineKind) -> None:
    engine = kind.connect()
    engine.close()
    engine.close()
    with pytest.raises(ServerUnavailableError, match="closed"):
        engine.query("SELECT 1")


def test_threads_share_an_engine(engine: Engine) -> None:
    answers: list[object] = []

    def ask(number: int) -> None:
        answers.extend(engine.query("SELECT CAST($1 AS int)", params=(number,)).scalar() for _ in range(10))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [number for number in range(4) for _ in range(10)]  # type: ignore[type-var]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_goes_to_the_engine_and_back(engine: Engine, text: str) -> None:
    assert engine.query("SELECT CAST($1 AS varchar)", params=(text,)).scalar() == text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sql=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_statement_gets_an_answer_or_planrooms_own_error(engine: Engine, sql: str) -> None:
    with contextlib.suppress(PlanroomError):
        assert engine.query(sql, timeout_s=5).columns is not None


def test_database_runs_its_script_and_goes_away(kind: EngineKind) -> None:
    with database("CREATE TABLE t (a int)", engine=kind.name) as opened:
        assert opened.query("SELECT count(*) FROM t").scalar() == 0
    with pytest.raises(ServerUnavailableError):
        opened.query("SELECT 1")


def test_a_target_that_nothing_recognises_is_an_error_that_does_not_repeat_it() -> None:
    with pytest.raises(SourceError) as caught:
        connect("nosuch://user:sesame@host/database")
    assert "sesame" not in str(caught.value)


def test_an_engine_gives_the_model_of_what_it_holds(empty: Engine) -> None:
    empty.run("CREATE TABLE a (id int PRIMARY KEY, b varchar NOT NULL); CREATE TABLE c (a_id int REFERENCES a (id))")

    model = empty.model()

    assert [table.name for table in model.tables] == ["a", "c"]
    assert model.table("a").primary_key is not None
    assert [(each.child.rpartition(".")[2], each.columns) for each in model.relations] == [("c", ("a_id",))]
