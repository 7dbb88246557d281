"""A sequence: elements side by side, messages from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing.boxes import label_texts
from planroom.drawing.geometry import Box, Point
from planroom.drawing.measure import measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.drawing.graph import Graph
    from planroom.drawing.measure import Shape

__all__ = ["place_sequence"]

_GAP = 14.0
_BELOW_HEADS = 16.0
_BELOW_LABEL = 7.0
_BETWEEN = 12.0
_LOOP = 26.0  # how far a message to oneself goes out
_TAIL = 18.0  # of the lifelines, below the last message


def place_sequence(graph: Graph) -> tuple[dict[str, Box], dict[int, tuple[Point, ...]], dict[int, Box], float, float]:
    """Return boxes, ways, labels, width and height of a sequence; a column is as wide as its labels need."""
    shapes = {node.id: measure(node) for node in graph.nodes}
    column = {node.id: at for at, node in enumerate(graph.nodes)}
    gaps = [_GAP] * max(0, len(graph.nodes) - 1)
    order = [node.id for node in graph.nodes]
    middles = _middles(order, shapes, gaps)
    for edge in sorted(graph.edges, key=lambda each: abs(column[each.tail] - column[each.head])):
        low, high = sorted((column[edge.tail], column[edge.head]))
        if low == high:
            high = min(low + 1, len(order) - 1)
        missing = label_texts(edge).width + 12 - (middles[high] - middles[low]) if high > low else 0.0
        if missing > 0:
            gaps[high - 1] += missing
            middles = _middles(order, shapes, gaps)
    tall = max((shape.height for shape in shapes.values()), default=0.0)
    boxes = {
        node: Box(middles[at] - shapes[node].width / 2, tall - shapes[node].height, shapes[node].width,
                  shapes[node].height)
        for at, node in enumerate(order)
    }  # fmt: skip
    ways: dict[int, tuple[Point, ...]] = {}
    labels: dict[int, Box] = {}
    y = tall + _BELOW_HEADS
    for at, edge in enumerate(graph.edges):
        texts = label_texts(edge)
        x1, x2 = middles[column[edge.tail]], middles[column[edge.head]]
        y += texts.height
        line = y + _BELOW_LABEL - 4
        if edge.tail == edge.head:
            ways[at] = (Point(x1, line), Point(x1 + _LOOP, line), Point(x1 + _LOOP, line + 14), Point(x1, line + 14))
            labels[at] = Box(x1 + 8, y - texts.height, texts.width, texts.height)
            y += 14
        else:
            ways[at] = (Point(x1, line), Point(x2, line))
            labels[at] = Box((x1 + x2) / 2 - texts.width / 2, y - texts.height, texts.width, texts.height)
        y += _BETWEEN
    right = max([*(box.right for box in boxes.values()), *(box.right for box in labels.values())], default=0.0)
    return boxes, ways, labels, right, y + _TAIL


def _middles(order: Sequence[str], shapes: Mapping[str, Shape], gaps: Sequence[float]) -> list[float]:
    middles, x = [], 0.0
    for at, node in enumerate(order):
        width = shapes[node].width
        middles.append(x + width / 2)
        x += width + (gaps[at] if at < len(gaps) else 0.0)
    return middles
