"""Text widths: an upper bound that no font decides."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.drawing import svg
from planroom.drawing.text import ELLIPSIS, Face, clusters, fit, printable, text_width

any_text = st.text(st.characters(), max_size=40)  # lone surrogates and control characters too


@given(any_text)
def test_printable_text_is_always_valid_xml(text):
    element = ET.fromstring(svg.text(0, 0, text, data_name=text))

    assert element.text == (printable(text) or None)
    assert element.get("data-name") == printable(text)


@given(any_text)
def test_printable_is_idempotent(text):
    assert printable(printable(text)) == printable(text)


@pytest.mark.parametrize("control", ["\x00", "\n", "\x1b", "\x7f", "\x85", "\ud800", "\uffff", "\u202e", "\u2066"])
def test_characters_that_would_break_or_deceive_are_replaced(control):
    assert control not in printable(f"a{control}b")
    assert len(printable(f"a{control}b")) == 3


@given(any_text)
def test_clusters_put_together_are_the_text(text):
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(("text", "count"), [("abc", 3), ("e\u0301x", 2), ("🧑‍🚀!", 2), ("👍🏽", 1), ("表格", 2)])
def test_a_cluster_is_what_a_reader_takes_for_one_character(text, count):
    assert len(list(clusters(text))) == count


@given(any_text, st.floats(20, 400), st.sampled_from(Face))
def test_a_fitted_text_is_no_wider_than_its_room(text, width, face):
    assert text_width(fit(text, width, 12, face), 12, face) <= width + 1e-6


@given(any_text, st.floats(20, 400))
def test_a_text_is_cut_only_when_it_must_be_and_never_inside_a_cluster(text, width):
    fitted = fit(text, width, 12)

    if text_width(text, 12) <= width:
        assert fitted == text
    else:
        kept = list(clusters(fitted.removesuffix(ELLIPSIS)))
        assert kept == list(clusters(text))[: len(kept)]


def test_wide_characters_take_an_em_and_combining_marks_nothing():
    assert text_width("表", 10) == pytest.approx(10.8)
    assert text_width("e\u0301", 10) == text_width("e", 10)


def test_monospace_is_equally_wide():
    assert text_width("iiii", 11, Face.MONO) == text_width("WWWW", 11, Face.MONO)


def test_numbers_are_rounded_to_a_tenth_and_zero_has_no_sign():
    assert [svg.number(value) for value in (3.04, -0.01, 12.25, 100.0, -7.5)] == ["3", "0", "12.2", "100", "-7.5"]
