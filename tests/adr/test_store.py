"""The log in its folder: new decisions, changes in both records, and numbers that two branches gave twice."""

from __future__ import annotations

import pytest

import planroom.adr as adr
from planroom.adr.rules import Surroundings, lint_log
from planroom.errors import PlanroomError, SourceError, UnknownNameError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "adr"


def findings(folder):
    return [each.code for each in lint_log(Surroundings(adr.read_log(folder))) if each.severity > 1]


def test_a_decision_is_made_accepted_and_superseded(folder):
    first = adr.new("Keep orders by month", options=["by month", "by day"], decision="it is simple", date="2026-01-02")
    assert first.source == "adr/0001-keep-orders-by-month.md"
    assert adr.accept("1").status == "accepted"
    second = adr.new(
        "Keep orders by day", options=["by day"], decision="it grew", supersedes="1", consequences="* Good."
    )

    old, new = adr.read_log().records
    assert (old.status, new.status) == ("superseded", "proposed")
    assert second == new
    assert [(each.kind, each.number) for each in old.links] == [("superseded by", 2)]
    assert [(each.kind, each.number) for each in new.links] == [("supersedes", 1)]
    assert "ADR003" not in findings(folder)
    with pytest.raises(PlanroomError, match="is itself superseded"):
        adr.supersede("2", "1")


def test_a_log_of_adr_tools_is_continued_in_its_own_style(folder):
    folder.mkdir()
    (folder / "0001-record.md").write_text(
        "# 1. Record\n\nDate: 2026-01-01\n\n## Status\n\nAccepted\n\n## Context\n\nx\n"
    )
    made = adr.new("Use one database", date="2026-01-02")
    adr.supersede("1", "2")

    assert made.style == "nygard"
    assert "Superseded by [0002-use-one-database](0002-use-one-database.md)" in (folder / "0001-record.md").read_text()
    assert "Supersedes [1. Record](0001-record.md)" in (folder / made.source.split("/")[-1]).read_text()
    assert findings(folder).count("ADR003") == 0


def test_links_stand_in_both_records(folder):
    for title in ("One", "Two"):
        adr.new(title, date="2026-01-02")
    adr.link("1", "amends", "2")
    adr.link("1", "amends", "2")

    one, two = adr.read_log().records
    assert [(each.kind, each.number) for each in one.links] == [("amends", 2)]
    assert [(each.kind, each.number) for each in two.links] == [("amended by", 1)]
    with pytest.raises(UnknownNameError, match="kind of link"):
        adr.link("1", "loves", "2")
    with pytest.raises(PlanroomError, match="itself"):
        adr.link("1", "amends", "1")


def test_a_number_that_two_branches_gave_is_given_anew_with_its_links(folder):
    for title in ("One", "Two", "Three"):
        adr.new(title, date="2026-01-02")
    adr.link("3", "relates to", "1")
    (folder / "0002-other.md").write_text("---\nstatus: accepted\nrelates-to: [ADR-0001]\n---\n\n# Other\n")
    (folder / "0001-one.md").write_text(
        (folder / "0001-one.md").read_text() + "\nSee [other](0002-other.md) and [two](0002-two.md).\n"
    )
    assert "ADR001" in findings(folder)

    moved = adr.renumber("0002-other")

    assert moved.source == "adr/0004-other.md"
    assert not (folder / "0002-other.md").exists()
    assert "See [other](0004-other.md) and [two](0002-two.md)." in (folder / "0001-one.md").read_text()
    assert "ADR001" not in findings(folder)


def test_renumbering_moves_ids_where_one_record_has_the_number(folder):
    for title in ("One", "Two"):
        adr.new(title, date="2026-01-02")
    adr.link("1", "amends", "2")
    adr.renumber("2", 7)

    one, seven = adr.read_log().records
    assert (one.links[0].number, seven.number) == (7, 7)
    with pytest.raises(PlanroomError, match="is taken"):
        adr.renumber("7", 1)


def test_what_cannot_be_done_changes_nothing(folder):
    with pytest.raises(SourceError, match="no folder"):
        adr.read_log()
    with pytest.raises(PlanroomError, match="needs a title"):
        adr.new("  ")
    adr.new("One", date="2026-01-02")
    before = (folder / "0001-one.md").read_bytes()
    for attempt in (lambda: adr.accept("9"), lambda: adr.new("Two", supersedes="nothing")):
        with pytest.raises(UnknownNameError, match="decision"):
            attempt()
    assert [each.name for each in folder.iterdir()] == ["0001-one.md"]
    assert (folder / "0001-one.md").read_bytes() == before
    (folder / "0002-bad.md").write_bytes(b"\xff\xfe")
    with pytest.raises(SourceError, match="not UTF-8"):
        adr.read_log()


def test_evidence_is_embedded_with_nothing_outside(folder):
    import planroom as pr

    picture = pr.er("create table a (id int primary key, b int references a)")
    record = adr.new("Keep a", evidence=[picture, pr.lint("create table a (id int)")], date="2026-01-02")

    assert 'src="data:image/svg+xml;base64,' in record.context
    assert "erDiagram" in record.context
    assert "http" not in record.text.replace("http://www.w3.org", "")


def test_settings_name_the_folder_and_what_is_unknown(folder, tmp_path):
    (tmp_path / "planroom.toml").write_text('[adr]\nfolder = "decisions"\nstyle = "nygard"\n')
    assert adr.new("One", date="2026-01-02").source == "decisions/0001-one.md"
    (tmp_path / "planroom.toml").write_text('[adr]\nfoldr = "decisions"\n')
    with pytest.raises(SourceError, match="did you mean 'folder'"):
        adr.read_log()
