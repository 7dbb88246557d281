"""A comment lets a finding pass when it names the rule and says why, and is a finding itself when it does nothing."""

from __future__ import annotations

import pytest

from planroom.findings import Finding, Location, Severity
from planroom.linting.allowances import allowances_in, let_pass
from planroom.linting.baseline import against_baseline, baseline_of
from planroom.linting.reporting import Report

RULES = ("MIG006", "index-not-concurrent", "MIG007", "type-rewrites")


def found(line: int) -> Finding:
    place = Location("m.sql", line, 1)
    return Finding(code="MIG006", slug=RULES[1], severity=Severity.ERROR, message="writers wait", location=place)


def judged(text: str, *findings: Finding) -> tuple[list[str], int]:
    standing, passed = let_pass(findings, allowances_in(text, "m.sql"), RULES)
    return [each.code for each in standing], len(passed)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("-- planroom: allow MIG006 because it is small\nCREATE INDEX a ON t (x);", 2),
        ("CREATE INDEX a ON t (x); -- planroom: allow MIG006 because it is small", 1),
        ("CREATE INDEX a -- planroom: allow index-not-concurrent because small\n ON t (x);\nselect 1;", 1),
        ("-- planroom: allow mig006 because small\n\n-- more\nCREATE INDEX a\nON t (x);", 4),
        ("select 1;\n--planroom: ALLOW MIG006 BECAUSE small\nselect 2;\n", 3),
        ("select 1;\nselect 2;\nselect 3;\n-- planroom: allow-file MIG006 because small", 2),
    ],
)
def test_a_comment_with_a_reason_lets_pass_what_its_statement_does(text, line):
    codes, passed = judged(text, found(line))

    assert passed == 1
    assert "MIG006" not in codes
    assert "LNT001" not in codes


@pytest.mark.parametrize(
    "text",
    [
        "-- planroom: allow MIG006 because small\nselect 1;\nCREATE INDEX a ON t (x);",
        "select '-- planroom: allow MIG006 because small',\n1; select 2;",
        "select $a$\n-- planroom: allow MIG006 because small\n$a$;",
        "/* -- planroom: allow MIG006 because small */\nselect 1;\nselect 2;",
    ],
)
def test_another_statements_comment_and_what_is_no_comment_let_nothing_pass(text):
    codes, passed = judged(text, found(3))

    assert passed == 0
    assert codes[0] == "MIG006"


def test_without_a_reason_nothing_passes_and_the_comment_is_a_finding():
    assert judged("-- planroom: allow MIG006\nselect 1;", found(2)) == (["MIG006", "LNT001"], 0)
    assert judged("-- planroom: alow MIG006 because x\nselect 1;", found(2)) == (["MIG006", "LNT001"], 0)


def test_an_unknown_rule_and_an_unused_comment_are_findings():
    assert judged("-- planroom: allow MIG066 because x\nselect 1;", found(2)) == (["MIG006", "LNT002"], 0)
    assert judged("-- planroom: allow MIG007 because x\nselect 1;", found(2)) == (["MIG006", "LNT003"], 0)


def test_each_rule_of_a_comment_has_to_let_something_pass():
    text = "-- planroom: allow MIG006, type-rewrites because small\nCREATE INDEX a ON t (x);"
    standing, passed = let_pass([found(2)], allowances_in(text, "m.sql"), RULES)

    assert [(each.code, each.message) for each in standing] == [("LNT003", "Nothing here is found by type-rewrites.")]
    assert standing[0].fix is not None
    assert "from the comment" in standing[0].fix.text
    assert passed[0].facts["because"] == "small"


def test_of_two_comments_that_let_the_same_pass_neither_is_unused():
    text = "-- planroom: allow-file MIG006 because a\n-- planroom: allow MIG006 because b\nCREATE INDEX a ON t (x);"

    assert judged(text, found(3)) == ([], 1)


def test_a_baseline_knows_its_findings_when_lines_move_and_no_others():
    before = Report(findings=(found(1),), lines={("m.sql", 1): "create index a"})
    lines = {("m.sql", 4): " create  INDEX a", ("m.sql", 5): "create index c"}
    moved = Report(findings=(found(4), found(5)), lines=lines)

    after = against_baseline(moved, baseline_of(before), "b.json")

    assert [each.location.line for each in after.findings] == [5]
    assert [each.location.line for each in after.known] == [4]
    assert after.stale == ()


def test_what_is_gone_is_said():
    report = Report(findings=(found(1),), lines={("m.sql", 1): "create index a"})

    assert against_baseline(Report(), baseline_of(report), "b.json").stale == ("MIG006 m.sql",)
