"""What a fix does to the text: every edit of every bad example mends it, and brings nothing worse."""

from __future__ import annotations

import pytest

from planroom.ddl import read_postgres
from planroom.findings import Edit, Finding, Location, Severity
from planroom.linting import (
    MIGRATION_RULES,
    QUERY_RULES,
    SCHEMA_RULES,
    Target,
    lint_migrations,
    lint_queries,
    lint_schema,
)
from planroom.linting.base import Judged, LintRule
from planroom.linting.editing import code_end, edited
from planroom.linting.migrations import MigrationRule
from planroom.linting.queries import QueryRule
from planroom.linting.schemas import SchemaRule
from planroom.linting.statement_parts import placed
from planroom.model import annotate

RULES: tuple[LintRule, ...] = (*SCHEMA_RULES, *MIGRATION_RULES, *QUERY_RULES)


def judged(rule: LintRule, text: str) -> Judged:
    """Judge a text by all the rules of a kind, as a rule's examples are judged."""
    before = read_postgres([("before.sql", rule.before)])
    if isinstance(rule, SchemaRule):
        made = annotate(read_postgres([("it.sql", text)]), rule.notes)
        return Judged(lint_schema(made, facts=rule.facts).findings, made.unread)
    if isinstance(rule, MigrationRule):
        return lint_migrations([("it.sql", text)], model=before, target=Target(version=rule.version))
    assert isinstance(rule, QueryRule)
    return lint_queries([("it.sql", text)], model=before, rows=rule.rows)


def own(rule: LintRule, found: Judged) -> list[Finding]:
    return [each for each in found.findings if each.code == rule.code]


def edits(finding: Finding, text: str) -> tuple[Edit, ...]:
    return placed(finding.fix.edits, {"it.sql": text}) if finding.fix else ()


MENDED = [
    pytest.param(rule, text, number, id=f"{rule.code}-{example}-{number}")
    for rule in RULES
    for example, text in enumerate(rule.bad)
    for number, finding in enumerate(own(rule, judged(rule, text)))
    if edits(finding, text)
]


def test_as_many_rules_have_edits_as_are_mechanical():
    assert len({case.values[0].code for case in MENDED}) >= 39


@pytest.mark.parametrize(("rule", "text", "number"), MENDED)
def test_an_edit_takes_the_finding_away_and_brings_nothing_worse(rule: LintRule, text: str, number: int):
    before = judged(rule, text)
    finding = own(rule, before)[number]

    result = edited(text, [edits(finding, text)])
    after = judged(rule, result.text)

    assert result.done == (0,)
    assert len(own(rule, after)) < len(own(rule, before))
    assert len(after.unread) <= len(before.unread)
    known = {each.code for each in before.findings}
    assert [each for each in after.findings if each.severity is Severity.ERROR and each.code not in known] == []


@pytest.mark.parametrize(
    "sql",
    [
        "BEGIN; CREATE INDEX ix ON t (a); COMMIT",
        "BEGIN; ALTER TABLE t ADD CHECK (a > 0); COMMIT",
        "BEGIN; ALTER TABLE t ALTER COLUMN a SET NOT NULL; COMMIT",
        "CREATE INDEX IF NOT EXISTS ix ON t (a)",
        "CREATE INDEX ix ON parted (a)",
        "ALTER TABLE parted ADD CHECK (a > 0)",
        "DROP INDEX t_a, t_b",
        "CREATE /* so */ INDEX ix ON t (a)",
    ],
)
def test_what_does_not_follow_from_the_statement_stays_words(sql: str):
    tables = "CREATE TABLE t (a int, b int); CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (b);"
    tables += "CREATE TABLE parted (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF parted DEFAULT;"
    found = lint_migrations([("it.sql", sql)], model=read_postgres([("t.sql", tables)])).findings

    assert found
    assert [each.code for each in found if each.fix and each.fix.edits and each.code != "MIG030"] == []


