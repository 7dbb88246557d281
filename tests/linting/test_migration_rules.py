"""Every rule about migrations: its examples are its tests."""

from __future__ import annotations

import re

import pytest

from planroom.ddl import read_postgres
from planroom.findings import Effect, Finding, Severity
from planroom.linting import MIGRATION_RULES, MigrationRule, Target, lint_migrations
from planroom.linting.compatibility import Application
from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork
from planroom.model import Model
from planroom.sqltext import parse_postgres

RULES = list(MIGRATION_RULES)
BAD = [(rule, sql) for rule in RULES for sql in rule.bad]
GOOD = [(rule, sql) for rule in RULES for sql in rule.good]


def named(case: object) -> str:
    return case.slug if isinstance(case, MigrationRule) else ""


def model_of(ddl: str) -> Model:
    return read_postgres([("before.sql", ddl)])


def findings(rule: MigrationRule, sql: str, target: Target | None = None) -> list[Finding]:
    target = target or Target(version=rule.version)
    application = Application([("app.sql", ";".join(rule.queries))]) if rule.queries else None
    before = model_of(rule.before)
    return list(lint_migrations([("m.sql", sql)], model=before, target=target, application=application).findings)


def test_codes_are_unique_and_every_rule_has_its_statements() -> None:
    codes = [rule.code for rule in RULES]

    assert len(codes) == len(set(codes)) >= 33
    for rule in RULES:
        assert re.fullmatch(r"MIG\d{3}", rule.code)
        assert rule.before
        assert rule.statements


@pytest.mark.parametrize(("rule", "sql"), BAD, ids=named)
def test_a_bad_example_gives_exactly_this_rules_finding(rule: MigrationRule, sql: str) -> None:
    found = findings(rule, sql)
    own = [each for each in found if each.code == rule.code]

    assert len(own) == 1
    assert own[0].severity == rule.severity
    as_loud = [each.code for each in found if each.severity >= rule.severity]
    assert rule.severity == Severity.NOTE or as_loud == [rule.code]


@pytest.mark.parametrize(("rule", "sql"), BAD, ids=named)
def test_a_finding_is_inside_its_statement(rule: MigrationRule, sql: str) -> None:
    statements = {(each.location.line, each.location.column): each for each in parse_postgres(sql, "m.sql")}

    for found in findings(rule, sql):
        statement = statements[found.location.line, found.location.column]
        assert found.location.source == "m.sql"
        assert 0 < found.location.length <= len(statement.text)


@pytest.mark.parametrize(("rule", "sql"), GOOD, ids=named)
def test_a_good_example_gives_none_of_it(rule: MigrationRule, sql: str) -> None:
    assert [each for each in findings(rule, sql) if each.code == rule.code] == []


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_examples_can_be_folded_into_the_catalog(rule: MigrationRule) -> None:
    for sql in (*rule.bad, *rule.good):
        judged = lint_migrations([("m.sql", sql)], model=model_of(rule.before))
        assert [each.reason for each in judged.unread if each.kind == "broken"] == []


def test_every_cause_of_blocking_work_has_one_rule() -> None:
    told = [cause for rule in RULES if isinstance(rule, BlockingWork) for cause in rule.causes]

    assert len(told) == len(set(told))
    assert set(Cause) - set(told) == {Cause.VALIDATE, Cause.ROWS}  # they block under a held lock alone


@pytest.mark.parametrize("rule", [rule for rule in RULES if isinstance(rule, BlockingWork)], ids=named)
def test_small_tables_make_a_note_of_it_and_large_ones_an_error(rule: BlockingWork) -> None:
    tables = [f"public.{table.name}" for table in model_of(rule.before).tables]
    tables += [view.id for view in model_of(rule.before).views]
    small = findings(rule, rule.bad[0], Target(rows=dict.fromkeys(tables, 100.0)))
    large = findings(rule, rule.bad[0], Target(rows=dict.fromkeys(tables, 1000000.0)))

    assert {each.severity for each in small if each.code == rule.code} == {Severity.NOTE}
    assert {each.severity for each in large if each.code == rule.code} == {Severity.ERROR}


def lint(*scripts: str, before: str = "", **target: object) -> list[Finding]:
    named_scripts = [(f"{number}.sql", text) for number, text in enumerate(scripts)]
    model = model_of(before) if before else None
    return list(lint_migrations(named_scripts, model=model, target=Target(**target)).findings)  # type: ignore[arg-type]


def codes(found: list[Finding]) -> set[str]:
    return {each.code for each in found}


