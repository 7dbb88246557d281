"""Types, constraints and actions let in, refuse and delete what the rules about designs say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.errors import StatementFailedError
from planroom.linting import SCHEMA_RULES
from tests.linting.asking import one

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

pytestmark = pytest.mark.server


def test_a_null_lets_the_same_values_in_twice_exactly_where_the_rule_says_so(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["nullable-column-in-unique-constraint"]
    scripts = [(ddl, True) for ddl in rule.bad] + [(ddl, False) for ddl in rule.good if "market text," in ddl]
    for ddl, expected in scripts:
        fresh_database.run(ddl)
        column = "email" if "email" in ddl else "code"
        fresh_database.run(f"INSERT INTO t (id, {column}) VALUES (1, 'x')")
        if "WHERE market IS NOT NULL" in ddl:  # what it leaves open, it says
            fresh_database.run("DROP TABLE t")
            continue
        try:
            fresh_database.run(f"INSERT INTO t (id, {column}) VALUES (2, 'x')")
            twice = True
        except StatementFailedError:
            twice = False
        fresh_database.run("DROP TABLE t")
        assert twice == expected, ddl


def test_no_row_gets_into_a_circle_of_required_foreign_keys_by_a_statement_of_its_own(
    fresh_database: OwnedPostgres,
) -> None:
    ddl = SCHEMA_RULES["required-foreign-key-cycle"].bad[0]
    fresh_database.run(ddl)

    with pytest.raises(StatementFailedError, match="foreign key"):
        fresh_database.run("INSERT INTO a VALUES (1, 1)")
    with pytest.raises(StatementFailedError, match="foreign key"):
        fresh_database.run("INSERT INTO b VALUES (1, 1)")
    fresh_database.run("WITH first AS (INSERT INTO a VALUES (1, 1)) INSERT INTO b VALUES (1, 1)")


@pytest.mark.parametrize("ddl", SCHEMA_RULES["required-foreign-key-cycle"].good)
def test_a_circle_that_is_left_alone_can_be_entered(fresh_database: OwnedPostgres, ddl: str) -> None:
    fresh_database.run(ddl)
    fresh_database.run(
        "BEGIN; SET CONSTRAINTS ALL DEFERRED;"
        + ("INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1);" if "b_id int NOT NULL" in ddl else
           "INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1);" if "b_id" in ddl else
           "INSERT INTO a VALUES (1, 1);")
        + "COMMIT;"
    )  # fmt: skip


def test_an_integer_key_ends_where_the_rule_says(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")
    fresh_database.run("ALTER TABLE t ALTER id RESTART WITH 2147483647; INSERT INTO t DEFAULT VALUES")

    with pytest.raises(StatementFailedError, match="reached maximum value"):
        fresh_database.run("INSERT INTO t DEFAULT VALUES")


def test_rows_without_a_key_cannot_be_replicated_as_deleted(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE PUBLICATION all_of_it FOR TABLE t")

    with pytest.raises(StatementFailedError, match="replica identity"):
        fresh_database.run("DELETE FROM t")


def test_floats_do_not_add_up(fresh_database: OwnedPostgres) -> None:
    assert one(fresh_database, "SELECT 0.1::float8 + 0.2::float8 = 0.3::float8") is False
    assert one(fresh_database, "SELECT 0.1::numeric + 0.2::numeric = 0.3::numeric") is True


def test_money_means_what_a_setting_says(fresh_database: OwnedPostgres) -> None:
    scale = "SELECT ('1'::money / 1::float8)::text"
    fresh_database.run("SET lc_monetary = 'C'")

    assert "1.00" in one(fresh_database, scale)
    assert "lc_monetary" in one(fresh_database, "SELECT name FROM pg_settings WHERE name = 'lc_monetary'")


def test_a_timestamp_is_another_moment_for_another_reader(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("SET TimeZone = 'UTC'; CREATE TABLE t (plain timestamp, zoned timestamptz);")
    fresh_database.run("INSERT INTO t VALUES ('2026-03-01 12:00', '2026-03-01 12:00')")
    moment = "SELECT extract(epoch FROM {}::timestamptz)::bigint FROM t"
    before = one(fresh_database, moment.format("plain")), one(fresh_database, moment.format("zoned"))
    fresh_database.run("SET TimeZone = 'Asia/Tokyo'")
    after = one(fresh_database, moment.format("plain")), one(fresh_database, moment.format("zoned"))

    assert after[0] == before[0] - 9 * 3600
    assert after[1] == before[1]


def test_char_is_filled_with_blanks_that_like_sees_and_equality_does_not(fresh_database: OwnedPostgres) -> None:
    assert one(fresh_database, "SELECT 'a'::char(3) = 'a'") is True
    assert one(fresh_database, "SELECT 'a'::char(3) LIKE 'a'") is False


def test_json_has_neither_equality_nor_an_index(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE t (j json)")

    with pytest.raises(StatementFailedError, match="equality operator"):
        fresh_database.run("SELECT DISTINCT j FROM t")
    with pytest.raises(StatementFailedError, match="no default operator class"):
        fresh_database.run("CREATE INDEX ON t (j)")


def test_a_serial_column_needs_a_privilege_on_its_sequence_and_an_identity_column_none(
    fresh_database: OwnedPostgres,
) -> None:
    fresh_database.run(
        "CREATE ROLE linting_writer; CREATE TABLE s (id serial, a int); CREATE TABLE i (id int GENERATED ALWAYS AS"
        " IDENTITY, a int); GRANT INSERT ON s, i TO linting_writer; SET ROLE linting_writer"
    )
    try:
        fresh_database.run("INSERT INTO i (a) VALUES (1)")
        with pytest.raises(StatementFailedError, match="permission denied for sequence"):
            fresh_database.run("INSERT INTO s (a) VALUES (1)")
    finally:
        fresh_database.run("RESET ROLE; DROP OWNED BY linting_writer; DROP ROLE linting_writer")


def test_a_misspelt_value_is_stored_where_no_check_stands(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["enumeration-without-check"]
    fresh_database.run(rule.bad[0])
    fresh_database.run("INSERT INTO t VALUES (1, 'recieved'); DROP TABLE t;")
    fresh_database.run(rule.good[0])

    with pytest.raises(StatementFailedError, match="check constraint"):
        fresh_database.run("INSERT INTO t VALUES (1, 'recieved')")


def test_a_cascade_deletes_rows_of_a_table_that_one_may_not_touch(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE r (id int PRIMARY KEY REFERENCES o ON DELETE CASCADE);"
        "INSERT INTO o VALUES (1); INSERT INTO r VALUES (1); CREATE ROLE linting_clerk;"
        "GRANT SELECT, DELETE ON o TO linting_clerk; SET ROLE linting_clerk;"
    )
    try:
        fresh_database.run("DELETE FROM o")
    finally:
        fresh_database.run("RESET ROLE; DROP OWNED BY linting_clerk; DROP ROLE linting_clerk")

    assert one(fresh_database, "SELECT count(*) FROM r") == 0


@pytest.mark.parametrize("ddl", SCHEMA_RULES["set-null-on-required-column"].bad)
def test_a_row_that_is_referred_to_by_a_required_column_cannot_be_deleted(
    fresh_database: OwnedPostgres, ddl: str
) -> None:
    fresh_database.run(ddl)
    values = "(1, 1)" if "t int" in ddl else "(1)"
    fresh_database.run(f"INSERT INTO p VALUES {values}; INSERT INTO c VALUES {values};")

    with pytest.raises(StatementFailedError, match="null value in column"):
        fresh_database.run("DELETE FROM p")


@pytest.mark.parametrize("ddl", SCHEMA_RULES["set-null-on-required-column"].good)
def test_a_row_that_is_left_alone_can_be_deleted(fresh_database: OwnedPostgres, ddl: str) -> None:
    fresh_database.run(ddl)
    values = "(1, 1)" if "t int" in ddl else "(1)"
    fresh_database.run(f"INSERT INTO p VALUES {values}; INSERT INTO c VALUES {values};")
    fresh_database.run(("INSERT INTO p VALUES (0);" if "DEFAULT 0" in ddl else "") + "DELETE FROM p WHERE id = 1")


def test_the_sequence_of_a_widened_serial_column_ends_where_the_old_type_did(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["sequence-narrower-than-column"]
    fresh_database.run(rule.bad[0])
    fresh_database.run("SELECT setval('t_id_seq', 2147483647)")

    with pytest.raises(StatementFailedError, match="reached maximum value"):
        fresh_database.run("INSERT INTO t DEFAULT VALUES")
    for ddl in rule.good:
        if "serial" not in ddl or "bigint" in ddl:
            fresh_database.run("DROP TABLE t")
            fresh_database.run(ddl)
            fresh_database.run("SELECT setval(pg_get_serial_sequence('t', 'id'), 2147483647)")
            fresh_database.run("INSERT INTO t DEFAULT VALUES")
