"""`planroom lint --fix` and `--diff`, and the edits that programs take from JSON and SARIF."""

from __future__ import annotations

import json

import pytest

from planroom.cli import main

TABLES = "create table t (id int primary key, a int);"
MIGRATION = "ALTER TABLE t\n  ADD CHECK (a > 0);\n"
MENDED = (
    "ALTER TABLE t\n  ADD CONSTRAINT t_a_check CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT t_a_check;\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "model.sql").write_text(TABLES)
    (tmp_path / "m.sql").write_text(MIGRATION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_fix_writes_the_file_says_what_it_did_and_judges_what_is_left(folder, capsys):
    assert main(["lint", "m.sql", "--model", "model.sql", "--select", "MIG008", "--fix"]) == 0
    shown = capsys.readouterr()

    assert (folder / "m.sql").read_text() == MENDED
    assert "m.sql: 1 fix (MIG008)" in shown.err
    assert "nothing found" in shown.out


def test_diff_shows_it_and_changes_nothing(folder, capsys):
    assert main(["lint", "m.sql", "--model", "model.sql", "--select", "MIG008", "--diff"]) == 1
    shown = capsys.readouterr().out.splitlines()

    assert (folder / "m.sql").read_text() == MIGRATION
    assert shown[:2] == ["--- a/m.sql", "+++ b/m.sql"]
    assert "-  ADD CHECK (a > 0);" in shown
    assert "+ALTER TABLE t VALIDATE CONSTRAINT t_a_check;" in shown


def test_one_of_the_two_at_a_time(folder, capsys):
    assert main(["lint", "m.sql", "--model", "model.sql", "--fix", "--diff"]) == 2
    assert "--diff" in capsys.readouterr().err


def test_json_and_sarif_hold_edits_that_do_the_same(folder, capsys):
    main(["lint", "m.sql", "--model", "model.sql", "--select", "MIG008", "--format", "json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["line"], each["column"], each["length"]) for each in finding["edits"]] == [(2, 7, 0), (2, 20, 0)]

    main(["lint", "m.sql", "--model", "model.sql", "--select", "MIG008", "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    ((change,),) = [fix["artifactChanges"] for fix in run["results"][0]["fixes"]]
    lines = MIGRATION.split("\n")
    for each in reversed(change["replacements"]):
        place = each["deletedRegion"]
        assert (place["startLine"], place["startColumn"]) == (place["endLine"], place["endColumn"])
        line = lines[place["startLine"] - 1]
        at = place["startColumn"] - 1
        lines[place["startLine"] - 1] = line[:at] + each["insertedContent"]["text"] + line[at:]
    assert "\n".join(lines) == MENDED
