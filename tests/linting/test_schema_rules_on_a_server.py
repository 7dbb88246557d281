"""Every example of a rule runs, and no rule is without its experiment; constraints and names, likewise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.errors import StatementFailedError
from planroom.linting import SCHEMA_RULES, SchemaRule
from planroom.sqltext import must_be_quoted
from tests.linting.asking import one, plan

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

pytestmark = pytest.mark.server


def test_each_of_two_equal_foreign_keys_is_checked(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(SCHEMA_RULES["duplicate-foreign-key"].bad[0])

    checks = (
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'c'::regclass AND tgfoid = '\"RI_FKey_check_ins\"'::regproc"
    )
    assert one(fresh_database, checks) == 2


def test_what_was_not_validated_may_be_broken_by_older_rows(fresh_database: OwnedPostgres) -> None:
    table, _, rest = SCHEMA_RULES["constraint-not-validated"].bad[0].partition(";")
    fresh_database.run(f"{table}; INSERT INTO t VALUES (1, -1); {rest}")

    assert one(fresh_database, "SELECT count(*) FROM t WHERE NOT a > 0") == 1


def test_a_foreign_key_with_one_null_is_not_checked_exactly_where_the_rule_says_so(
    fresh_database: OwnedPostgres,
) -> None:
    rule = SCHEMA_RULES["partly-null-foreign-key"]
    for ddl, expected in [(rule.bad[0], True), (rule.good[0], False), (rule.good[2], False)]:
        fresh_database.run(ddl)
        try:
            fresh_database.run("INSERT INTO c VALUES (7, NULL)")
            dangling = True
        except StatementFailedError:
            dangling = False
        fresh_database.run("DROP TABLE c, p")
        assert dangling == expected, ddl


def test_exactly_the_names_that_must_be_quoted_are_refused_bare(fresh_database: OwnedPostgres) -> None:
    words = [str(row[0]) for row in fresh_database.connection.execute(b"SELECT word FROM pg_get_keywords()").fetchall()]
    assert len(words) > 400
    for word in words:
        try:
            fresh_database.run(f"CREATE TEMP TABLE {word} ({word} int); DROP TABLE {word};")
            bare = True
        except StatementFailedError:
            bare = False
        assert bare != must_be_quoted(word), word


def test_null_in_quotes_is_a_text(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(SCHEMA_RULES["default-is-the-word-null"].bad[0] + "INSERT INTO t VALUES (1)")

    assert one(fresh_database, "SELECT count(*) FROM t WHERE a IS NULL") == 0


def test_an_index_on_a_boolean_alone_is_not_used(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(SCHEMA_RULES["index-on-boolean"].bad[0])
    fresh_database.run("INSERT INTO t SELECT n, n % 2 = 0 FROM generate_series(1, 20000) n; ANALYZE t;")

    assert "Seq Scan" in plan(fresh_database, "SELECT * FROM t WHERE done")


def test_a_key_stands_twice_in_parent_and_child_and_once_in_partitions(fresh_database: OwnedPostgres) -> None:
    rule = SCHEMA_RULES["table-inheritance"]
    fresh_database.run(rule.bad[0] + "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);")
    assert one(fresh_database, "SELECT count(*) FROM p WHERE id = 1") == 2
    fresh_database.run("DROP TABLE c, p; " + rule.good[0] + "INSERT INTO p VALUES (1);")

    with pytest.raises(StatementFailedError, match="duplicate key"):
        fresh_database.run("INSERT INTO c VALUES (1)")


def test_every_example_runs(fresh_database: OwnedPostgres) -> None:
    for rule in SCHEMA_RULES:
        for script in (*rule.bad, *rule.good):
            fresh_database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public; SET check_function_bodies = off;")
            try:
                fresh_database.run(script)
            except StatementFailedError as error:
                pytest.fail(f"{rule.slug}: {script}: {error}")


SOURCES = "".join(
    path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_schema_*_on_a_server.py")
)
BY_VALUE = {
    "integer-key-runs-out", "table-without-primary-key", "money-as-floating-point", "money-type", "json-type",
    "timestamp-without-time-zone", "char-type", "serial-column", "cascade-across-contexts", "name-needs-quotes",
}  # fmt: skip
"""Rules about what a type or action does; a test of this folder shows it without the rule's own examples."""


PROVEN = [rule for rule in SCHEMA_RULES if not rule.unproven]


@pytest.mark.parametrize("rule", PROVEN, ids=lambda rule: str(rule.slug))
def test_a_rule_has_its_experiment_or_says_why_it_has_none(rule: SchemaRule) -> None:
    assert rule.slug in BY_VALUE or f'"{rule.slug}"' in SOURCES
