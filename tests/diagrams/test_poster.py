"""Posters: everything on one sheet, in frames, with a grid by which relations between frames are followed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict

import pytest

from planroom.diagrams import er
from planroom.drawing import Point
from planroom.drawing.layout import Grid
from tests.diagrams.models import generated, small

MODELS = {"communities": generated(300), "contexts": generated(300, contexts=6), "schemas": generated(260, schemas=4)}


@pytest.fixture(scope="module", params=MODELS)
def poster(request):
    return er(MODELS[request.param], overview=False)


def test_every_table_stands_on_it_within_its_frame(poster):
    boxes, frames = poster.layout.boxes, dict(poster.layout.frames)
    framed = {node: frames[cluster.id] for cluster in poster.shown.clusters for node in cluster.nodes}

    assert {node.id for node in poster.graph.nodes if node.kind != "enum"} == set(boxes) == set(framed)
    for node, frame in framed.items():
        box = boxes[node]
        assert frame.x < box.x
        assert frame.y < box.y
        assert box.right < frame.right
        assert box.bottom < frame.bottom


def test_neither_frames_nor_boxes_overlap(poster):
    for places in (dict(poster.layout.frames), poster.layout.boxes):
        rows = sorted(places.values(), key=lambda box: box.y)
        for at, box in enumerate(rows):
            for other in rows[at + 1 :]:
                if other.y >= box.bottom:
                    break
                assert not box.overlaps(other)


def test_it_has_the_shape_of_paper(poster):
    assert 1.0 <= poster.layout.width / poster.layout.height <= 2.1


def test_every_relation_is_a_line_in_a_frame_or_is_told_with_the_square_of_its_table(poster):
    home = {node: cluster.id for cluster in poster.shown.clusters for node in cluster.nodes}
    layout, told = poster.layout, defaultdict(set)
    for node in poster.shown.nodes:
        for row in node.rows:
            words = row.cells[-1].text
            if words.startswith("→"):
                told[node.id, row.port] |= set(words.split(", "))
    drawn = {(edge.tail, edge.head, edge.head_port) for edge in poster.shown.edges}
    for edge in poster.graph.edges:
        if edge.tail not in home:  # an enum
            continue
        if home[edge.tail] == home[edge.head]:
            assert (edge.tail, edge.head, edge.head_port) in drawn
            continue
        box = layout.boxes[edge.tail]
        square = layout.grid.square(Point(box.x + box.width / 2, box.y), layout.width, layout.height)
        assert f"→ {poster.graph.by_id[edge.tail].title} {square}" in told[edge.head, edge.head_port]


def test_the_squares_are_named_along_all_four_sides(poster):
    words = [text.text for text in ET.fromstring(poster.svg).iter("{http://www.w3.org/2000/svg}text")]
    grid = poster.layout.grid

    for name in [*map(Grid.letter, range(grid.columns)), *map(str, range(1, grid.rows + 1))]:
        assert words.count(name) >= 2, name


def test_detail_follows_the_counted_size():
    def rows(count):
        return sum(len(node.rows) for node in er(generated(count), overview=False).shown.nodes) / count

    assert rows(120) > 6
    assert 1 < rows(260) < 5
    assert rows(2_600) == 0


def test_what_fits_a_page_is_no_poster():
    diagram = er(small(), overview=False)

    assert diagram.shown == diagram.graph
    assert diagram.layout.grid is None


def test_a_detail_that_was_asked_for_is_kept():
    shown = er(generated(260), overview=False, detail="columns").shown

    assert sum(len(node.rows) for node in shown.nodes) > 260 * 6


def test_letters_go_on_after_z():
    assert [Grid.letter(at) for at in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_a_poster_has_the_same_bytes_under_another_hash_seed():
    code = """
from tests.diagrams.models import generated
from planroom.diagrams import er
print(er(generated(260), overview=False).svg)
"""
    outputs = {
        subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, text=True)
        for seed in ("0", "1")
    }

    assert len(outputs) == 1
    assert re.search(r"→ \w+ [A-Z]\d", outputs.pop())
