"""An edited text runs on a server: a migration ends where it ended before, a design and a query are taken."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.ddl import read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.findings import Effect
from planroom.linting import (
    MIGRATION_RULES,
    QUERY_RULES,
    SCHEMA_RULES,
    Target,
    lint_migrations,
    lint_queries,
    lint_schema,
)
from planroom.linting.editing import edited
from planroom.linting.migrations import MigrationRule
from planroom.linting.queries import QueryRule
from planroom.linting.schemas import SchemaRule
from planroom.linting.statement_parts import placed
from planroom.model import annotate
from planroom.sqltext import parse_postgres

pytestmark = pytest.mark.server

MIGRATIONS = [(rule, sql) for rule in MIGRATION_RULES for sql in rule.bad]
OTHERS = [
    (
        MIGRATION_RULES["key-builds-index"],
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE NULLS NOT DISTINCT (b, a) INCLUDE (id)",
    ),
    (MIGRATION_RULES["key-builds-index"], "ALTER TABLE t ADD UNIQUE (b) DEFERRABLE"),
    (MIGRATION_RULES["check-scans"], "ALTER TABLE t ADD CHECK (a > 0), ADD CHECK (length(b) > 0 OR a = 1)"),
    (MIGRATION_RULES["foreign-key-scans"], "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p ON DELETE CASCADE"),
    (MIGRATION_RULES["not-null-scans"], 'ALTER TABLE t ALTER a SET NOT NULL, ADD COLUMN "Z" int'),
    (
        MIGRATION_RULES["partition-created-in-place"],
        (
            "CREATE TABLE r (id int PRIMARY KEY);"
            "CREATE TABLE x (at date NOT NULL, n int DEFAULT 7 CHECK (n > 0), r_id int REFERENCES r, m int"
            " GENERATED ALWAYS AS (n + 1) STORED, PRIMARY KEY (at)) PARTITION BY RANGE (at); CREATE INDEX ON x (n);"
            "CREATE UNIQUE INDEX x_u ON x (at, n);\n"
            "CREATE TABLE x26 PARTITION OF x FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
        ),
    ),
]


def migration(rule: MigrationRule, sql: str) -> str:
    """Return a migration with the edits of the rule in it; as it was where there are none."""
    before, after = sql.rpartition("\n")[::2]
    model = read_postgres([("before.sql", rule.before + ";" + before)])
    found = lint_migrations(
        [("it.sql", after)], model=model, target=Target(version=rule.version), rules=[rule]
    ).findings
    fixes = [placed(each.fix.edits, {"it.sql": after}) for each in found if each.fix]
    return f"{before}\n{edited(after, [each for each in fixes if each]).text}"


def run(engine: OwnedPostgres, script: str) -> None:
    for statement in parse_postgres(script):
        engine.run(statement.text)


EDITED = [(rule, sql, new) for rule, sql in [*MIGRATIONS, *OTHERS] if (new := migration(rule, sql)).strip() != sql]


@pytest.mark.parametrize(("rule", "sql", "new"), EDITED, ids=lambda each: getattr(each, "slug", ""))
def test_an_edited_migration_ends_where_it_ended(server: Server, rule: MigrationRule, sql: str, new: str) -> None:
    with OwnedPostgres(server) as first, OwnedPostgres(server) as second:
        for engine in (first, second):
            engine.run(rule.before)
        run(first, new if rule.effect is Effect.FAILS else sql)
        run(second, new)

        assert pr.diff(first.model(), second.model()).changes == ()


def designs() -> list[tuple[SchemaRule, str]]:
    found = []
    for rule in SCHEMA_RULES:
        for sql in rule.bad:
            made = annotate(read_postgres([("it.sql", sql)]), rule.notes)
            told = lint_schema(made, facts=rule.facts, rules=[rule]).findings
            fixes = [placed(each.fix.edits, {"it.sql": sql}) for each in told if each.fix]
            if any(fixes):
                found.append((rule, edited(sql, [each for each in fixes if each]).text))
    return found


@pytest.mark.parametrize(("rule", "sql"), designs(), ids=lambda each: getattr(each, "slug", ""))
def test_an_edited_design_is_made_and_the_finding_is_gone(
    fresh_database: OwnedPostgres, rule: SchemaRule, sql: str
) -> None:
    fresh_database.run(sql)

    made = annotate(fresh_database.model(), rule.notes)
    assert lint_schema(made, facts=rule.facts, rules=[rule]).findings == ()


def queries() -> list[tuple[QueryRule, str]]:
    found = []
    for rule in QUERY_RULES:
        model = read_postgres([("before.sql", rule.before)])
        for sql in rule.bad:
            told = lint_queries([("it.sql", sql)], model=model, rows=rule.rows, rules=[rule]).findings
            fixes = [each.fix.edits for each in told if each.fix and each.fix.edits]
            if fixes:
                found.append((rule, edited(sql, fixes).text))
    return found


@pytest.mark.parametrize(("rule", "sql"), queries(), ids=lambda each: getattr(each, "slug", ""))
def test_an_edited_query_runs(fresh_database: OwnedPostgres, rule: QueryRule, sql: str) -> None:
    fresh_database.run(rule.before)
    fresh_database.run(sql)
