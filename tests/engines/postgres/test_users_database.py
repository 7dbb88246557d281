"""A database that the user named: read by one statement at a time, never changed, its password never shown."""

from __future__ import annotations

import socket
import time
import traceback
from typing import TYPE_CHECKING

import pytest

from planroom.engines import ENGINES, connect
from planroom.engines.postgres.engine import OwnedPostgres, UsersPostgres
from planroom.errors import (
    PlanroomError,
    ServerUnavailableError,
    SourceError,
    StatementFailedError,
    StatementRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.server import Server

pytestmark = pytest.mark.server

PASSWORD = "sesame/öffne@dich:%"
QUOTED = "sesame%2F%C3%B6ffne%40dich%3A%25"
TABLES = """
CREATE TABLE t (a int);
INSERT INTO t VALUES (1), (2);
CREATE SEQUENCE s;
CREATE FUNCTION loud() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE FUNCTION quiet() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';
"""


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    with OwnedPostgres(server) as engine:
        rules = server.directory / "data" / "pg_hba.conf"
        before = rules.read_text()
        rules.write_text("local all visitor scram-sha-256\n" + before)
        engine.run(f"SELECT pg_reload_conf(); CREATE ROLE visitor LOGIN PASSWORD '{PASSWORD}';{TABLES}")
        engine.run("GRANT ALL ON ALL TABLES IN SCHEMA public TO visitor; GRANT ALL ON SEQUENCE s TO visitor")
        database = engine.query("SELECT current_database()").scalar()
        yield f"postgresql://visitor:{QUOTED}@/{database}?host={server.directory}"
        engine.run("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM visitor; REVOKE ALL ON SEQUENCE s FROM visitor")
        engine.run("DROP OWNED BY visitor; DROP ROLE visitor")
        rules.write_text(before)
        engine.run("SELECT pg_reload_conf()")


@pytest.fixture
def users(url: str) -> Iterator[UsersPostgres]:
    with connect(url) as engine:
        assert isinstance(engine, UsersPostgres)
        yield engine


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t ORDER BY a",
        "VALUES (1), (2)",
        "TABLE t",
        "WITH x AS (SELECT * FROM t) SELECT * FROM x ORDER BY a;",
        "SELECT a FROM t WHERE a < 3 ORDER BY a -- a comment; with a semicolon",
    ],
)
def test_it_answers_a_statement_that_reads(users: UsersPostgres, sql: str) -> None:
    assert users.query(sql).rows == ((1,), (2,))


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (3)",
        "UPDATE t SET a = 3",
        "DELETE FROM t",
        "MERGE INTO t USING (VALUES (1)) v (b) ON t.a = v.b WHEN MATCHED THEN DELETE",
        "WITH x AS (INSERT INTO t VALUES (3) RETURNING a) SELECT * FROM x",
        "SELECT * FROM t FOR UPDATE",
    ],
)
def test_the_server_itself_refuses_to_write(users: UsersPostgres, sql: str) -> None:
    if sql.startswith("MERGE") and users.major < 15:
        pytest.skip("MERGE came with PostgreSQL 15")
    with pytest.raises(StatementFailedError) as caught:
        users.query(sql)
    assert caught.value.code == "25006"
    assert "only reads" in caught.value.fix
    assert users.query("SELECT count(*) FROM t").scalar() == 2


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("", "no statement"),
        ("-- nothing", "no statement"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("COMMIT; DROP TABLE t", "2 statements"),
        ("SELECT 1; -- x\n;; DELETE FROM t", "2 statements"),
        ("DROP TABLE t", "DROP TABLE"),
        ("SET transaction_read_only = off", "SET"),
        ("COPY t TO PROGRAM 'true'", "COPY"),
        ("EXPLAIN ANALYZE SELECT 1", "EXPLAIN"),
        ("DO $$ BEGIN END $$", "DO"),
        ("CALL p()", "CALL"),
        ("VACUUM t", "VACUUM"),
        ("LOCK TABLE t", "LOCK"),
        ("LISTEN x", "LISTEN"),
        ("PREPARE p AS SELECT 1", "PREPARE"),
        ("SELECT 1 INTO u", "SELECT INTO"),
        ("SELEC 1", "cannot read"),
        ("SELECT pg_terminate_backend(1)", "pg_catalog.pg_terminate_backend"),
        ("SELECT pg_advisory_lock(1)", "pg_catalog.pg_advisory_lock"),
        ("SELECT 1 WHERE EXISTS (SELECT set_config('a.b', '1', false))", "pg_catalog.set_config"),
        ("SELECT nextval('s')", "pg_catalog.nextval"),
        ("SELECT public.loud()", "public.loud"),
        ("WITH x AS MATERIALIZED (SELECT loud()) SELECT 1", "public.loud"),
    ],
)
def test_what_is_no_plain_reading_is_refused_by_name(users: UsersPostgres, sql: str, reason: str) -> None:
    with pytest.raises(StatementRefusedError) as caught:
        users.query(sql)
    assert reason in caught.value.what
    assert users.query("SELECT count(*) FROM t").scalar() == 2


def test_functions_that_only_look_are_allowed(users: UsersPostgres) -> None:
    assert users.query("SELECT quiet(), now() IS NULL, random() > 2, pg_relation_size('t') > 0").rows == (
        (1, False, False, True),
    )


def test_the_user_may_allow_functions(users: UsersPostgres) -> None:
    assert users.query("SELECT loud()", allow_functions=True).scalar() == 1


