"""The legend below a picture: only the signs, ends, lines and colours that are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.geometry import Point
from planroom.drawing.graph import End, LineStyle, Notation, Sign, State
from planroom.drawing.marks import DASHES, end_mark, sign_mark
from planroom.drawing.measure import SIGN
from planroom.drawing.palette import FRAME, LINE, OUTSIDE, SECONDARY_INK, STATE_GLYPHS, STATE_INK, dark_edge
from planroom.drawing.text import printable, text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.drawing.graph import Graph

__all__ = ["legend_of"]

Entry = tuple[str, float, str]
"""A mark, its width, and its words."""

_LINE_HEIGHT = 18.0
_MOST_HUES = 8


def legend_of(graph: Graph, hues: Mapping[str, str], width: float) -> tuple[list[str], float]:
    """Return the legend's elements, set in lines from the left, and its height."""
    parts, x, y = [], 0.0, 0.0
    for mark, mark_width, words in _entries(graph, hues):
        entry = mark_width + 6 + text_width(words, 11)
        if x and x + entry > width:
            x, y = 0.0, y + _LINE_HEIGHT
        label = svg.text(mark_width + 6, 13, words, font_size=11, fill=SECONDARY_INK)
        parts.append(svg.group([mark, label], transform=svg.shift(x, y)))
        x += entry + 18
    return parts, y + _LINE_HEIGHT if parts else 0.0


def _entries(graph: Graph, hues: Mapping[str, str]) -> Iterator[Entry]:
    """Yield what needs explaining, in the order of the legend."""
    yield from _signs(graph)
    yield from _ends(graph)
    yield from _lines(graph)
    yield from _states(graph)
    yield from _outlines(graph)
    if graph.hue_meaning and 1 < len(hues) <= _MOST_HUES:
        yield from ((_swatch(fill), 14.0, printable(name)) for name, fill in hues.items())


def _signs(graph: Graph) -> Iterator[Entry]:
    signs = {sign for node in graph.nodes for row in node.rows for cell in row.cells for sign in cell.signs}
    signs |= {sign for edge in graph.edges for sign in edge.signs}
    yield from ((sign_mark(sign, 7, 9), SIGN, sign.value) for sign in Sign if sign in signs)


def _ends(graph: Graph) -> Iterator[Entry]:
    ends = {end for edge in graph.edges for end in (edge.tail_end, edge.head_end)}
    ends -= {End.ARROW} if graph.notation is not Notation.TABLES else set()
    yield from ((_end_sample(end), 30.0, end.value) for end in End if end is not End.NONE and end in ends)


def _lines(graph: Graph) -> Iterator[Entry]:
    meanings = dict.fromkeys((edge.meaning, edge.style, edge.weight) for edge in graph.edges if edge.meaning)
    yield from ((_line_sample(style, weight), 26.0, words) for words, style, weight in sorted(meanings))


def _states(graph: Graph) -> Iterator[Entry]:
    states = {node.state for node in graph.nodes} | {edge.state for edge in graph.edges}
    states |= {row.state for node in graph.nodes for row in node.rows}
    for state in State:
        if state in states and state in STATE_GLYPHS:
            glyph = svg.text(2, 13, STATE_GLYPHS[state], font_size=11, font_weight=700, fill=STATE_INK[state])
            yield glyph, 10.0, state.value


def _outlines(graph: Graph) -> Iterator[Entry]:
    if any(node.kind == "view" for node in graph.nodes):
        dashed = svg.rect(
            0.5, 3, 17, 12, radius=3, fill="none", stroke=FRAME, stroke_dasharray=DASHES[LineStyle.DASHED]
        )
        yield dashed, 18.0, "view"
    if any(node.external for node in graph.nodes):
        yield svg.rect(0.5, 3, 17, 12, radius=3, fill=OUTSIDE, stroke=FRAME), 18.0, "external"


def _swatch(fill: str) -> str:
    return svg.rect(0.5, 3, 12, 12, radius=3, fill=fill, stroke=dark_edge(fill))


def _end_sample(end: End) -> str:
    side = svg.line(1, 2, 1, 16, stroke=FRAME, stroke_width=2)
    return side + svg.line(2, 9, 30, 9, stroke=LINE, stroke_width=1.2) + end_mark(end, Point(2, 9), 1.0, LINE)


def _line_sample(style: LineStyle, weight: float) -> str:
    return svg.line(0, 9, 26, 9, stroke=LINE, stroke_width=weight, stroke_dasharray=DASHES[style])
