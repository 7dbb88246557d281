"""Charts over powers of ten."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from planroom.drawing.chart import Chart, Series, Stretch
from planroom.drawing.text import text_width


def chart(*series: Series, stretches: tuple[Stretch, ...] = ()) -> Chart:
    return Chart("Title", "Subtitle", "rows", "cost", series, stretches, tick="{:g}".format)


def test_points_ten_times_apart_are_evenly_spaced() -> None:
    picture = chart(Series("one", ((1e4, 1.0), (1e5, 10.0), (1e6, 100.0)))).svg

    across = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', picture)]
    up = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', picture)]

    assert across[1] - across[0] == across[2] - across[1] > 0
    assert up[0] - up[1] == up[1] - up[2] > 0


def test_everything_lies_on_the_paper_whatever_the_numbers() -> None:
    for points in (((1.0, 1.0),), ((1e-3, 1e15), (1e12, 1e-2)), ((5.0, 7.0), (6.0, 7.0))):
        picture = chart(Series("x", points), stretches=(Stretch(points[0][0], points[-1][0] * 2, "A", "words"),))

        root = ElementTree.fromstring(picture.svg)
        for each in root.iter("{http://www.w3.org/2000/svg}circle"):
            assert 0 <= float(each.get("cx", "-1")) <= picture.width
            assert 0 <= float(each.get("cy", "-1")) <= picture.height


def test_names_of_curves_that_end_together_keep_their_distance() -> None:
    picture = chart(Series("above", ((1.0, 9.0), (10.0, 9.0))), Series("below", ((1.0, 9.0), (10.0, 9.0)))).svg

    heights = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>(?:above|below)<', picture)]

    assert abs(heights[0] - heights[1]) >= 12


def test_a_stretch_has_a_letter_where_there_is_room_and_its_words_below() -> None:
    wide, narrow = Stretch(1.0, 900.0, "A", "<b>words</b>"), Stretch(900.0, 1000.0, "B", "narrow")
    picture = chart(Series("x", ((1.0, 1.0), (1000.0, 2.0))), stretches=(wide, narrow)).svg

    assert picture.count(">A</text>") == 2
    assert picture.count(">B</text>") == 1
    assert "&lt;b&gt;words&lt;/b&gt;" in picture


def test_long_words_end_on_the_paper_also_in_a_wider_font() -> None:
    long = "Parallel Seq Scan on identity.customers became Parallel Index Only Scan using customers_market_idx; " * 3
    picture = chart(Series("x", ((1.0, 1.0), (1000.0, 2.0))), stretches=(Stretch(1.0, 1000.0, "A", long),))

    [words] = re.findall(r">(Parallel[^<]*)<", picture.svg)

    assert words.endswith("…")
    assert text_width(words, 11) * 1.16 < picture.width