def test_a_very_long_condition_is_looked_through_as_well(users: UsersPostgres) -> None:
    condition = " OR ".join(f"a = {number}" for number in range(2000))
    with pytest.raises(StatementRefusedError, match="loud"):
        users.query(f"SELECT a FROM t WHERE {condition} OR loud() = 2")


def test_no_script_runs_on_it(users: UsersPostgres) -> None:
    with pytest.raises(StatementRefusedError, match="does not run scripts"):
        users.run("SELECT 1")


def test_nothing_of_a_query_stays_in_the_session(users: UsersPostgres) -> None:
    users.query("SELECT set_config('search_path', 'nowhere', false)", allow_functions=True)
    assert users.query("SELECT count(*) FROM t").scalar() == 2
    assert users.query("SELECT current_setting('statement_timeout')").scalar() == "30s"


def test_a_wait_for_a_lock_ends(users: UsersPostgres, server: Server) -> None:
    name = users.query("SELECT current_database()").scalar()
    holder = server.databases.connect(str(name))
    holder.execute("BEGIN; LOCK TABLE t")
    begun = time.monotonic()
    with pytest.raises(StatementFailedError) as caught:
        users.query("SELECT * FROM t")
    holder.close()
    assert caught.value.code == "55P03"
    assert time.monotonic() - begun < 10


def test_a_snapshot_is_read_only_and_sees_one_moment(users: UsersPostgres) -> None:
    with users.snapshot() as fetch:
        assert fetch("SELECT count(*) FROM public.t WHERE a = $1", 1) == [(1,)]
        assert fetch("SHOW transaction_isolation") == [("repeatable read",)]
        assert fetch("SELECT current_schemas(false)") == [([],)]
        with pytest.raises(StatementFailedError):
            fetch("DELETE FROM public.t")
    assert users.query("SELECT count(*) FROM t").scalar() == 2


def test_the_password_is_in_nothing_that_is_shown(users: UsersPostgres, url: str) -> None:
    wrong = url.replace(QUOTED, "planted%2Fsecret")
    shown = [str(users), users.url, repr(users), str(users._repr_mimebundle_()), repr(users._where), str(vars(users))]
    for bad in (wrong, wrong.replace("visitor", "nobody_here"), "postgresql://u:planted/secret@h/x"):
        with pytest.raises(PlanroomError) as caught:
            ENGINES["postgres"].connect(bad)
        shown += [
            str(caught.value),
            str(vars(caught.value)),
            *map(str, traceback.TracebackException.from_exception(caught.value).format_exception_only()),
        ]
    with pytest.raises(StatementFailedError) as failed:
        users.query(f"SELECT '{PASSWORD}'::int")
    text = "\n".join([*shown, str(failed.value)])
    assert [secret for secret in (PASSWORD, QUOTED, "planted", "secret", "sesame") if secret in text] == []


def test_a_wrong_password_is_said_with_what_to_do(url: str) -> None:
    with pytest.raises(ServerUnavailableError) as caught:
        connect(url.replace(QUOTED, "wrong"))
    assert "password authentication failed" in caught.value.why
    assert "password" in caught.value.fix


def test_a_missing_database_is_said(url: str) -> None:
    with pytest.raises(ServerUnavailableError) as caught:
        connect(url.replace("/planroom_", "/nowhere_"))
    assert "does not exist" in caught.value.why


def test_a_server_that_refuses_connections_is_said() -> None:
    with pytest.raises(ServerUnavailableError) as caught:
        connect("postgresql://visitor:sesame@127.0.0.1:1/shop")
    assert caught.value.what == "The database postgresql://visitor@127.0.0.1:1/shop cannot be reached."
    assert "refused" in caught.value.why
    assert "sesame" not in str(caught.value)


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        port = silent.getsockname()[1]
        begun = time.monotonic()
        with pytest.raises(ServerUnavailableError):
            connect(f"postgresql://127.0.0.1:{port}/shop?connect_timeout=2")
        assert time.monotonic() - begun < 8


@pytest.mark.parametrize("text", ["postgresql://u:a%zz@h/x", "postgresql://u@h:port/x", "postgresql://h/x?nonsense=1"])
def test_a_url_that_cannot_be_read_is_not_repeated(text: str) -> None:
    with pytest.raises((SourceError, ServerUnavailableError)) as caught:
        connect(text)
    assert "%zz" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "recognised"),
    [
        ("postgresql://h/x", True),
        ("postgres://h/x", True),
        ("postgresql+psycopg://h/x", True),
        ("postgresql", False),
        ("shop.sql", False),
        ("duckdb:///x", False),
    ],
)
def test_its_urls_are_recognised(text: str, recognised: bool) -> None:
    assert ENGINES["postgres"].recognises(text) is recognised


def test_sqlalchemys_form_of_the_url_works(url: str) -> None:
    with connect(url.replace("postgresql://", "postgresql+psycopg://")) as engine:
        assert engine.query("SELECT 1").scalar() == 1


def test_a_lost_connection_is_said_and_made_anew(users: UsersPostgres, server: Server) -> None:
    name = str(users.query("SELECT current_database()").scalar())
    with server.databases.connect(name) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'visitor'")
    with pytest.raises(ServerUnavailableError, match="was lost"):
        users.query("SELECT 1")
    assert users.query("SELECT 1").scalar() == 1


def test_the_card_warns_of_a_superuser(server: Server, url: str) -> None:
    database = url.partition("@/")[2].partition("?")[0]
    with connect(f"postgresql://postgres@/{database}?host={server.directory}") as engine:
        assert "superuser" in str(engine)
    with connect(url) as engine:
        assert "superuser" not in str(engine)
