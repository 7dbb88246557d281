from __future__ import annotations

from typing import Any

import pytest

from planroom.notebook import changes
from tests.notebook.books import code, notebook, shown, stream, words

PICTURE = '<img alt="ER diagram" src="data:image/svg+xml;base64,{}"/>'


def told(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(change.cell, change.what) for change in changes(notebook(*before), notebook(*after))]


def test_equal_notebooks_have_no_changes_whatever_their_counts_and_ids() -> None:
    assert told([code("1", stream("x"), count=1)], [code("1", stream("x"), count=7)]) == []


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (stream("4 tables\n"), stream("5 tables\n"), "text"),
        (shown(text_plain="a"), shown(text_plain="b"), "text"),
        (shown(text_html="<b>4</b> tables"), shown(text_html="<b>5</b> tables"), "text"),
        (shown(image_png="aaaa"), shown(image_png="bbbb"), "picture"),
        (shown(text_html=PICTURE.format("QQ==")), shown(text_html=PICTURE.format("Qg==")), "picture"),
        (shown(text_plain="a", text_html="<b>a</b>"), shown(text_plain="a", text_html="<i>a</i>"), "form"),
    ],
)  # fmt: skip
def test_a_changed_output_is_told_by_what_a_reader_sees(
    before: dict[str, Any], after: dict[str, Any], what: str
) -> None:
    assert told([code("x", before)], [code("x", after)]) == [(1, what)]


def test_a_changed_text_is_shown_line_by_line() -> None:
    before, after = code("x", stream("one\ntwo\nthree\n")), code("x", stream("one\n2\nthree\n"))
    [change] = changes(notebook(before), notebook(after))

    assert str(change) == "cell 1: text changed\n  -two\n  +2"


def test_a_picture_is_never_printed() -> None:
    before, after = (code("x", shown(text_html=PICTURE.format(data * 40))) for data in ("QQ", "Qg"))

    assert [str(change) for change in changes(notebook(before), notebook(after))] == ["cell 1: picture changed"]


def test_a_new_cell_is_new_and_those_after_it_are_as_they_were() -> None:
    old = [words("# Title"), code("a", stream("1")), code("b", stream("2"))]

    assert told(old, [old[0], code("between"), *old[1:]]) == [(2, "new cell")]
    assert told([old[0], code("between"), *old[1:]], old) == [(2, "cell removed")]


def test_an_edited_cell_is_told_with_what_it_now_gives() -> None:
    assert told([code("a = 1", stream("1"))], [code("a = 2", stream("2"))]) == [(1, "source"), (1, "text")]


def test_a_new_tag_is_told_because_it_may_stop_the_comparison() -> None:
    assert told([code("a")], [code("a", tags=["nbval-skip"])]) == [(1, "tags")]


def test_a_long_difference_is_cut_and_says_so() -> None:
    [change] = changes(notebook(code("x", stream(""))), notebook(code("x", stream("line\n" * 30))))

    assert str(change).endswith("  ... 18 more lines")
