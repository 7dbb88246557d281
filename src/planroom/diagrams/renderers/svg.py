"""A Graph as a stand-alone SVG picture on its own paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.diagrams.boxes import box_node, curve, icon_of, lifelines
from planroom.diagrams.edges import edge_labels, straight_edge
from planroom.diagrams.frames import RULER, frame, rulers
from planroom.diagrams.icons import definitions
from planroom.diagrams.legend import legend_of
from planroom.diagrams.renderers.base import Renderer
from planroom.diagrams.table_nodes import table_node
from planroom.drawing import Layout, lay_out, svg
from planroom.drawing.graph import Form, Graph, Notation
from planroom.drawing.marks import held
from planroom.drawing.measure import MAX_TEXT
from planroom.drawing.palette import HAIRLINE, INK, PAPER, SECONDARY_INK, assign_hues
from planroom.drawing.text import Face, fit, printable, text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Picture", "SvgRenderer", "draw"]

PADDING = 16.0
_HEADING = 30.0


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
    legend, legend_height = legend_of(graph, hues, width)
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
        parts.append(svg.group(["\n", *_content(graph, layout, hues)], transform=svg.shift(left, top)))
    if marks:
        parts.append(svg.group(marks, transform=svg.shift(left, top)))
    if legend:
        parts.append(svg.group(legend, transform=svg.shift(PADDING, legend_top)))
    parts += [
        svg.text(PADDING, caption_top + 11 + 15 * at, line, font_size=11, fill=SECONDARY_INK)
        for at, line in enumerate(caption)
    ]
    document = svg.document(full_width, full_height, parts, title=graph.summary or graph.title)
    return Picture(document, full_width, full_height)


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
    hold = held(title, 14, Face.BOLD) if graph.notation is not Notation.TABLES else {}
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
        if route.curved or graph.notation is Notation.SEQUENCE:
            line = curve(edge, route.points, curved=route.curved)
        else:
            line = straight_edge(edge, route.points, layout.boxes)
        yield line + "\n"
    for node in graph.nodes:
        box = layout.boxes[node.id]
        yield (table_node(node, box, hues) if node.form is Form.TABLE else box_node(node, box, hues)) + "\n"
    for label in edge_labels(graph, layout):
        yield label + "\n"
