"""A report says the same in every form: text, card, JSON, SARIF, annotations, Markdown."""

from __future__ import annotations

import json
import re

import pytest

from planroom.errors import FormatError
from planroom.findings import Effect, Finding, Fix, Location, Severity
from planroom.linting.baseline import against_baseline, baseline_of
from planroom.linting.reporting import Report, Taken

HOSTILE = 'x"><script>alert(1)</script>|`%\n::error::'


def finding(code: str = "MIG001", line: int = 3, severity: Severity = Severity.ERROR, **more: object) -> Finding:
    given = {
        "code": code, "slug": "index-blocks-writes", "severity": severity, "message": "orders waits",
        "effect": Effect.BLOCKS_WRITES, "location": Location("m.sql", line, 8, 5), "why": "Writers wait.",
        "fix": Fix("CONCURRENTLY."), "source": "https://www.postgresql.org/", "facts": {"lock": "SHARE", "rows": 4e8},
    }  # fmt: skip
    return Finding(**{**given, **more})  # type: ignore[arg-type]


REPORT = Report(
    findings=(finding(), finding("SCH001", 9, Severity.NOTE, subject="sales.orders")),
    taken=(Taken("m.sql", "migrations", "it changes orders"),),
    lines={("m.sql", 3): "CREATE INDEX ON orders (x);"},
)


def test_a_line_of_text_can_be_jumped_from_and_the_place_is_marked_below_it():
    lines = str(REPORT).splitlines()

    assert lines[0] == "m.sql:3:8: ● error MIG001 orders waits"
    assert lines[1] == "    | CREATE INDEX ON orders (x);"
    assert lines[2] == "    |        ^^^^^"
    assert lines[-1] == "1 error, 1 note"


def test_json_has_the_fields_that_programs_rely_on():
    from planroom.linting.reporting.plain import json_text

    data = json.loads(json_text(REPORT))

    assert data["schema"] == "planroom.lint/1"
    fields = {"code", "slug", "severity", "effect", "message", "file", "line", "column", "fix", "facts"}
    assert fields <= data["findings"][0].keys()
    assert data["findings"][0]["facts"] == {"lock": "SHARE", "rows": 4e8}
    assert data["findings"][0]["effect"] == "blocks-writes"


