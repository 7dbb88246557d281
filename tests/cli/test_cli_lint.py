"""`planroom lint` and `planroom rules`, called as a person and a CI job call them."""

from __future__ import annotations

import json

import pytest

from planroom.cli import main

TABLES = "create table a (id int primary key, n int); create table b (id int primary key, a_id int references a);"
NOT_IN = "select * from a where id not in (select a_id from b);"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "schema.sql").write_text(TABLES)
    (tmp_path / "q.sql").write_text(NOT_IN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_findings_are_lines_that_grep_and_the_exit_status_says_how_bad_it_is(folder, capsys):
    assert main(["lint", "q.sql", "--model", "schema.sql"]) == 1
    assert "q.sql:1:23: ● error QRY001" in capsys.readouterr().out
    assert main(["lint", "q.sql", "--model", "schema.sql", "--fail-on", "never"]) == 0
    assert main(["lint", "q.sql", "--model", "schema.sql", "--ignore", "QRY001,QRY002"]) == 0
    assert main(["lint", "schema.sql", "--fail-on", "warning"]) == 1
    assert main(["lint", "gone.sql"]) == 2


def test_json_is_one_object_on_stdout(folder, capsys):
    assert main(["lint", "q.sql", "--model", "schema.sql", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)

    assert data["schema"] == "planroom.lint/1"
    assert [each["code"] for each in data["findings"]] == ["QRY001"]
    assert data["taken"] == [{"source": "q.sql", "as": "queries", "why": "it holds queries alone"}]


@pytest.mark.parametrize(
    ("form", "begins"), [("sarif", "{"), ("github", "::error file=q.sql"), ("markdown", "**planroom")]
)
def test_the_other_forms_come_out_alone(folder, capfd, form, begins):
    main(["lint", "q.sql", "--model", "schema.sql", "--format", form])

    assert capfd.readouterr().out.startswith(begins)


def test_a_baseline_lets_what_was_there_pass_and_nothing_new(folder, capsys):
    common = ["lint", "q.sql", "--model", "schema.sql"]

    assert main([*common, "--write-baseline", "known.json"]) == 0
    assert main([*common, "--baseline", "known.json"]) == 0
    (folder / "q.sql").write_text(f"select 1;\n{NOT_IN}\nselect * from b where a_id not in (select n from a);")
    assert main([*common, "--baseline", "known.json", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""]))
    assert [each["line"] for each in data["findings"]] == [3]
    (folder / "known.json").write_text("{}")
    assert main([*common, "--baseline", "known.json"]) == 2


def test_a_report_is_written_beside_the_answer(folder, capsys):
    assert main(["lint", "q.sql", "--model", "schema.sql", "-o", "lint.sarif"]) == 1
    assert json.loads((folder / "lint.sarif").read_text())["version"] == "2.1.0"
    assert "lint.sarif: <Report: 1 error>" in capsys.readouterr().err


def test_rows_are_given_by_table(folder, capsys):
    assert main(["lint", "q.sql", "--model", "schema.sql", "--rows", "a=400M", "--fail-on", "never"]) == 0
    assert main(["lint", "q.sql", "--model", "schema.sql", "--rows", "a"]) == 2
    assert "TABLE=N" in capsys.readouterr().err


def test_rules_are_listed_and_each_has_a_page(capsys):
    assert main(["rules"]) == 0
    assert "QRY001" in capsys.readouterr().out
    assert main(["rules", "not-in-nullable"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("QRY001 not-in-nullable")
    assert "found in:" in page
    assert main(["rules", "--format", "json"]) == 0
    assert {"code", "slug", "bad", "good", "fix"} <= json.loads(capsys.readouterr().out)["rules"][0].keys()
    assert main(["rules", "QRY999"]) == 2


def test_the_queries_of_the_application_may_be_named(folder, capsys):
    (folder / "m.sql").write_text("alter table a drop column n")

    assert main(["lint", "m.sql", "--model", "schema.sql", "--select", "MIG037"]) == 0
    (folder / "q.sql").write_text("select n from a")
    assert main(["lint", "m.sql", "--model", "schema.sql", "--queries", "q.sql", "--select", "MIG037"]) == 1
    assert "1 query fails after this: q.sql:1:1" in capsys.readouterr().out
