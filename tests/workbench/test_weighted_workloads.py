"""Queries with their calls, from whatever holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from planroom.errors import SourceError
from planroom.workbench.weighted_workloads import weighted_queries


def told(source: object) -> list[tuple[str, float, str]]:
    return [(each.name, each.calls, each.reason) for each in weighted_queries(source)]


def test_sql_counts_once_for_each_statement_and_a_broken_one_costs_itself_alone() -> None:
    text = "-- name: one\nSELECT 1;\nSELECT 1;\nSELEC 2;\nSELECT 3"

    assert told(text) == [
        ("one", 1, ""), ("<text>:3", 1, ""), ("<text>:4", 1, 'syntax error at or near "SELEC"'), ("<text>:5", 1, ""),
    ]  # fmt: skip


def test_values_that_a_comment_gives_are_put_in() -> None:
    (bound,) = weighted_queries("-- param: low = 5\nSELECT 1 FROM t WHERE a > :low")
    (open_,) = weighted_queries("SELECT 1 FROM t WHERE a > :low")

    assert (bound.sql.split(), bound.generic) == ("SELECT 1 FROM t WHERE a > 5".split(), False)
    assert open_.generic


def test_mappings_lists_and_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("SELECT 1")
    (tmp_path / "stats.csv").write_text("query,calls\nSELECT $1 FROM t,9\n")
    (tmp_path / "server.log").write_text("x LOG:  statement: SELECT 2 FROM u\nx LOG:  statement: SELECT 3 FROM u\n")

    assert told({"x": "SELECT 1"}) == [("x", 1, "")]
    assert told(tmp_path / "a.sql") == [("a", 1, "")]
    assert [calls for _, calls, _ in told(tmp_path / "stats.csv")] == [9]
    assert [calls for _, calls, _ in told([str(tmp_path / "server.log"), {"y": "SELECT 1"}])] == [2, 1]
    assert [calls for _, calls, _ in told(tmp_path)] == [2, 9, 1]
    assert weighted_queries(weighted_queries({"x": "SELECT 1"})) == weighted_queries({"x": "SELECT 1"})


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(SourceError, match="nowhere"):
        weighted_queries("nowhere/at_all.csv")
