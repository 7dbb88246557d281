"""Ends of edges, as taught; colours that can be told apart."""

from __future__ import annotations

import re

import pytest

from planroom.drawing import End, Point, Sign, State
from planroom.drawing.marks import END_LENGTH, end_mark, rounded, sign_mark
from planroom.drawing.palette import HUES, INK, PAPER, SECONDARY_INK, STATE_INK, assign_hues, dark_edge
from planroom.drawing.routing import STUB


def parts(end):
    """Return whether the end has a foot and a ring, and how many bars."""
    mark = end_mark(end, Point(0, 0), 1.0, INK)
    return "L" in mark, "<circle" in mark, len(re.findall(r"v8\.4", mark))


@pytest.mark.parametrize(
    ("end", "foot", "ring", "bars"),
    [
        (End.EXACTLY_ONE, False, False, 2),
        (End.ZERO_OR_ONE, False, True, 1),
        (End.ZERO_OR_MORE, True, True, 0),
        (End.ONE_OR_MORE, True, False, 1),
    ],
)
def test_crows_feet_are_drawn_as_taught(end, foot, ring, bars):
    assert parts(end) == (foot, ring, bars)


def test_the_most_stands_next_to_the_box_and_the_least_further_out():
    ring = float(re.search(r'cx="([\d.]+)"', end_mark(End.ZERO_OR_ONE, Point(0, 0), 1.0, INK))[1])
    bar = float(re.search(r"M([\d.]+) -4.2v", end_mark(End.ZERO_OR_ONE, Point(0, 0), 1.0, INK))[1])

    assert 0 < bar < ring


def test_every_end_fits_on_the_level_way_before_the_box():
    for end in End:
        numbers = [float(x) for x in re.findall(r"(?:M|L|cx=\")(-?[\d.]+)", end_mark(end, Point(0, 0), 1.0, INK))]
        assert max([0.0, *numbers]) + 3.2 <= END_LENGTH <= STUB


def test_every_sign_has_a_mark_and_every_state_a_colour():
    assert all(sign_mark(sign, 7, 10) for sign in Sign)
    assert set(STATE_INK) == set(State) - {State.PLAIN}


def test_corners_are_rounded_and_legs_shorter_than_a_corner_survive():
    assert rounded([Point(0, 0), Point(20, 0), Point(20, 30)]) == "M0 0L14 0Q20 0 20 6L20 30"
    assert "Q" in rounded([Point(0, 0), Point(20, 0), Point(20, 2), Point(40, 2)])
    assert rounded([Point(0, 0), Point(9, 0)]) == "M0 0L9 0"


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("fill", [PAPER, *HUES])
def test_inks_can_be_read_on_every_fill(fill):
    assert contrast(INK, fill) >= 4.5
    assert contrast(SECONDARY_INK, fill) >= 4.5


def test_borders_can_be_seen_on_paper():
    assert all(contrast(dark_edge(fill), PAPER) >= 2 for fill in HUES)


def test_hues_follow_the_sorted_names_and_repeat_after_eight():
    hues = assign_hues(["b", "a", "b"])

    assert hues == {"a": HUES[0], "b": HUES[1]}
    assert assign_hues(map(str, range(10, 19)))["18"] == HUES[0]
