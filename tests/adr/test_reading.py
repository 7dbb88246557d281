"""Records in the styles that logs are written in: read, changed in one place, and otherwise kept byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.adr import DecisionLog, Link, read_record
from planroom.adr.front_matter import front_matter_of, with_key
from planroom.adr.reading import style_of
from planroom.adr.styles.base import Draft
from planroom.errors import SyntaxProblem

MADR4 = """---
status: accepted
date: 2026-01-02
decision-makers: [Ada, Bo]
parent: Decisions   # for the site
nav_order: 8
affects:
  - table:orders
---
# Partition `orders` by month

## Context and Problem Statement

It grows.

## Considered Options

* by month
* [by customer](https://example.org)

## Decision Outcome

Chosen option: "by month", because it is simple.

```markdown
## Not a heading
```
"""
MADR2 = """# Use CC0

* Status: superseded by [ADR-0005](0005-mit.md)
* Deciders: Ada, Bo
* Date: 02/01/2026

## Context and Problem Statement

Which licence?

## Decision Outcome

Chosen option: "CC0", because.

## Links

* Supersedes [ADR-0001](0001-none.md)
"""
NYGARD = """# 3. Single command

Date: 2016-02-12

## Status

Accepted

Supercedes [2. Scripts](0002-scripts.md)

Amended by [9. Help](0009-help.md)

## Context

Many commands.

## Decision

One.

## Consequences

Easier.
"""


def test_madr_4_is_read():
    record = read_record(MADR4, "docs/0012-partition.md")

    assert (record.style, record.number, record.status, record.date) == ("madr", 12, "accepted", "2026-01-02")
    assert record.title == "Partition `orders` by month"
    assert record.deciders == ("Ada", "Bo")
    assert record.options == ("by month", "by customer")
    assert record.chosen == "by month"
    assert record.affects() == ("table:orders",)
    assert "Not a heading" in record.decision


def test_madr_2_and_log4brains_are_read():
    record = read_record(MADR2, "0004-cc0.md")

    assert (record.style, record.number, record.status, record.date) == ("log4brains", 4, "superseded", "2026-01-02")
    assert [(each.kind, each.number) for each in record.links] == [("superseded by", 5), ("supersedes", 1)]
    assert read_record(MADR2, "20260102-cc0.md").number is None


def test_nygards_form_is_read_with_its_misspelling():
    record = read_record(NYGARD, "0003-single.md")

    assert (record.style, record.number, record.status) == ("nygard", 3, "accepted")
    assert [(each.kind, each.target) for each in record.links] == [
        ("supersedes", "0002-scripts.md"),
        ("amended by", "0009-help.md"),
    ]
    assert read_record(NYGARD.replace("Accepted", "Superceded by [4. X](0004-x.md)"), "3.md").status == "superseded"


@pytest.mark.parametrize(
    "text", [MADR4, MADR2, NYGARD, MADR4.replace("\n", "\r\n")], ids=["madr4", "madr2", "nygard", "crlf"]
)
def test_a_new_status_changes_its_own_bytes_alone(text):
    record = read_record(text, "0007-x.md")
    changed = style_of(record).with_status(record, "deprecated")
    again = read_record(changed, "0007-x.md")

    assert again.status == "deprecated"
    before, after = text.splitlines(keepends=True), changed.splitlines(keepends=True)
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


@pytest.mark.parametrize(
    "text",
    [MADR4, NYGARD, MADR2.replace("superseded by [ADR-0005](0005-mit.md)", "accepted")],
    ids=["madr4", "nygard", "madr2"],
)
def test_what_supersedes_a_record_can_be_read_again(text):
    record = read_record(text, "0007-x.md")
    link = Link("superseded by", "0012-next.md", 12)
    again = read_record(style_of(record).with_status(record, "superseded", link), "0007-x.md")

    assert again.status == "superseded"
    assert ("superseded by", 12) in [(each.kind, each.number) for each in again.links]


@pytest.mark.parametrize("text", [MADR4, NYGARD, MADR2], ids=["madr4", "nygard", "madr2"])
def test_a_link_is_added_once_and_read_again(text):
    record = read_record(text, "0007-x.md")
    again = read_record(style_of(record).with_link(record, Link("amends", "0011-y.md", 11), "11. Y"), "0007-x.md")

    assert ("amends", 11) in [(each.kind, each.number) for each in again.links]
    assert again.status == record.status
    assert again.title == record.title


@pytest.mark.parametrize("style", ["madr", "nygard"])
def test_what_is_written_is_read_as_it_was_meant(style):
    from planroom.adr.styles import STYLES

    draft = Draft(
        12, 'Keep "orders": by month', status="accepted", date="2026-11-28", context="Why.", decision="it works",
        options=("by month", "by day"), chosen="by month", meta=(("affects", ["table:orders"]),),
    )  # fmt: skip
    record = read_record(STYLES[style].new(draft), STYLES[style].file_name(draft))

    assert (record.style, record.number, record.status, record.date) == (style, 12, "accepted", "2026-11-28")
    assert record.title == 'Keep "orders": by month'
    assert record.context == "Why."
    if style == "madr":
        assert record.affects() == ("table:orders",)
        assert record.chosen == "by month"


def test_broken_front_matter_has_its_place():
    with pytest.raises(SyntaxProblem, match=r"no YAML") as caught:
        read_record("---\nstatus: accepted\ntitle: a: b\n---\n# X\n", "0001-x.md")
    assert "0001-x.md:3:" in str(caught.value)
    with pytest.raises(SyntaxProblem, match="no keys"):
        read_record("---\n- a\n---\n# X\n", "0001-x.md")


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)


@given(words, words)
def test_one_key_is_set_and_the_rest_stays(value, other):
    from planroom.adr.styles.madr import _quoted

    text = f"---\nstatus: draft\nother: {_quoted(other)}\n---\nbody\n"
    changed = with_key(text, "status", _quoted(value))

    assert front_matter_of(changed).values == {"status": value, "other": other}
    assert changed.endswith("---\nbody\n")


@given(st.text(max_size=200))
def test_any_text_is_a_record_or_a_clear_error(text):
    try:
        record = read_record(text, "x.md")
    except SyntaxProblem:
        return
    assert record.text == text


def test_a_log_knows_its_links_numbers_and_names():
    log = DecisionLog.of(
        (
            read_record(MADR2, "adr/0004-cc0.md"),
            read_record(MADR2.replace("superseded by [ADR-0005](0005-mit.md)", "accepted"), "adr/0005-mit.md"),
            read_record("# Notes\n", "adr/notes.md"),
        )
    )

    assert [each.id for each in log.records] == ["ADR-0004", "ADR-0005", "notes"]
    assert log.next_number == 6
    assert [(tie.record.id, tie.link.kind, tie.other.id) for tie in log.ties] == [
        ("ADR-0004", "superseded by", "ADR-0005")
    ]
    assert [each.id for each in log.in_force()] == ["ADR-0005"]
    found = log.find("4")
    assert found is not None
    assert found.name == "0004-cc0"
    assert log.find("adr-5") is not None
    assert log.find("nothing") is None
    assert "| ADR-0004 | [Use CC0](0004-cc0.md) | superseded | 2026-01-02 |" in log.markdown()
