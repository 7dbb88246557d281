"""A Graph as a stand-alone SVG picture on its own paper."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.diagrams.boxes import box_node, curve, icon_of, lifelines
from planroom.diagrams.boxes import label as box_label
from planroom.diagrams.frames import RULER, frame, rulers
from planroom.diagrams.icons import definitions
from planroom.diagrams.renderers.base import Renderer
from planroom.drawing import Layout, lay_out, svg
from planroom.drawing.geometry import Box, Point
from planroom.drawing.graph import Cell, Edge, End, Form, Graph, LineStyle, Node, Notation, Role, Row, Sign, State
from planroom.drawing.marks import end_mark, rounded, sign_mark
from planroom.drawing.marks import held as held_to
from planroom.drawing.measure import (
    HEADER,
    MAX_TEXT,
    PAD,
    ROW,
    SIGN,
    STACK,
    STYLES,
    column_gaps,
    gutter,
    header_widths,
    label_width,
    measure,
    spans,
)
from planroom.drawing.palette import (
    BODY,
    FRAME,
    HAIRLINE,
    INK,
    LINE,
    NO_HUE,
    OUTSIDE,
    PAPER,
    SECONDARY_INK,
    STATE_GLYPHS,
    STATE_INK,
    assign_hues,
    dark_edge,
)
from planroom.drawing.text import Face, fit, printable, text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Picture", "SvgRenderer", "draw"]

PADDING = 16.0
_HEADING = 30.0
_LINE_HEIGHT = 18.0
_DASHES = {LineStyle.SOLID: None, LineStyle.DASHED: "5 3", LineStyle.DOTTED: "1.5 3"}
_CORNER = 6.0
_MOST_HUES = 8


class SvgRenderer(Renderer):
    """SVG by presentation attributes, with tooltips for saved files."""

    suffixes = (".svg",)

    def render(self, graph: Graph) -> str:
        """Return the picture as an SVG document."""
        return draw(graph, lay_out(graph)).svg


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document and its natural size in pixels."""

    svg: str
    width: float
    height: float


def draw(graph: Graph, layout: Layout) -> Picture:
    """Return the picture of a graph that has been laid out."""
    hues = _hues(graph)
    heading = _heading(graph)
    marks = list(rulers(layout))
    top = PADDING + (_HEADING if heading else 0.0) + (RULER if marks else 0.0)
    width = max(layout.width, _heading_width(graph), 220.0)
    legend, legend_height = _legend(graph, hues, width)
    caption = _wrapped(" ".join(part for part in (graph.caption, layout.note) if part), width)
    legend_top = top + layout.height + (RULER if marks else 0.0) + (14.0 if legend else 0.0)
    caption_top = legend_top + legend_height + (10.0 if caption else 0.0)
    left = PADDING + (RULER if marks else 0.0)
    full_width = float(round(width + 2 * left + 0.49))
    full_height = float(round(caption_top + len(caption) * 15 + PADDING + 0.49))
    paper = svg.rect(0.5, 0.5, full_width - 1, full_height - 1, radius=8, fill=PAPER, stroke=HAIRLINE)
    icons = definitions(filter(None, map(icon_of, graph.nodes)))
    parts = [paper, *([icons] if icons else []), *heading]
    if graph.nodes:
        parts.append(svg.group(["\n", *_content(graph, layout, hues)], transform=_shift(left, top)))
    if marks:
        parts.append(svg.group(marks, transform=_shift(left, top)))
    if legend:
        parts.append(svg.group(legend, transform=_shift(PADDING, legend_top)))
    parts += [
        svg.text(PADDING, caption_top + 11 + 15 * at, line, font_size=11, fill=SECONDARY_INK)
        for at, line in enumerate(caption)
    ]
    document = svg.document(full_width, full_height, parts, title=graph.summary or graph.title)
    return Picture(document, full_width, full_height)


def _shift(x: float, y: float) -> str:
    return f"translate({svg.number(x)} {svg.number(y)})"


