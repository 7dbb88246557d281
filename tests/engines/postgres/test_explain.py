"""PostgreSQL's plans: the options that a version has, generic plans, and what is not done on a user's database."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from planroom.engines import connect
from planroom.engines.postgres.engine import OwnedPostgres, UsersPostgres
from planroom.engines.postgres.explaining import explain_options
from planroom.errors import EngineError, StatementFailedError, StatementRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.server import Server

pytestmark = pytest.mark.server

TABLES = """
CREATE TABLE t (a int PRIMARY KEY, b text);
INSERT INTO t SELECT i, 'x' FROM generate_series(1, 1000) AS i;
CREATE TABLE p (day int, n int) PARTITION BY LIST (day);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE SEQUENCE s;
CREATE TABLE witness (seen int);
CREATE FUNCTION loud() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE FUNCTION quiet() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';
CREATE TABLE guarded (a int);
CREATE POLICY mine ON guarded USING (a > 5);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
ANALYZE t, p;
"""


@pytest.fixture(scope="module")
def owned(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(TABLES)
        yield engine


@pytest.fixture(scope="module")
def users(owned: OwnedPostgres, server: Server) -> Iterator[UsersPostgres]:
    name = owned.query("SELECT current_database()").scalar()
    owned.run("CREATE ROLE reader LOGIN; GRANT pg_read_all_data TO reader")
    owned.run("GRANT ALL ON t, witness TO reader; GRANT ALL ON SEQUENCE s TO reader")
    rules = server.directory / "data" / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text("local all reader trust\n" + before)
    owned.run("SELECT pg_reload_conf()")
    with connect(f"postgresql://reader@/{name}?host={server.directory}") as engine:
        assert isinstance(engine, UsersPostgres)
        yield engine
    rules.write_text(before)
    owned.run("SELECT pg_reload_conf(); DROP OWNED BY reader; DROP ROLE reader")


def plan(document: str) -> dict[str, Any]:
    (first,) = json.loads(document)
    found: dict[str, Any] = first["Plan"]
    return found


# -- options -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "analyze", "generic", "options"),
    [
        (120_020, False, False, "(FORMAT JSON, VERBOSE, SETTINGS)"),
        (120_020, True, False, "(FORMAT JSON, VERBOSE, SETTINGS, ANALYZE, BUFFERS)"),
        (130_000, True, False, "(FORMAT JSON, VERBOSE, SETTINGS, ANALYZE, BUFFERS, WAL)"),
        (150_000, False, True, "(FORMAT JSON, VERBOSE, SETTINGS)"),
        (160_000, False, True, "(FORMAT JSON, VERBOSE, SETTINGS, GENERIC_PLAN)"),
        (160_000, True, True, "(FORMAT JSON, VERBOSE, SETTINGS, ANALYZE, BUFFERS, WAL)"),
        (180_000, True, False, "(FORMAT JSON, VERBOSE, SETTINGS, ANALYZE, BUFFERS, WAL, SERIALIZE TEXT, MEMORY)"),
    ],
)
def test_a_server_is_asked_only_for_what_its_version_has(
    number: int, analyze: bool, generic: bool, options: str
) -> None:
    assert explain_options(number, analyze=analyze, generic=generic) == options


def test_an_analyzed_plan_has_rows_buffers_times_and_memory(owned: OwnedPostgres) -> None:
    (whole,) = json.loads(owned.explain("SELECT * FROM t", analyze=True).document)

    assert whole["Plan"]["Actual Rows"] == 1000
    assert "Shared Hit Blocks" in whole["Plan"]
    assert "WAL Bytes" in whole["Plan"]
    assert {"Planning Time", "Execution Time", "Serialization"} <= set(whole)
    assert "Memory Used" in whole["Planning"]


def test_a_plain_plan_has_nothing_that_differs_from_run_to_run(owned: OwnedPostgres) -> None:
    assert set(json.loads(owned.explain("SELECT * FROM t").document)[0]) <= {"Plan", "Settings"}


# -- parameters and generic plans --------------------------------------------------------------------------------------


def test_a_generic_plan_keeps_its_placeholders_and_all_partitions(owned: OwnedPostgres) -> None:
    found = owned.explain("SELECT * FROM p WHERE day = $1", generic=True)

    assert "$1" in found.document
    assert [each["Relation Name"] for each in plan(found.document)["Plans"]] == ["p1", "p2"]
    assert "generic plan" in found.notes[0]


def test_a_custom_plan_has_the_value_and_its_partition_alone(owned: OwnedPostgres) -> None:
    found = plan(owned.explain("SELECT * FROM p WHERE day = $1", params=(2,)).document)
    assert (found["Relation Name"], found["Filter"]) == ("p2", "(p.day = '2'::smallint)")


def test_a_generic_plan_can_be_run_with_values(owned: OwnedPostgres) -> None:
    found = owned.explain(
        "SELECT * FROM t WHERE b = $2 AND a <= $1", params=(7, "x"), generic=True, analyze=True
    ).document

    assert plan(found)["Actual Rows"] == 7
    assert "$2" in found


def test_a_value_cannot_leave_its_quotes(owned: OwnedPostgres) -> None:
    hostile = "x'); DROP TABLE t; --\\"
    for generic in (False, True):
        found = owned.explain("SELECT * FROM t WHERE b = $1", params=(hostile,), generic=generic, analyze=True)
        assert plan(found.document)["Actual Rows"] == 0
    assert owned.query("SELECT count(*) FROM t").scalar() == 1000


def test_generic_plans_leave_no_prepared_statement_and_survive_errors(owned: OwnedPostgres) -> None:
    with pytest.raises(StatementFailedError) as caught:
        owned.explain("SELECT *\nFROM t WHERE nonsense = $1", generic=True)
    assert caught.value.where == "sql:2:14"
    with pytest.raises(StatementFailedError):
        owned.explain("SELECT 1 / $1::int", params=(0,), generic=True, analyze=True)

    assert owned.explain("SELECT $1::int", generic=True).document
    assert owned.query("SELECT count(*) FROM pg_prepared_statements").scalar() == 0


def test_an_older_server_gives_generic_plans_too(owned: OwnedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planroom.engines.postgres.explaining._GENERIC", (("GENERIC_PLAN", 990_000),))

    found = owned.explain("SELECT * FROM t WHERE a = $1", generic=True)

    assert "$1" in found.document
    assert "NULL" in found.notes[1]


def test_row_security_that_does_not_hold_for_the_role_is_said(owned: OwnedPostgres, users: UsersPostgres) -> None:
    assert "row-level security of public.guarded" in " ".join(owned.explain("SELECT * FROM guarded").notes).lower()
    assert users.explain("SELECT * FROM guarded").notes == ()
    assert "Filter" in users.explain("SELECT * FROM guarded").document

    as_reader = owned.explain("SELECT * FROM public.guarded", settings={"role": "reader"})
    assert as_reader.notes == ()
    assert "Filter" in as_reader.document
    assert owned.query("SELECT current_user <> 'reader'").scalar()


@pytest.mark.parametrize("sql", ["DROP TABLE t", "VACUUM t", "DO $$ BEGIN END $$", "COPY t TO PROGRAM 'true'"])
def test_what_has_no_plan_is_said(owned: OwnedPostgres, sql: str) -> None:
    with pytest.raises(StatementRefusedError, match="no plan for"):
        owned.explain(sql)


def test_a_broken_text_with_a_second_statement_does_not_run_it(owned: OwnedPostgres) -> None:
    for sql in ("SELECT 1; DROP TABLE witness; SELEC", "SELEC; DROP TABLE witness", "SELECT ($$; DROP TABLE witness"):
        with pytest.raises(EngineError):
            owned.explain(sql, analyze=True)
    assert owned.query("SELECT count(*) FROM witness").scalar() == 0


def test_what_the_server_reads_as_two_statements_is_not_run(owned: OwnedPostgres, users: UsersPostgres) -> None:
    sql = r"SELECT '\', '; COMMIT; DROP TABLE witness; --'"  # one statement, unless a backslash escapes
    for engine in (owned, users):
        assert engine.explain(sql).document
        engine.connection.execute("SET standard_conforming_strings = off")
        try:
            with pytest.raises(StatementFailedError) as caught:
                engine.explain(sql)
        finally:
            engine.connection.execute("SET standard_conforming_strings = on")
        assert "multiple commands" in caught.value.what
    assert owned.query("SELECT count(*) FROM witness").scalar() == 0


# -- a database that the user named ------------------------------------------------------------------------------------


def test_the_users_database_gives_plans(users: UsersPostgres) -> None:
    assert plan(users.explain("SELECT * FROM t WHERE a = $1", params=(5,)).document)["Node Type"] == "Index Scan"
    assert "$1" in users.explain("SELECT * FROM t WHERE a = $1", generic=True).document
    assert plan(users.explain("SELECT * FROM t", analyze=True).document)["Actual Rows"] == 1000


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (0, 'y')",
        "UPDATE t SET b = 'y'",
        "DELETE FROM t",
        "MERGE INTO t USING (VALUES (1)) v (b) ON t.a = v.b WHEN MATCHED THEN DELETE",
        "WITH gone AS (DELETE FROM t RETURNING a) SELECT * FROM gone",
    ],
)
def test_a_statement_that_writes_is_planned_and_not_run(users: UsersPostgres, sql: str) -> None:
    assert "ModifyTable" in users.explain(sql).document
    with pytest.raises(StatementRefusedError, match="would write"):
        users.explain(sql, analyze=True, allow_functions=True)
    assert users.query("SELECT count(*) FROM t WHERE b = 'x'").scalar() == 1000


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT 1; SELECT 2", "2 statements"),
        ("COMMIT; DROP TABLE t", "2 statements"),
        ("EXPLAIN ANALYZE SELECT 1", "already"),
        ("PREPARE x AS SELECT 1", "already"),
        ("SELECT 1 INTO u", "SELECT INTO"),
        ("CREATE TABLE u AS SELECT 1", "CREATE TABLE"),
        ("EXECUTE x", "EXECUTE"),
        ("DECLARE c CURSOR FOR SELECT 1", "DECLARE"),
        ("DO $$ BEGIN END $$", "DO"),
        ("CALL x()", "CALL"),
        ("COPY t TO PROGRAM 'true'", "COPY"),
        ("SELEC 1", "cannot read"),
    ],
)
@pytest.mark.parametrize("analyze", [False, True])
def test_what_is_no_plain_reading_is_refused(users: UsersPostgres, sql: str, reason: str, analyze: bool) -> None:
    with pytest.raises(StatementRefusedError, match=reason):
        users.explain(sql, analyze=analyze)


@pytest.mark.parametrize(
    "call",
    ["loud()", "public.loud()", "nextval('s')", "pg_terminate_backend(1)", "pg_sleep(9)", "set_config('a.b','1',false)",
     "pg_advisory_lock(1)", "query_to_xml('DELETE FROM t', true, true, '')", "lo_creat(-1)"],
)  # fmt: skip
def test_volatile_functions_are_not_run_and_may_be_planned(users: UsersPostgres, call: str) -> None:
    sql = f"SELECT {call} FROM t"
    name = call.partition("(")[0].rpartition(".")[2]

    assert users.explain(sql).document
    with pytest.raises(StatementRefusedError, match=name) as caught:
        users.explain(sql, analyze=True)
    assert "allow_functions=True" in caught.value.fix


def test_the_user_may_allow_functions(users: UsersPostgres) -> None:
    assert users.explain("SELECT loud()", analyze=True, allow_functions=True).notes == (
        "It ran public.loud, marked volatile.",
    )
    assert users.explain("SELECT quiet(), random() > 2", analyze=True).analyzed


def test_even_an_allowed_function_cannot_write(users: UsersPostgres) -> None:
    with pytest.raises(StatementFailedError) as caught:
        users.explain("SELECT nextval('s')", analyze=True, allow_functions=True)
    assert caught.value.code == "25006"


def test_only_settings_that_bear_on_plans_are_set(users: UsersPostgres) -> None:
    wanted = {"enable_seqscan": False, "work_mem": "1MB", "Random_Page_Cost": 1.1, "max_parallel_workers_per_gather": 0}
    found = users.explain("SELECT * FROM t", settings=wanted)
    assert dict(found.settings)["enable_seqscan"] == "off"
    assert '"enable_seqscan": "off"' in found.document
    assert users.query("SELECT current_setting('enable_seqscan')").scalar() == "on"
    for name in (
        "transaction_read_only",
        "statement_timeout",
        "role",
        "ROLE",
        "session_authorization",
        "search_path",
        "a.b",
    ):
        with pytest.raises(StatementRefusedError, match=name):
            users.explain("SELECT 1", settings={name: "off"})


def test_a_misspelt_setting_is_said_with_the_nearest(users: UsersPostgres, owned: OwnedPostgres) -> None:
    for engine in (users, owned):
        with pytest.raises(EngineError) as caught:
            engine.explain("SELECT 1", settings={"enable_seqcsan": "off"})
        assert "enable_seqscan" in caught.value.fix


def test_a_wait_for_a_lock_ends(users: UsersPostgres, owned: OwnedPostgres) -> None:
    with owned.connect() as holder:
        holder.execute("BEGIN; LOCK TABLE witness")
        begun = time.monotonic()
        with pytest.raises(StatementFailedError) as caught:
            users.explain("SELECT * FROM witness")
        holder.rollback()
    assert caught.value.code == "55P03"
    assert time.monotonic() - begun < 10


def test_a_superuser_is_warned_about(owned: OwnedPostgres, users: UsersPostgres, server: Server) -> None:
    name = owned.query("SELECT current_database()").scalar()
    with connect(f"postgresql://postgres@/{name}?host={server.directory}") as engine:
        assert "superuser" in " ".join(engine.explain("SELECT 1", analyze=True).notes)
        assert engine.explain("SELECT 1").notes == ()
    assert users.explain("SELECT 1", analyze=True).notes == ()
