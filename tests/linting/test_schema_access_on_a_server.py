"""Roles see and write the rows that the rules about designs say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.errors import StatementFailedError
from planroom.linting import SCHEMA_RULES
from tests.linting.asking import finds, one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres

pytestmark = pytest.mark.server


@pytest.fixture
def reader(fresh_database: OwnedPostgres) -> Iterator[OwnedPostgres]:
    """A database with a role that may do everything with what is in ``public``, and owns nothing."""
    fresh_database.run(
        "CREATE ROLE linting_reader; GRANT USAGE ON SCHEMA public TO linting_reader;"
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO linting_reader;"
    )
    yield fresh_database
    fresh_database.run("RESET ROLE; DROP OWNED BY linting_reader; DROP ROLE linting_reader;")


def seen(database: OwnedPostgres, relation: str = "t") -> int:
    database.run("SET ROLE linting_reader")
    try:
        return int(one(database, f"SELECT count(*) FROM {relation}"))
    finally:
        database.run("RESET ROLE")


@pytest.mark.parametrize(
    ("slug", "bad", "good"), [("policy-without-row-security", 1, 0), ("row-security-without-policy", 0, 1)]
)
def test_policies_and_row_security_need_each_other(reader: OwnedPostgres, slug: str, bad: int, good: int) -> None:
    rule = SCHEMA_RULES[slug]
    for scripts, expected in ((rule.bad, bad), (rule.good, good)):
        for ddl in scripts:
            reader.run(ddl)
            reader.run("INSERT INTO t (id) VALUES (1)")
            assert seen(reader) == expected, ddl
            reader.run("DROP TABLE t")


def test_a_policy_that_is_always_true_lets_everybody_write(reader: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["policy-always-true"]
    for ddl, expected in [*((each, True) for each in rule.bad), *((each, False) for each in rule.good)]:
        reader.run(ddl)
        reader.run("SET ROLE linting_reader")
        try:
            reader.run("INSERT INTO t VALUES (-1)")
            written = True
        except StatementFailedError:
            written = False
        reader.run("RESET ROLE; DROP TABLE t;")
        assert written == expected, ddl


def test_rows_that_a_policy_hides_in_one_table_are_seen_in_another_that_has_none(reader: OwnedPostgres) -> None:
    reader.run(SCHEMA_RULES["tenant-table-without-row-security"].bad[0])
    reader.run("INSERT INTO a VALUES (1, 2); INSERT INTO c VALUES (1, 2)")

    assert (seen(reader, "a"), seen(reader, "c")) == (0, 1)


def test_a_view_shows_what_the_policies_hide_unless_it_asks_as_its_reader(reader: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["view-bypasses-row-security"]
    for ddl, expected in [*((each, 1) for each in rule.bad), (rule.good[0], 0)]:
        table, _, rest = ddl.partition(";")
        reader.run(f"{table}; INSERT INTO t VALUES (2); {rest}")
        assert seen(reader) == 0
        assert seen(reader, "v") == expected, ddl
        reader.run("DROP TABLE t CASCADE")


@pytest.mark.parametrize(
    ("setting", "hijacked"),
    [("", True), ("SET search_path = public", True), ("SET search_path = public, pg_temp", False)],
)
def test_a_caller_puts_a_table_of_its_own_before_that_of_a_security_definer(
    reader: OwnedPostgres, setting: str, hijacked: bool
) -> None:
    ddl = (
        "CREATE TABLE secret (v text); INSERT INTO secret VALUES ('true one');"
        f"CREATE FUNCTION f() RETURNS text LANGUAGE sql SECURITY DEFINER {setting} AS 'SELECT v FROM secret';"
    )
    reader.run(ddl)
    reader.run("SET ROLE linting_reader; CREATE TEMP TABLE secret (v text); INSERT INTO secret VALUES ('forged');")
    found = one(reader, "SELECT f()")
    reader.run("DROP TABLE pg_temp.secret")

    assert (found == "forged") == hijacked
    assert finds("security-definer-without-search-path", ddl) == hijacked


def test_a_policy_asks_the_session_for_each_row_or_once_in_a_sub_select(reader: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["policy-calls-function-for-each-row"]
    reader.run("CREATE SEQUENCE asked; GRANT ALL ON SEQUENCE asked TO linting_reader;")
    for ddl, each_row in ((rule.bad[0], True), (rule.good[0], False)):
        counting = ddl.replace("BEGIN RETURN 1; END", "BEGIN PERFORM nextval(''asked''); RETURN 1; END")
        reader.run("DROP TABLE IF EXISTS t; DROP FUNCTION IF EXISTS me();" + counting)
        reader.run("INSERT INTO t SELECT n, 1 FROM generate_series(1, 100) n; ALTER SEQUENCE asked RESTART;")
        assert seen(reader) == 100
        asked = one(reader, "SELECT nextval('asked')") - 1
        assert asked in ((100, 101) if each_row else (1, 2)), "the planner may ask once more, to estimate"
