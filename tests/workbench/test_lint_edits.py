"""Edits put into files: whole or not at all, and never into what is no file as it was judged."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.errors import SourceError
from planroom.workbench.mending import mended

TABLES = "create table p (id int primary key); create table t (id int primary key, a int, p_id int);"
MIGRATION = (
    "-- what comes first\r\nALTER TABLE t\r\n  ADD CHECK (a > 0), -- é\r\n  ADD FOREIGN KEY (p_id) REFERENCES p;\r\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "model.sql").write_text(TABLES)
    (tmp_path / "m.sql").write_bytes(MIGRATION.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_diff_is_what_is_written(folder):
    found = mended(pr.lint("m.sql", model="model.sql"))
    assert "+  ADD CONSTRAINT t_a_check CHECK (a > 0) NOT VALID, -- é\r\n" in found.diff
    assert (folder / "m.sql").read_bytes() == MIGRATION.encode()

    found.write()

    written = (folder / "m.sql").read_bytes().decode()
    assert written == found.texts["m.sql"][1]
    assert written.count("\n") == written.count("\r\n")
    assert str(found).splitlines() == [
        "m.sql: 2 fixes (MIG008, MIG030)",
        "1 fix left out: another fix changes the same place; run it again",
    ]


def test_run_again_until_nothing_is_left_nothing_is_left(folder):
    for _ in range(3):
        mended(pr.lint("m.sql", model="model.sql")).write()

    assert pr.lint("m.sql", model="model.sql").findings == ()
    assert str(mended(pr.lint("m.sql", model="model.sql"))) == "nothing to fix"


def test_what_is_no_file_is_said_and_left(folder):
    found = mended(pr.lint("CREATE INDEX ix ON t (a)", model="model.sql"))

    assert found.texts == {}
    assert str(found) == "1 fix left out: it is no file that can be written back"


def test_a_file_that_changed_meanwhile_stays_as_it_is(folder):
    report = pr.lint("m.sql", model="model.sql")
    (folder / "m.sql").write_text("SELECT 1;")
    found = mended(report)
    found.write()

    assert (folder / "m.sql").read_text() == "SELECT 1;"


def test_the_way_down_of_a_migration_is_kept(folder):
    text = "-- migrate:up\nCREATE INDEX ix ON t (a);\n-- migrate:down\nDROP INDEX ix;\n"
    (folder / "m.sql").write_text(text)
    mended(pr.lint("m.sql", model="model.sql")).write()

    assert (folder / "m.sql").read_text() == text.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY")


def test_a_design_in_several_files_is_edited_in_all_of_them(folder):
    for number in range(4):
        (folder / f"s{number}.sql").write_text(f"create table j{number} (id int primary key, payload json);")
    report = pr.lint([str(folder / f"s{number}.sql") for number in range(4)], select=["SCH014"])
    (folder / "model.sql").unlink()
    (folder / "m.sql").unlink()
    report = pr.lint(folder, select=["SCH014"])
    found = mended(report)
    found.write()

    assert len(report.findings) == 1
    assert len(found.texts) == 4
    assert all("payload jsonb" in (folder / f"s{number}.sql").read_text() for number in range(4))


def test_of_files_that_cannot_all_be_written_none_is(folder, monkeypatch):
    (folder / "n.sql").write_text("CREATE INDEX ix ON t (a);\n")
    found = mended(pr.lint(["m.sql", "n.sql"], model="model.sql"))
    import tempfile

    plain = tempfile.mkstemp
    monkeypatch.setattr(tempfile, "mkstemp", lambda **more: plain(**more) if ".m." in more["prefix"] else _full())
    with pytest.raises(SourceError, match=r"n\.sql"):
        found.write()

    assert (folder / "m.sql").read_bytes() == MIGRATION.encode()


def _full():
    raise OSError(28, "No space left on device")


def test_findings_that_a_comment_lets_pass_are_not_fixed(folder):
    text = "CREATE INDEX ix ON t (a); -- planroom: allow MIG006 because it is night\n"
    (folder / "m.sql").write_text(text)

    assert mended(pr.lint("m.sql", model="model.sql", ignore=["MIG030"])).texts == {}