def test_sarif_names_each_rule_once_and_points_every_result_at_its_rule():
    (run,) = json.loads(REPORT.sarif)["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["MIG001", "SCH001"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 8, "endColumn": 13}


def test_an_annotation_cannot_be_broken_out_of():
    shown = Report(findings=(finding(message=HOSTILE, location=Location("a,b:c\n.sql", 1, 1)),)).github

    assert shown.count("\n") == 1
    assert shown.startswith("::error file=a%2Cb%3Ac%0A.sql,line=1,col=1,")
    assert "%0A::error::" in shown


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_what_a_user_wrote_is_text_and_nothing_else(form):
    hostile = finding(message=HOSTILE, subject=HOSTILE, location=Location(HOSTILE, 1, 2, 3))
    report = Report(findings=(hostile,), lines={(HOSTILE, 1): HOSTILE}, taken=(Taken(HOSTILE, "schema", HOSTILE),))
    shown = report.markdown if form == "markdown" else report._repr_mimebundle_()["text/html"]

    assert "<script" not in shown
    assert len(re.findall(r"^\| ●", shown, re.MULTILINE)) == (form == "markdown")


def test_markdown_fits_into_a_comment_and_says_how_many_it_leaves_out():
    many = Report(findings=tuple(finding(line=at, message="long " * 60) for at in range(2_000)))

    assert len(many.markdown) < 65_536
    assert re.search(r"… and \d+ more", many.markdown)


def test_a_long_line_is_shown_around_the_place():
    line = "x" * 5_000_000 + " HERE " + "y" * 5_000_000
    report = Report(findings=(finding(location=Location("m.sql", 3, 5_000_002, 4)),), lines={("m.sql", 3): line})

    assert "HERE" in str(report)
    assert len(str(report)) < 1_000
    assert len(report._repr_mimebundle_()["text/html"]) < 10_000


def test_a_report_is_saved_as_its_suffix_says(tmp_path):
    for suffix in ("json", "sarif", "md", "html", "txt"):
        REPORT.save(tmp_path / f"report.{suffix}")
        assert "MIG001" in (tmp_path / f"report.{suffix}").read_text()
    with pytest.raises(FormatError, match=r"\.sarif"):
        REPORT.save(tmp_path / "report.pdf")


def test_a_path_whose_bytes_are_no_text_is_written_in_every_form(tmp_path):
    place = Location("bad\udcff.sql", 1, 2, 3)
    report = Report(findings=(finding(location=place),), lines={(place.source, 1): "select"})

    for suffix in ("json", "sarif", "md", "html", "txt"):
        report.save(tmp_path / f"report.{suffix}")
    assert json.loads((tmp_path / "report.json").read_text())["findings"][0]["file"] == place.source
    assert "bad%FF.sql" in report.sarif
    assert against_baseline(report, baseline_of(report), "b.json").known == report.findings
    baseline_of(report).encode()


def test_a_place_that_goes_on_in_later_lines_ends_with_its_first():
    report = Report(findings=(finding(location=Location("m.sql", 3, 8, 90)),), lines=REPORT.lines)
    (run,) = json.loads(report.sarif)["runs"]

    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["endColumn"] == 28
    assert "col=8,endColumn=28," in report.github


def test_a_fact_that_json_has_no_form_for_is_told_in_words():
    from planroom.linting.reporting.plain import json_text

    given = {"rows": float("inf"), "tables": frozenset({"b", "a"}), "at": Location("a")}
    facts = json.loads(json_text(Report(findings=(finding(facts=given),))), parse_constant=pytest.fail)

    assert facts["findings"][0]["facts"] == {"rows": "inf", "tables": ["a", "b"], "at": "a"}


def test_of_several_alike_that_a_baseline_knows_as_many_are_told_as_are_gone():
    alike = Report(findings=(finding(), finding(), finding()), lines=REPORT.lines)
    left = Report(findings=(finding(),), lines=REPORT.lines)

    assert len(against_baseline(left, baseline_of(alike), "b.json").stale) == 2
    assert against_baseline(alike, baseline_of(alike), "b.json").stale == ()
    assert len(against_baseline(alike, baseline_of(left), "b.json").findings) == 2


def shown(report: Report) -> str:
    return report._repr_mimebundle_()["text/html"]


def test_a_card_shows_all_lines_of_a_statement_and_marks_no_blanks():
    lines = {("m.sql", 3): "ALTER TABLE a\r", ("m.sql", 4): "    ADD c int;", ("m.sql", 5): "SELECT 1;"}
    html = shown(Report(findings=(finding(location=Location("m.sql", 3, 1, 28)),), lines=lines))
    marked = re.findall(r'<span style="[^"]*underline[^"]*">([^<]*)</span>', html)

    assert marked == ["ALTER TABLE a", "ADD c int"]
    assert "SELECT" not in html
    assert "\r" not in html


def test_a_card_of_an_endless_statement_is_cut():
    lines = {("m.sql", at): f"line {at}" for at in range(1, 2_000)}
    html = shown(Report(findings=(finding(location=Location("m.sql", 1, 1, 1 << 30)),), lines=lines))

    assert "line 8<" in html
    assert "line 9<" not in html
    assert "…" in html


def test_a_card_folds_notes_beside_what_is_worse_and_rules_beyond_a_screen():
    notes = tuple(finding(f"SCH{at:03}", at, Severity.NOTE) for at in range(1, 4))
    alone, beside = shown(Report(findings=notes)), shown(Report(findings=(finding(), *notes)))
    many = shown(Report(findings=tuple(finding(f"MIG{at:03}", at) for at in range(1, 31))))

    assert "<details" not in alone
    assert "SCH003" in beside.partition("<summary")[2]
    assert ">3 notes</summary>" in beside
    assert "18 more findings of 18 rules" in many
    assert "MIG012" in many.partition("<details")[0]
    assert "MIG013" not in many.partition("<details")[0]
