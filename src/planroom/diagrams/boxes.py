"""The marks of architecture pictures: boxes of every form, curves with arrows, labels, lifelines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.diagrams.icons import Icon, icon_called, icon_in
from planroom.drawing import svg
from planroom.drawing.boxes import CAP, HEAD, ICON, LINE, PAD_X, PAD_Y, SIGN, box_texts, label_texts
from planroom.drawing.geometry import Box
from planroom.drawing.graph import End, Form, Node
from planroom.drawing.marks import DASHES, held, sign_mark
from planroom.drawing.palette import (
    FRAME,
    HAIRLINE,
    INK,
    NO_HUE,
    OUTSIDE,
    PAPER,
    SECONDARY_INK,
    STATE_INK,
    dark_edge,
)
from planroom.drawing.palette import LINE as LINE_INK
from planroom.drawing.text import Face, text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.drawing import Edge, Graph, Layout, Point

__all__ = ["box_node", "curve", "icon_of", "label", "lifelines"]

Look = dict[str, svg.Value]
_HOLLOW: Look = {"fill": "none"}
_ARROW = 9.0
_HEAD_RADIUS = 13.0


def icon_of(node: Node) -> Icon | None:
    """Return the icon of a node: by its name, or in the file that an absolute path names."""
    if not node.icon or node.form in {Form.TABLE, Form.PERSON}:
        return None
    return icon_in(node.icon.removeprefix("file:")) if node.icon.startswith("file:") else icon_called(node.icon)


def box_node(node: Node, box: Box, hues: Mapping[str, str]) -> str:
    """Return an element: its outline, icon and texts."""
    fill = OUTSIDE if node.external else hues.get(node.hue, NO_HUE)
    ink = STATE_INK.get(node.state) or (INK if node.strong else FRAME if node.external else dark_edge(fill))
    look: Look = {
        "fill": fill, "stroke": ink, "stroke_width": 1.8 if node.strong else 1.1,
        "stroke_dasharray": DASHES[node.outline],
    }  # fmt: skip
    return svg.group([*_OUTLINES[node.form](box, look), *_icon(node, box), *_texts(node, box)], title=node.tip)


def _plain(box: Box, look: Look) -> Iterator[str]:
    yield _rounded(box, 8, look)


def _rounded(box: Box, radius: float, look: Look) -> str:
    place: Look = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": radius}
    return svg.element("rect", place | look)


def _path(data: str, look: Look) -> str:
    way: Look = {"d": data}
    return svg.element("path", way | look)


def _person(box: Box, look: Look) -> Iterator[str]:
    middle: Look = {"cx": box.x + box.width / 2, "cy": box.y + _HEAD_RADIUS + 0.5, "r": _HEAD_RADIUS}
    yield _rounded(Box(box.x, box.y + HEAD, box.width, box.height - HEAD), 22, look)
    yield svg.element("circle", middle | look)


def _cylinder(box: Box, look: Look) -> Iterator[str]:
    n, top, low = svg.number, box.y + CAP, box.bottom - CAP
    bend = f"A{n(box.width / 2)} {n(CAP)} 0 0"
    body = f"M{n(box.x)} {n(top)}{bend} 1 {n(box.right)} {n(top)}V{n(low)}{bend} 1 {n(box.x)} {n(low)}Z"
    yield _path(body, look)
    yield _path(f"M{n(box.x)} {n(top)}{bend} 0 {n(box.right)} {n(top)}", look | _HOLLOW)


def _pipe(box: Box, look: Look) -> Iterator[str]:
    n, left, right = svg.number, box.x + CAP, box.right - CAP
    bend = f"A{n(CAP)} {n(box.height / 2)} 0 0"
    upper = f"M{n(left)} {n(box.y)}H{n(right)}{bend} 1 {n(right)} {n(box.bottom)}"
    yield _path(f"{upper}H{n(left)}{bend} 1 {n(left)} {n(box.y)}Z", look)
    yield _path(f"M{n(right)} {n(box.y)}{bend} 0 {n(right)} {n(box.bottom)}", look | _HOLLOW)


_OUTLINES = {Form.BOX: _plain, Form.PERSON: _person, Form.CYLINDER: _cylinder, Form.PIPE: _pipe}


def _inner(node: Node, box: Box) -> Box:
    """Return the part of a box that texts stand in."""
    if node.form is Form.PERSON:
        return Box(box.x, box.y + HEAD, box.width, box.height - HEAD)
    if node.form is Form.CYLINDER:
        return Box(box.x, box.y + 2 * CAP - 2, box.width, box.height - 2.5 * CAP)
    return Box(box.x + CAP, box.y, box.width - 2.5 * CAP, box.height) if node.form is Form.PIPE else box


def _icon(node: Node, box: Box) -> Iterator[str]:
    icon = icon_of(node)
    if icon is not None:
        inner = _inner(node, box)
        yield svg.element("use", {"href": f"#{icon.id}", "x": inner.x + PAD_X - 2, "y": inner.y + PAD_Y})


def _texts(node: Node, box: Box) -> Iterator[str]:
    texts, inner = box_texts(node), _inner(node, box)
    centred = node.form is Form.PERSON
    beside = texts.left > PAD_X and icon_of(node) is not None
    x = inner.x + (inner.width / 2 if centred else texts.left if beside else PAD_X)
    anchor = "middle" if centred else None
    head = LINE * (len(texts.title) + len(texts.label))
    reserved = ICON if texts.left > PAD_X else 0.0
    y = inner.y + PAD_Y + max(0.0, reserved - head) / 2 + 11
    for line in texts.title:
        yield svg.text(
            x, y, line, font_size=12, font_weight=600, fill=INK, text_anchor=anchor, **held(line, 12, Face.BOLD)
        )
        y += LINE
    for line in texts.label:
        yield svg.text(x, y, line, font_size=11, fill=SECONDARY_INK, text_anchor=anchor, **held(line, 11))
        y += LINE
    x = x if centred else inner.x + PAD_X
    y = inner.y + PAD_Y + max(head, reserved) + 5 + 11
    for line in texts.text:
        yield svg.text(x, y, line, font_size=11, fill=INK, text_anchor=anchor, **held(line, 11))
        y += LINE


def curve(edge: Edge, points: Sequence[Point], *, curved: bool) -> str:
    """Return the line of an edge with its arrows; of a curve the points are Bézier pieces."""
    ink = STATE_INK.get(edge.state, LINE_INK)
    n, way = svg.number, list(points)
    tip, tail = way[-1], way[0]
    heads = []
    if edge.head_end is not End.NONE:
        heads.append(_arrow(way[-1], way[-2], ink))
        way[-1] = _back(tip, way[-2])
    if edge.tail_end is not End.NONE:
        heads.append(_arrow(tail, way[1], ink))
        way[0] = _back(tail, way[1])
    data = f"M{n(way[0].x)} {n(way[0].y)}"
    if curved and len(way) % 3 == 1:
        for at in range(1, len(way), 3):
            data += "C" + " ".join(f"{n(x)} {n(y)}" for x, y in way[at : at + 3])
    else:
        data += "".join(f"L{n(x)} {n(y)}" for x, y in way[1:])
    line = svg.path(data, fill="none", stroke=ink, stroke_width=edge.weight, stroke_dasharray=DASHES[edge.style])
    return svg.group([line, *heads], title=edge.tip)


def _unit(tip: Point, before: Point) -> tuple[float, float]:
    length = math.hypot(tip.x - before.x, tip.y - before.y) or 1.0
    return (tip.x - before.x) / length, (tip.y - before.y) / length


def _back(tip: Point, before: Point) -> Point:
    dx, dy = _unit(tip, before)
    return tip._replace(x=tip.x - dx * (_ARROW - 1), y=tip.y - dy * (_ARROW - 1))


def _arrow(tip: Point, before: Point, ink: str) -> str:
    n, (dx, dy) = svg.number, _unit(tip, before)
    base_x, base_y = tip.x - dx * _ARROW, tip.y - dy * _ARROW
    across_x, across_y = -dy * 3.8, dx * 3.8
    return svg.path(
        f"M{n(tip.x)} {n(tip.y)}L{n(base_x + across_x)} {n(base_y + across_y)}"
        f"L{n(base_x - across_x)} {n(base_y - across_y)}Z",
        fill=ink,
    )


def label(edge: Edge, box: Box, *, ground: str = PAPER) -> str:
    """Return an edge's words, how in brackets below them, and its signs before them."""
    texts = label_texts(edge)
    middle, y = box.x + box.width / 2, box.y + 12
    parts = [svg.rect(box.x + 4, box.y, box.width - 8, box.height, radius=4, fill=ground, fill_opacity="0.85")]
    signs = SIGN * len(edge.signs)
    for at, line in enumerate(texts.words):
        shift = signs / 2 if at == 0 else 0.0
        if at == 0:
            left = box.x + (box.width - _first_width(edge)) / 2
            parts += [sign_mark(sign, left + SIGN * (i + 0.5), y - 4) for i, sign in enumerate(edge.signs)]
        parts.append(svg.text(middle + shift, y, line, font_size=11, fill=INK, text_anchor="middle", **held(line, 11)))
        y += 13
    for line in texts.note:
        parts.append(
            svg.text(middle, y, line, font_size=11, fill=SECONDARY_INK, text_anchor="middle", **held(line, 11))
        )
        y += 13
    return svg.group(parts)


def _first_width(edge: Edge) -> float:
    words = label_texts(edge).words
    return SIGN * len(edge.signs) + (text_width(words[0], 11) if words else 0.0)


def lifelines(graph: Graph, layout: Layout) -> Iterator[str]:
    """Yield the lines that hang from the elements of a sequence."""
    for node in graph.nodes:
        box = layout.boxes[node.id]
        x = box.x + box.width / 2
        yield svg.line(x, box.bottom, x, layout.height, stroke=HAIRLINE, stroke_width=1.2, stroke_dasharray="4 3")
