"""Edges between tables: straight legs with rounded corners, the marks of their ends, and labels on their way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.diagrams.boxes import label as box_label
from planroom.drawing import svg
from planroom.drawing.geometry import Box, Point
from planroom.drawing.marks import DASHES, end_mark, rounded
from planroom.drawing.measure import MAX_TEXT, label_width
from planroom.drawing.palette import INK, LINE, PAPER, STATE_GLYPHS, STATE_INK
from planroom.drawing.text import fit, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.drawing import Layout
    from planroom.drawing.graph import Edge, Graph

__all__ = ["edge_labels", "straight_edge"]


def straight_edge(edge: Edge, points: Sequence[Point], boxes: Mapping[str, Box]) -> str:
    """Draw an edge between two tables, with the marks of its ends."""
    ink = STATE_INK.get(edge.state, LINE)
    line = svg.path(
        rounded(points), fill="none", stroke=ink, stroke_width=edge.weight, stroke_dasharray=DASHES[edge.style]
    )
    ends = end_mark(edge.tail_end, points[0], _outward(points[0], boxes[edge.tail]), ink)
    ends += end_mark(edge.head_end, points[-1], _outward(points[-1], boxes[edge.head]), ink)
    return svg.group([line, ends], title=edge.tip)


def _outward(point: Point, box: Box) -> float:
    return 1.0 if abs(point.x - box.right) < abs(point.x - box.x) else -1.0


def edge_labels(graph: Graph, layout: Layout) -> Iterator[str]:
    """Set each label on its way, preferably on an upright leg, where it hides no other label; a state is one too."""
    taken: list[Box] = []
    for route in layout.routes:
        edge = graph.edges[route.edge]
        if route.label:
            yield box_label(edge, route.label)
            continue
        text = fit(printable(f"{STATE_GLYPHS.get(edge.state, '')} {edge.label}".strip()), MAX_TEXT, 11)
        if not text:
            continue
        width = label_width(text) + 5
        places = [Box(at.x - width / 2, at.y - 8, width, 16) for at in _label_places(route.points)]
        box = next((place for place in places if not any(place.overlaps(other) for other in taken)), places[0])
        taken.append(box)
        yield svg.rect(box.x, box.y, box.width, box.height, radius=4, fill=PAPER) + svg.text(
            box.x + width / 2,
            box.y + 12,
            text,
            font_size=11,
            font_weight=700 if edge.state in STATE_GLYPHS else None,
            fill=STATE_INK.get(edge.state, INK),
            text_anchor="middle",
        )


def _label_places(points: Sequence[Point]) -> Iterator[Point]:
    legs = list(pairwise(points))
    upright = [leg for leg in legs if abs(leg[0].y - leg[1].y) >= 24]
    for share in (0.5, 0.35, 0.65, 0.2, 0.8):
        for first, second in upright:
            yield Point(first.x, first.y + (second.y - first.y) * share)
    for first, second in (legs[0], legs[-1]):
        yield Point((first.x + second.x) / 2, (first.y + second.y) / 2)