def test_a_runner_that_wraps_the_file_makes_concurrently_fail() -> None:
    sql, before = "CREATE INDEX CONCURRENTLY ix ON t (a)", "CREATE TABLE t (a int)"

    assert "MIG020" in codes(lint(sql, before=before, one_transaction=True))
    assert "MIG020" not in codes(lint(sql, before=before))
    assert "MIG020" not in codes(lint("COMMIT; " + sql, before=before, one_transaction=True))


def test_a_table_is_new_in_its_own_file_alone() -> None:
    create, index = "CREATE TABLE t (a int);", "CREATE INDEX ix ON t (a);"

    assert "MIG006" not in codes(lint(create + index))
    assert "MIG006" in codes(lint(create, index))


def test_a_table_is_empty_from_its_truncation_until_rows_come() -> None:
    before, truncate, index = "CREATE TABLE t (a int)", "TRUNCATE t;", "CREATE INDEX ix ON t (a);"

    assert "MIG006" not in codes(lint(truncate + index, before=before))
    assert "MIG006" in codes(lint(truncate, index, before=before))
    assert "MIG006" in codes(lint(truncate + "INSERT INTO t SELECT 1;" + index, before=before))
    assert "MIG006" not in codes(lint(f"DO $$ BEGIN {truncate} END $$;" + index, before=before))


def test_rows_that_were_deleted_break_nothing_and_are_read_all_the_same() -> None:
    before, delete, required = "CREATE TABLE t (a int)", "DELETE FROM t;", "ALTER TABLE t ADD COLUMN c int NOT NULL;"

    assert "MIG022" not in codes(lint(delete + required, before=before))
    assert "MIG022" in codes(lint("DELETE FROM t WHERE a > 0;" + required, before=before))
    assert "MIG022" in codes(lint(delete + "INSERT INTO t VALUES (1);" + required, before=before))
    assert "MIG006" in codes(lint(delete + "CREATE INDEX ix ON t (a);", before=before))


def test_a_renamed_table_is_as_old_as_it_was() -> None:
    index = "CREATE INDEX ix ON n (a);"

    assert "MIG006" in codes(lint("ALTER TABLE t RENAME TO n;" + index, before="CREATE TABLE t (a int)"))
    assert "MIG006" not in codes(lint("CREATE TABLE t (a int); ALTER TABLE t RENAME TO n;" + index))


def test_a_table_that_nobody_described_is_taken_as_there_and_large() -> None:
    found = lint("ALTER TABLE unknown ADD COLUMN c serial; CREATE INDEX ON app.other (a)")

    assert {"MIG002", "MIG006"} <= codes(found)


def test_a_key_on_columns_that_may_be_null_is_no_constraint_to_validate_later() -> None:
    found = lint("ALTER TABLE t ADD PRIMARY KEY (a, b)", before="CREATE TABLE t (a uuid, b uuid NOT NULL)")

    assert {"MIG007", "MIG010"} <= codes(found)
    assert [each.fix.edits for each in found if each.code == "MIG007" and each.fix] == [()]


def test_one_broken_statement_costs_that_statement_alone() -> None:
    judged = lint_migrations([("m.sql", "CREATE TABLE ; CREATE INDEX ix ON t (a);")])

    assert [each.code for each in judged.findings if each.severity == Severity.ERROR] == ["MIG006"]
    assert len(judged.unread) >= 1


def test_no_lock_timeout_is_said_once_a_file() -> None:
    file = "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD COLUMN b int;"

    assert [each.code for each in lint(file, file, before="CREATE TABLE t ()")].count("MIG030") == 2
    assert codes(lint("SELECT set_config('lock_timeout', '5s', false);" + file, before="CREATE TABLE t ()")) == set()
    assert "MIG030" in codes(lint("BEGIN; SET LOCAL lock_timeout = '1s'; COMMIT;" + file, before="CREATE TABLE t ()"))


def test_names_that_are_hostile_stay_text() -> None:
    name = '"x""><script>"'
    found = lint(f"CREATE INDEX ix ON {name} (a)", before=f"CREATE TABLE {name} (a int)")

    (error,) = [each for each in found if each.severity == Severity.ERROR]
    assert error.facts["relations"] == ['public."x""><script>"']
    assert error.effect is Effect.BLOCKS_WRITES


def test_the_cost_of_a_statement_does_not_grow_with_the_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    from planroom.linting import migrations

    seen: list[int] = []
    plain = migrations._follow_names

    def counted(created: set[tuple[str, str]], catalog: object, statement: object) -> None:
        plain(created, catalog, statement)  # type: ignore[arg-type]
        seen.append(len(catalog.appeared))  # type: ignore[attr-defined]

    monkeypatch.setattr(migrations, "_follow_names", counted)
    lint("".join(f"CREATE TABLE t{number} (id int PRIMARY KEY);" for number in range(300)))

    assert seen == [2] * 300  # the table and its key, not all that are there
