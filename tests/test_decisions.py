"""planroom's own decision records are whole: number, status, headings, and a chosen option that was considered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

RECORDS = sorted((Path(__file__).parents[1] / "adr").glob("*.md"))

HEADINGS = ["Context and Problem Statement", "Decision Drivers", "Considered Options", "Decision Outcome"]


def faults(name: str, text: str) -> list[str]:
    """Return what is wrong with a record."""
    found = [] if re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name) else ["the file name is no number and slug"]
    front = re.match(r"---\nstatus: (\w+)\ndate: \d{4}-\d{2}-\d{2}\n(?:.*\n)*?---\n\n# \S", text)
    found += [] if front else ["the front matter is not status and date, then a title"]
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    found += [f"the heading {each!r} is missing" for each in HEADINGS if each not in headings]
    chosen = re.search(r'Chosen option: "([^"]+)"', text)
    found += [] if chosen and f"* {chosen[1]}\n" in text else ["the chosen option is not among those considered"]
    found += [] if "\n### Confirmation\n\n" in text else ["nothing says how the decision is confirmed"]
    return found


def test_numbers_run_without_gap_or_repeat() -> None:
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_every_record_is_whole(path: Path) -> None:
    assert faults(path.name, path.read_text(encoding="utf-8")) == []


def test_a_planted_fault_is_seen() -> None:
    text = RECORDS[0].read_text(encoding="utf-8")

    assert faults("1-x.md", text) == ["the file name is no number and slug"]
    assert faults(RECORDS[0].name, text.replace('option: "', 'option: "Not ')) == [
        "the chosen option is not among those considered"
    ]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_the_tests_that_confirm_a_decision_exist(path: Path) -> None:
    named = re.findall(r"`(tests/[a-z_/.]+)`", path.read_text(encoding="utf-8"))

    assert [each for each in named if not (path.parents[1] / each).exists()] == []


def test_what_the_decisions_claim_is_still_true() -> None:
    from planroom.workbench.decision_log import check_decisions

    found = check_decisions(RECORDS[0].parent, save=False)

    assert [str(claim) for claim in found.red] == []
    assert {claim.record.name for claim in found.claims} == {path.stem for path in RECORDS}, "each has a check"
    assert [str(each) for each in found.findings] == []