@pytest.mark.parametrize(
    ("query", "mended"),
    [
        ("SELECT a::text = NULL FROM t", None),
        ("SELECT NULL = a::text FROM t", None),
        ("SELECT lower(b) = null, x FROM t", "SELECT lower(b) IS NULL, x FROM t"),
        ("SELECT a < NULL FROM t", None),
        ("SELECT a = NULL -- why\n FROM t", "SELECT a IS NULL -- why\n FROM t"),
        ("SELECT a /* = */ = NULL FROM t", None),
    ],
)
def test_a_comparison_with_null_is_mended_where_its_ends_are_certain(query: str, mended: str | None):
    (found,) = lint_queries([("it.sql", query)], rules=[QUERY_RULES["comparison-with-null"]]).findings
    changes = edits(found, query)

    assert (edited(query, [changes]).text if changes else None) == mended


@pytest.mark.parametrize(
    ("sql", "mended"),
    [
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) -- why\n;",
         "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c -- why\n;"),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)/**/, ADD d int",
         "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID/**/, ADD d int;\nALTER TABLE t VALIDATE CONSTRAINT c"),
        ("ALTER TABLE /* x */ t ADD CONSTRAINT c CHECK (a > 0)", None),
    ],
)  # fmt: skip
def test_what_is_put_in_stands_before_comments(sql: str, mended: str | None):
    model = read_postgres([("t.sql", "CREATE TABLE t (a int);")])
    rules = [MIGRATION_RULES["check-scans"]]
    (found,) = lint_migrations([("it.sql", sql)], model=model, rules=rules).findings
    changes = edits(found, sql)

    assert (edited(sql, [changes]).text if changes else None) == mended


def test_a_type_that_something_goes_by_stays():
    table = "CREATE TABLE t (id int PRIMARY KEY, at timestamp);"
    for more in (
        "CREATE VIEW v AS SELECT at FROM t",
        "CREATE INDEX ON t (date_trunc('day', at))",
        "CREATE FUNCTION f() RETURNS timestamp LANGUAGE sql AS 'SELECT at FROM t'",
        "ALTER TABLE t ADD d timestamp GENERATED ALWAYS AS (at) STORED",
    ):
        model = read_postgres([("it.sql", table + more)])
        found = lint_schema(model, rules=[SCHEMA_RULES["timestamp-without-time-zone"]]).findings
        assert not any(each.fix and each.fix.edits for each in found if each.subject == "public.t.at"), more


def test_a_type_that_a_later_statement_changed_is_not_changed_where_the_column_was_made():
    text = "CREATE TABLE t (id int PRIMARY KEY, p text); ALTER TABLE t ALTER COLUMN p TYPE json USING p::json;"
    (found,) = lint_schema(read_postgres([("it.sql", text)]), rules=[SCHEMA_RULES["json-type"]]).findings

    assert found.fix
    assert found.fix.edits
    assert edits(found, text) == ()


# -- putting edits in place ----------------------------------------------------------------------------------------


def at(line: int, column: int, length: int, text: str) -> Edit:
    return Edit(Location("it.sql", line, column, length), text)


def test_fixes_that_touch_each_other_are_taken_in_turn():
    one, other, apart = [at(1, 1, 3, "x")], [at(1, 3, 2, "y")], [at(2, 1, 0, "z")]

    assert edited("abcde\nf", [one, other, apart]).done == (0, 2)
    assert edited("abcde\nf", [one, other, apart]).text == "xde\nzf"


def test_a_fix_is_whole_or_not_at_all():
    result = edited("abc", [[at(1, 1, 1, "x"), at(9, 1, 1, "y")], [at(1, 3, 1, "z")]])

    assert (result.text, result.done) == ("abz", (1,))


def test_statements_behind_one_another_follow():
    result = edited("a;", [[at(1, 2, 0, ";\nb")], [at(1, 2, 0, ";\nc")]])

    assert (result.text, result.done) == ("a;\nb;\nc;", (0, 1))


def test_lines_end_as_those_of_the_file():
    assert edited("a\r\nb", [[at(2, 1, 0, "x;\n")]]).text == "a\r\nx;\r\nb"


@pytest.mark.parametrize(
    ("text", "end"),
    [("a -- b", 1), ("a /* b */", 1), ("a '--b'", 7), ("a /* b */ c", 11), ("a -- b\n c", 9), ("", 0), ("a  ", 1)],
)
def test_the_end_of_the_code_is_before_what_is_said_of_it(text: str, end: int):
    assert code_end(text) == end
