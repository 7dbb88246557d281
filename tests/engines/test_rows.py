"""Answers read the same on every machine, and say what they leave out."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.engines import Rows
from planroom.engines.base import render

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes() | st.decimals(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        (True, "true"),
        (0.1, "0.1"),
        (math.inf, "Infinity"),
        (math.nan, "NaN"),
        (Decimal("1E+2"), "100"),
        (Decimal("1.50"), "1.50"),
        (b"\x00\xff", "\\x00ff"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC), "2026-01-02 03:04:05+00:00"),
        ([1, None, "é"], '[1, null, "é"]'),
        ({"b": 1, "a": [Decimal("0.10")]}, '{"b": 1, "a": ["0.10"]}'),
    ],
)
def test_a_value_has_one_text(value: object, text: str) -> None:
    assert render(value) == text


@given(st.lists(st.tuples(VALUES, VALUES), max_size=5))
def test_any_answer_is_shown_one_line_a_row(rows: list[tuple[object, object]]) -> None:
    lines = str(Rows(("a", "b"), tuple(rows))).split("\n")
    assert len(lines) == 1 + len(rows) + 1


@given(st.integers(0, 120), st.booleans())
def test_what_is_not_shown_is_said(count: int, truncated: bool) -> None:
    text = str(Rows(("a",), tuple((number,) for number in range(count)), truncated))
    assert ("cut off" in text) is truncated
    assert ("first 50 shown" in text) is (count > 50)


def test_numbers_stand_to_the_right() -> None:
    assert str(Rows(("n", "s"), ((1, "a"), (None, "b"), (100, None)))) == (
        "   n  s\n   1  a\nNULL  b\n 100  NULL\n3 rows"
    )


def test_a_long_value_is_cut_where_it_is_shown_and_whole_where_it_is_data() -> None:
    rows = Rows(("a",), (("x" * 1000,),))
    assert "x" * 199 + "…" in str(rows)
    assert rows.scalar() == "x" * 1000


def test_html_is_escaped() -> None:
    html = Rows(("<b>",), (("</td><script>",),))._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "<b>" not in html


def test_an_answer_is_a_sequence_of_rows() -> None:
    rows = Rows(("a", "b"), ((1, 2), (3, 4)))
    assert (len(rows), list(rows), rows[1], rows[:1], rows.column("b")) == (
        2, [(1, 2), (3, 4)], (3, 4), ((1, 2),), (2, 4)
    )  # fmt: skip
    with pytest.raises(KeyError):
        rows.column("c")
    assert Rows((), ()).scalar() is None


def test_null_an_empty_text_and_the_word_look_different() -> None:
    rows = Rows(("a", "b"), ((None, 1), ("", 2), ("NULL", 3)))

    assert str(rows) == "a       b\nNULL    1\n        2\n'NULL'  3\n3 rows"
    html = rows._repr_mimebundle_()["text/html"]
    assert html.count("<span") == 1
    assert "italic" in html


def test_columns_and_characters_that_are_not_shown_are_counted() -> None:
    names = tuple(f"c{number}" for number in range(300))
    wide = str(Rows(names, (tuple(range(300)),)))
    long = str(Rows(("a",), (("x" * 201,), ("y" * 200,))))

    assert "the first 30 of 300 columns shown" in wide
    assert "c30" not in wide
    assert "long values cut after 199 characters" in long
    assert "cut" not in str(Rows(("a",), (("y" * 200,), ("ends with …",))))
