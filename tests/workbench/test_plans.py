"""Plans from files, open files and texts; and on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import planroom as pr

PLAN = json.dumps(
    [
        {
            "Plan": {
                "Node Type": "Limit",
                "Startup Cost": 0.0,
                "Total Cost": 1.5,
                "Plan Rows": 5,
                "Plan Width": 4,
                "Plans": [
                    {
                        "Node Type": "Seq Scan",
                        "Parent Relationship": "Outer",
                        "Relation Name": "orders",
                        "Alias": "orders",
                        "Startup Cost": 0.0,
                        "Total Cost": 1.5,
                        "Plan Rows": 5,
                        "Plan Width": 4,
                    }
                ],
            }
        }
    ]
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(PLAN)
    return path


def test_a_plan_is_read_from_text_path_open_file_and_bytes(file: Path) -> None:
    shown = repr(pr.plan(PLAN))

    assert shown == "<Plan: 2 nodes · cost 1.5 · 5 rows expected>"
    assert repr(pr.plan(file)) == repr(pr.plan(str(file))) == shown
    assert repr(pr.plan(io.StringIO(PLAN))) == repr(pr.plan(PLAN.encode())) == shown
    with file.open("rb") as stream:
        assert repr(pr.plan(stream)) == shown


def test_a_plan_knows_the_file_that_it_is_from(file: Path) -> None:
    assert pr.plan(file).source == str(file)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("nowhere.json", "There is no file or folder"),
        (".", "is a folder"),
        ("", "it is empty"),
        (PLAN[:100], "is cut off"),
        (7, "cannot be read from int"),
        (None, "cannot be read from NoneType"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"PK\x03\x04", "zip archive"),
    ],
)
def test_what_holds_no_plan_is_an_error_that_says_why(source: Any, says: str) -> None:
    with pytest.raises(pr.PlanroomError) as raised:
        pr.plan(source)

    assert says in str(raised.value)


def test_a_file_in_another_encoding_is_an_error_that_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes("Seq Scan on größe".encode("latin-1"))

    with pytest.raises(pr.PlanroomError, match="is not UTF-8") as raised:
        pr.plan(path)
    assert "plan.txt:1:15" in str(raised.value)
    with path.open(encoding="utf-8") as stream, pytest.raises(pr.PlanroomError, match="is not UTF-8"):
        pr.plan(stream)
