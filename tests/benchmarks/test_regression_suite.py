"""The replay of a regression suite: what it watches, what it leaves out, and that a changed outcome is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.linting.effects import Lock, WorkKind
from tests.benchmarks import regression_suite
from tests.benchmarks.regression_suite import RECORD, SAMPLE, SETUP, Case, Record, read, replayed, sampled, written
from tests.benchmarks.replaying import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.server

SCRIPTS = {
    SETUP: "CREATE TABLE old (id int PRIMARY KEY, v int); INSERT INTO old VALUES (1, 1);",
    "first.sql": """
        ALTER TABLE old ADD COLUMN c uuid DEFAULT gen_random_uuid();
        ALTER TABLE nowhere ADD COLUMN c int;
        ALTER TABLE old ADD COLUMN d int;
        CREATE TEMP TABLE mine (id int); INSERT INTO mine VALUES (1); CREATE INDEX ON mine (id);
        BEGIN; CREATE TABLE fresh (id int); INSERT INTO fresh VALUES (1); CREATE INDEX ON fresh (id); COMMIT;
        CREATE TABLE bare (id int); CREATE INDEX ON bare (id);
        COPY bare FROM stdin;
1
2
\\.
        CREATE INDEX ON bare (id);
        BEGIN; ALTER TABLE old DROP COLUMN v; SELECT 1 / 0; ALTER TABLE old DROP COLUMN d; COMMIT;
        ALTER TABLE old ALTER COLUMN v SET NOT NULL;
        CREATE INDEX CONCURRENTLY ON old (v);
        REINDEX TABLE pg_class;
    """,
    "second.sql": "SELECT count(*) FROM fresh; ALTER TABLE old ADD CHECK (v > 0);",
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("suite")
    for name, text in SCRIPTS.items():
        (folder / name).write_text(text)
    silent = folder / "squawk"
    silent.write_text("#!/bin/sh\necho []\n")
    silent.chmod(0o755)
    return replayed(folder, str(silent))


def outcome(record: Record, sql: str) -> list[tuple[Lock, WorkKind | None, bool]]:
    return [(each.lock, each.work, each.planroom) for each in record.cases if each.digest == digest(sql)]


def test_each_statement_meets_what_the_ones_before_it_left(record: Record) -> None:
    exclusive = Lock.ACCESS_EXCLUSIVE

    assert outcome(record, "ALTER TABLE old ADD COLUMN c uuid DEFAULT gen_random_uuid()") == [
        (exclusive, WorkKind.REWRITE, True)
    ]
    assert outcome(record, "alter table old\n add column D int") == [(exclusive, None, False)]
    assert outcome(record, "CREATE INDEX ON bare (id)") == [(Lock.SHARE, WorkKind.BUILD, True)]
    assert outcome(record, "ALTER TABLE old ALTER COLUMN v SET NOT NULL") == [(exclusive, WorkKind.SCAN, True)]
    assert outcome(record, "ALTER TABLE old ADD CHECK (v > 0)") == [(exclusive, WorkKind.SCAN, True)]


def test_what_nobody_waits_for_or_cannot_be_seen_is_left_out_and_counted(record: Record) -> None:
    counts = record.counts

    assert outcome(record, "CREATE INDEX ON mine (id)") == outcome(record, "CREATE INDEX ON fresh (id)") == []
    assert (counts["private"], counts["empty"], counts["outside"], counts["system"]) == (2, 1, 1, 1)
    assert outcome(record, "ALTER TABLE nowhere ADD COLUMN c int") == []
    assert counts["locks"] == 0


def test_a_record_keeps_hashes_and_outcomes_and_no_text(record: Record) -> None:
    text = written(record, sampled(record.cases), "here")
    head, cases = read(text)

    assert "ALTER" not in text
    assert head["planroom missed"] == head["planroom flagged"] == "0"
    assert int(head["squawk missed"]) == int(head["planroom found"]) == 4
    assert [replace(each, kind="") for each in record.cases] == cases


def test_an_outcome_that_changed_is_told(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = record.cases
    kept = written(record, [replace(first, work=None), *others, replace(first, digest="0" * 12)], "here")
    (tmp_path / "kept.tsv").write_text(kept)
    monkeypatch.setattr(regression_suite, "RECORD", tmp_path / "kept.tsv")
    monkeypatch.setattr(regression_suite, "replayed", lambda *_: record)
    monkeypatch.setenv(regression_suite.FOLDER_VARIABLE, str(tmp_path))

    told = regression_suite.section("squawk")

    assert f"Of {len(record.cases) + 1} statements {len(record.cases)} are there by their hashes; 1 came out" in told
    assert "AlterTableStmt AddColumn in first.sql: ACCESS EXCLUSIVE, rewrite, not ACCESS EXCLUSIVE, None" in told


def test_what_was_recorded_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(regression_suite.FOLDER_VARIABLE, raising=False)
    head, cases = read(RECORD.read_text())

    assert len(cases) == len({each.key for each in cases}) == SAMPLE >= 500
    assert sum(each.heavy for each in cases) > 50
    assert int(head["judged"]) == sum(
        int(head[f"planroom {what}"]) for what in ("found", "missed", "flagged", "let be")
    )
    assert wrong(cases) == {"missed": 0, "flagged": 0}
    assert "As recorded, from" in regression_suite.section("squawk")


def wrong(cases: list[Case]) -> Mapping[str, int]:
    return {
        "missed": sum(each.heavy and not each.planroom for each in cases),
        "flagged": sum(each.planroom and not each.heavy for each in cases),
    }
