"""What was there before a change is set apart, wherever one stands and whatever part of a project is judged."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import planroom as pr
from planroom.workbench.lint_history import changed_since, with_baseline, write_baseline_file

TABLES = "create table a (id int primary key, n int);"
NOT_IN = "select * from a where id not in (select n from a);"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two files with a finding each, and a baseline that knows both."""
    (tmp_path / "q").mkdir()
    for name in ("one.sql", "two.sql"):
        (tmp_path / "q" / name).write_text(NOT_IN)
    monkeypatch.chdir(tmp_path)
    write_baseline_file(pr.lint("q", model=TABLES), "known.json")
    return tmp_path


def found(report: object) -> list[tuple[str, int]]:
    return [(Path(each.location.source).name, each.location.line) for each in report.findings]  # type: ignore[attr-defined]


def test_a_baseline_knows_its_findings_from_every_folder_and_by_every_kind_of_path(project, monkeypatch):
    assert found(with_baseline(pr.lint(project / "q", model=TABLES), "known.json")) == []
    monkeypatch.chdir(project / "q")

    assert found(with_baseline(pr.lint("one.sql", model=TABLES), "../known.json")) == []
    assert [each["file"] for each in json.loads(Path("../known.json").read_text())["findings"]] == [
        "q/one.sql", "q/two.sql",
    ]  # fmt: skip


def test_only_what_was_judged_or_is_no_longer_there_is_called_gone(project):
    (project / "q" / "one.sql").write_text("select 1;")

    assert with_baseline(pr.lint("q/two.sql", model=TABLES), "known.json").stale == ()
    assert with_baseline(pr.lint("q", model=TABLES), "known.json").stale == ("QRY001 q/one.sql public.a.n",)
    assert with_baseline(pr.lint("q", model=TABLES, ignore=["QRY001"]), "known.json", whole=False).stale == ()
    (project / "q" / "one.sql").unlink()
    assert with_baseline(pr.lint("q/two.sql", model=TABLES), "known.json").stale == ("QRY001 q/one.sql public.a.n",)


def test_a_statement_is_known_by_all_its_lines(project):
    path, base = project / "m.sql", "create table a (id int primary key, n int, m int);"
    path.write_text("ALTER TABLE a\n  ALTER COLUMN n\n  TYPE bigint;")
    write_baseline_file(pr.lint(path, model=base), "m.json")

    path.write_text("\n\nalter table a\n  alter column n\n  type   bigint;")
    assert found(with_baseline(pr.lint(path, model=base), "m.json")) == []
    path.write_text("ALTER TABLE a\n  ALTER COLUMN n\n  TYPE numeric;")
    assert ("m.sql", 1) in found(with_baseline(pr.lint(path, model=base), "m.json"))


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_change_in_a_later_line_of_a_statement_is_a_change_of_the_statement(project):
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True)

    step = "ALTER TABLE a\n" + "  \n" * 20 + "  ALTER COLUMN n TYPE {};\nALTER TABLE a ALTER COLUMN n TYPE numeric;\n"
    (project / "m.sql").write_text(step.format("bigint"))
    (project / "n.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": f"%%sql\n{NOT_IN}"}]}))
    for words in (("init",), ("add", "."), ("commit", "-m", "one")):
        git(*words)
    judged = ["m.sql", "n.ipynb"]

    assert found(changed_since(pr.lint(judged, model=TABLES, select=["MIG005", "QRY"]), "HEAD")) == []
    (project / "m.sql").write_text(step.format("text"))
    assert found(changed_since(pr.lint(judged, model=TABLES, select=["MIG005", "QRY"]), "HEAD")) == [("m.sql", 1)]
    (project / "n.ipynb").write_text((project / "n.ipynb").read_text() + "\n")
    changed = found(changed_since(pr.lint(judged, model=TABLES, select=["MIG005", "QRY"]), "HEAD"))
    assert changed == [("m.sql", 1), ("n.ipynb#1", 2)]