def _hues(graph: Graph) -> Mapping[str, str]:
    """Return the fill of each name that is used; names that are not used keep their turn."""
    used = {node.hue for node in graph.nodes} | {cluster.hue for cluster in graph.clusters}
    fills = assign_hues([*graph.hues, *(name for name in used if name)])
    return {name: fill for name, fill in fills.items() if name in used}


def _heading(graph: Graph) -> list[str]:
    if not graph.title:
        return []
    title = fit(printable(graph.title), 2 * MAX_TEXT, 14, Face.BOLD)
    after = PADDING + text_width(title, 14, Face.BOLD) + 10
    hold = held_to(title, 14, Face.BOLD) if graph.notation is not Notation.TABLES else {}
    return [
        svg.text(PADDING, PADDING + 13, title, font_size=14, font_weight=600, fill=INK, **hold),
        *([svg.text(after, PADDING + 13, graph.subtitle, font_size=11, fill=SECONDARY_INK)] if graph.subtitle else []),
    ]


def _heading_width(graph: Graph) -> float:
    title = fit(printable(graph.title), 2 * MAX_TEXT, 14, Face.BOLD)
    return text_width(title, 14, Face.BOLD) + 10 + text_width(graph.subtitle, 11) if graph.title else 0.0


def _wrapped(text: str, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(printable(longer), 11) <= width:
            lines[-1] = longer
        else:
            lines.append(fit(printable(word), width, 11))
    return lines


def _content(graph: Graph, layout: Layout, hues: Mapping[str, str]) -> Iterator[str]:
    frames = dict(layout.frames)
    for cluster in graph.clusters:
        if cluster.id in frames:
            yield frame(cluster, frames[cluster.id], hues, layout.grid) + "\n"
    if graph.notation is Notation.SEQUENCE:
        yield from (line + "\n" for line in lifelines(graph, layout))
    for route in layout.routes:
        edge = graph.edges[route.edge]
        free = route.curved or graph.notation is Notation.SEQUENCE
        line = curve(edge, route.points, curved=route.curved) if free else _edge(edge, route.points, layout.boxes)
        yield line + "\n"
    for node in graph.nodes:
        box = layout.boxes[node.id]
        yield (_node(node, box, hues) if node.form is Form.TABLE else box_node(node, box, hues)) + "\n"
    for label in _labels(graph, layout):
        yield label + "\n"


# Edges


def _edge(edge: Edge, points: Sequence[Point], boxes: Mapping[str, Box]) -> str:
    ink = STATE_INK.get(edge.state, LINE)
    line = svg.path(
        rounded(points), fill="none", stroke=ink, stroke_width=edge.weight, stroke_dasharray=_DASHES[edge.style]
    )
    ends = end_mark(edge.tail_end, points[0], _outward(points[0], boxes[edge.tail]), ink)
    ends += end_mark(edge.head_end, points[-1], _outward(points[-1], boxes[edge.head]), ink)
    return svg.group([line, ends], title=edge.tip)


def _outward(point: Point, box: Box) -> float:
    return 1.0 if abs(point.x - box.right) < abs(point.x - box.x) else -1.0


def _labels(graph: Graph, layout: Layout) -> Iterator[str]:
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


# Nodes


def _node(node: Node, box: Box, hues: Mapping[str, str]) -> str:
    fill = hues.get(node.hue, NO_HUE)
    ink = STATE_INK.get(node.state) or (INK if node.strong else dark_edge(fill))
    weight = 1.8 if node.strong or node.state in STATE_GLYPHS else 1.0
    parts = [
        *_stack(node, box, ink),
        svg.rect(box.x, box.y, box.width, box.height, radius=_CORNER, fill=BODY),
        _band(node, box, fill),
        *_header_texts(node, box),
        *_rows(node, box),
        svg.rect(
            box.x,
            box.y,
            box.width,
            box.height,
            radius=_CORNER,
            fill="none",
            stroke=ink,
            stroke_width=weight,
            stroke_dasharray=_DASHES[node.outline],
        ),
    ]
    return svg.group(parts, title=node.tip)


def _stack(node: Node, box: Box, ink: str) -> Iterator[str]:
    """Draw the edges of the sheets behind a node that stands for several."""
    for sheet in (2, 1) if node.stacked else ():
        inset = STACK * 1.3 * sheet
        yield svg.rect(
            box.x + inset,
            box.bottom - 10,
            box.width - 2 * inset,
            10 + STACK * sheet,
            radius=4,
            fill=BODY,
            stroke=ink,
        )


def _band(node: Node, box: Box, fill: str) -> str:
    """Draw the header: round above, straight below where rows follow; pale where the node stands back."""
    pale = "0.45" if node.state is State.FAINT else None
    if not node.rows:
        return svg.rect(box.x, box.y, box.width, box.height, radius=_CORNER, fill=fill, fill_opacity=pale)
    n, r = svg.number, _CORNER
    data = (
        f"M{n(box.x)} {n(box.y + HEADER)}V{n(box.y + r)}Q{n(box.x)} {n(box.y)} {n(box.x + r)} {n(box.y)}"
        f"H{n(box.right - r)}Q{n(box.right)} {n(box.y)} {n(box.right)} {n(box.y + r)}V{n(box.y + HEADER)}Z"
    )
    return svg.path(data, fill=fill, fill_opacity=pale)


def _header_texts(node: Node, box: Box) -> Iterator[str]:
    title_width, subtitle_width, note_width = header_widths(node)
    base = box.y + min(HEADER, box.height) / 2 + 4
    ink = STATE_INK.get(node.state, INK)
    left = box.x + PAD + gutter(node)
    yield _text(node.title, Role.TITLE, left, base, title_width, ink=ink, struck=node.state is State.REMOVED, held=True)
    if node.subtitle:
        yield _text(node.subtitle, Role.NOTE, left + title_width + 8, base, subtitle_width, held=True)
    if node.note:
        yield _text(node.note, Role.NOTE, box.right - PAD, base, note_width, right=True, held=True)
    yield from _state_glyph(node.state, box.x, base)


def _state_glyph(state: State, x: float, base: float) -> Iterator[str]:
    if state in STATE_GLYPHS:
        yield svg.text(x + 6, base, STATE_GLYPHS[state], font_size=11, font_weight=700, fill=STATE_INK[state])


def _rows(node: Node, box: Box) -> Iterator[str]:
    columns = measure(node).columns
    for at, row in enumerate(node.rows):
        y = box.y + HEADER + ROW * at
        whole = [(box.x + PAD + gutter(node), box.right - PAD)]
        places = whole if spans(row, len(columns)) else _cell_places(node, columns, box)
        yield svg.group([*_cells(row, places, y), *_state_glyph(row.state, box.x, y + 14)], title=row.tip)


def _cell_places(node: Node, columns: Sequence[float], box: Box) -> list[tuple[float, float]]:
    """Return left and right of each column of cells; from the first that is set right they stand at the right side."""
    gaps = column_gaps(node, columns)
    places, x = [], box.x + PAD + gutter(node)
    for gap, width in zip(gaps, columns, strict=True):
        x += gap
        places.append((x, x + width))
        x += width
    spare = box.right - PAD - x
    first = next((at for at in range(len(columns)) if _is_right(node, at)), len(columns))
    return [(left + spare, right + spare) if at >= first else (left, right) for at, (left, right) in enumerate(places)]


def _is_right(node: Node, at: int) -> bool:
    return any(at < len(row.cells) and row.cells[at].right for row in node.rows)


def _cells(row: Row, places: Sequence[tuple[float, float]], y: float) -> Iterator[str]:
    for cell, (left, right) in zip(row.cells, places, strict=False):
        if cell.signs:
            yield from (sign_mark(sign, left + SIGN * (at + 0.5), y + ROW / 2) for at, sign in enumerate(cell.signs))
        elif cell.text:
            yield _cell_text(cell, row.state, left, right, y + 14)


def _cell_text(cell: Cell, state: State, left: float, right: float, base: float) -> str:
    return _text(
        cell.text,
        cell.role,
        right if cell.right else left,
        base,
        right - left,
        right=cell.right,
        ink=STATE_INK.get(state, ""),
        struck=state is State.REMOVED,
    )


def _text(
    text: str,
    role: Role,
    x: float,
    base: float,
    width: float,
    *,
    right: bool = False,
    ink: str = "",
    struck: bool = False,
    held: bool = False,
) -> str:
    style = STYLES[role]
    fitted = fit(printable(text), width + 0.01, style.size, style.face)
    return svg.text(
        x,
        base,
        fitted,
        font_size=style.size,
        font_family=svg.MONO if style.face is Face.MONO else None,
        font_weight=600 if style.face is Face.BOLD else None,
        fill=ink or (SECONDARY_INK if style.secondary else INK),
        text_anchor="end" if right else None,
        text_decoration="line-through" if struck else None,
        **held_to(fitted, style.size, style.face) if held else {},
    )


# The legend: only the signs that are used


def _legend(graph: Graph, hues: Mapping[str, str], width: float) -> tuple[list[str], float]:
    """Return the legend's elements, set in lines from the left, and its height."""
    parts, x, y = [], 0.0, 0.0
    for mark, mark_width, words in _entries(graph, hues):
        entry = mark_width + 6 + text_width(words, 11)
        if x and x + entry > width:
            x, y = 0.0, y + _LINE_HEIGHT
        label = svg.text(mark_width + 6, 13, words, font_size=11, fill=SECONDARY_INK)
        parts.append(svg.group([mark, label], transform=_shift(x, y)))
        x += entry + 18
    return parts, y + _LINE_HEIGHT if parts else 0.0


def _entries(graph: Graph, hues: Mapping[str, str]) -> Iterator[tuple[str, float, str]]:
    """Yield mark, its width, and its words for everything that needs explaining."""
    signs = {sign for node in graph.nodes for row in node.rows for cell in row.cells for sign in cell.signs}
    signs |= {sign for edge in graph.edges for sign in edge.signs}
    yield from ((sign_mark(sign, 7, 9), SIGN, sign.value) for sign in Sign if sign in signs)
    ends = {end for edge in graph.edges for end in (edge.tail_end, edge.head_end)}
    ends -= {End.ARROW} if graph.notation is not Notation.TABLES else set()
    yield from ((_end_sample(end), 30.0, end.value) for end in End if end is not End.NONE and end in ends)
    meanings = dict.fromkeys((edge.meaning, edge.style, edge.weight) for edge in graph.edges if edge.meaning)
    yield from ((_line_sample(style, weight), 26.0, words) for words, style, weight in sorted(meanings))
    states = {node.state for node in graph.nodes} | {edge.state for edge in graph.edges}
    states |= {row.state for node in graph.nodes for row in node.rows}
    for state in State:
        if state in states and state in STATE_GLYPHS:
            glyph = svg.text(2, 13, STATE_GLYPHS[state], font_size=11, font_weight=700, fill=STATE_INK[state])
            yield glyph, 10.0, state.value
    if any(node.kind == "view" for node in graph.nodes):
        yield svg.rect(0.5, 3, 17, 12, radius=3, fill="none", stroke=FRAME, stroke_dasharray="5 3"), 18.0, "view"
    if any(node.external for node in graph.nodes):
        yield svg.rect(0.5, 3, 17, 12, radius=3, fill=OUTSIDE, stroke=FRAME), 18.0, "external"
    if graph.hue_meaning and 1 < len(hues) <= _MOST_HUES:
        yield from ((_swatch(fill), 14.0, printable(name)) for name, fill in hues.items())


def _swatch(fill: str) -> str:
    return svg.rect(0.5, 3, 12, 12, radius=3, fill=fill, stroke=dark_edge(fill))


def _end_sample(end: End) -> str:
    side = svg.line(1, 2, 1, 16, stroke=FRAME, stroke_width=2)
    return side + svg.line(2, 9, 30, 9, stroke=LINE, stroke_width=1.2) + end_mark(end, Point(2, 9), 1.0, LINE)


def _line_sample(style: LineStyle, weight: float) -> str:
    return svg.line(0, 9, 26, 9, stroke=LINE, stroke_width=weight, stroke_dasharray=_DASHES[style])
