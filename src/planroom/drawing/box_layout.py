"""Places for boxes in nested frames: Graphviz places boxes, curves and labels; planroom chooses the direction.

Both directions are tried, from top to bottom and from left to right; the one that fits the page wins, or else the one
whose shape is nearer to a page's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from planroom.drawing import graphviz
from planroom.drawing.boxes import label_texts
from planroom.drawing.geometry import Box, Point
from planroom.drawing.measure import measure
from planroom.drawing.text import Face, printable, text_width
from planroom.errors import LayoutError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.drawing.graph import Cluster, Graph
    from planroom.drawing.measure import Shape

__all__ = ["Placed", "heading_width", "place_boxes"]

_POINTS = 72.0  # an inch
_LABEL_HEIGHT = 18
_SHAPE = 0.62  # height over width of a page that one sees at once
_MARGIN = 14
_FEW = (60, 120)  # boxes and lines that get all effort: below a second for a layout, measured on generated systems
_MOST = (400, 800)  # that Graphviz is asked about at all
_NODE_GAP = 0.3  # inches, as the others
_RANK_GAPS = {"TB": 0.42, "LR": 0.3}
_TIGHT = 0.5  # of the gaps, where nothing fits otherwise


@dataclass(frozen=True, slots=True)
class Placed:
    """Where Graphviz puts everything, in pixels from the top left.

    Attributes:
        capped: It had less effort, because there is much to place.
    """

    boxes: Mapping[str, Box]
    curves: Mapping[int, tuple[Point, ...]]
    labels: Mapping[int, Box]
    frames: Mapping[str, Box]
    width: float
    height: float
    capped: bool = False


def place_boxes(graph: Graph, *, width: float, seconds: float) -> Placed:
    """Return the better of two layouts of a graph of boxes.

    How much effort that gets is decided by counted size, so that it is the same everywhere.

    Raises:
        LayoutTimeoutError: The safety net was needed.
        LayoutError: It is too large, or Graphviz could not do it.
    """
    size = (len(graph.nodes), len(graph.edges))
    if size[0] > _MOST[0] or size[1] > _MOST[1]:
        raise LayoutError(f"{size[0]} boxes and {size[1]} lines are too many for Graphviz.")
    shapes = {node.id: measure(node) for node in graph.nodes}
    few = size[0] <= _FEW[0] and size[1] <= _FEW[1]
    for tight in (False, True) if few else (True,):
        dots = [_dot(graph, shapes, way, tight=tight, lines=not few) for way in _RANK_GAPS]
        tried = [_placed(graph, shapes, graphviz.ask(dot, seconds)) for dot in dots]
        best = min(tried, key=lambda placed: _cost(placed, width))
        if best.width <= width:
            break
    return replace(best, capped=not few)


def _cost(placed: Placed, width: float) -> tuple[bool, float]:
    """Return whether a layout is too wide, and how much paper it takes when brought to the shape of a page."""
    side = max(placed.width, placed.height / _SHAPE)
    return placed.width > width, side * side if placed.width <= width else placed.width


def _dot(graph: Graph, shapes: Mapping[str, Shape], direction: str, *, tight: bool, lines: bool) -> str:
    """Return a DOT text with no text in it: boxes, labels and frames' headings as blanks of their size."""
    names = {node.id: f"n{at}" for at, node in enumerate(graph.nodes)}
    share = _TIGHT if tight else 1.0
    effort = "splines=line nslimit=2 nslimit1=2 mclimit=0.1" if lines else "splines=true"
    gaps = f"nodesep={_NODE_GAP * share:.2f} ranksep={_RANK_GAPS[direction] * share:.2f}"
    return "\n".join(
        [
            f"digraph {{ graph [rankdir={direction} {gaps} {effort}]",
            'node [shape=box fixedsize=true label=""] edge [arrowhead=none]',
            *(_node(names[node.id], shapes[node.id]) for node in graph.nodes),
            *_frames(graph.clusters, "", names),
            *(_edge(graph, at, names) for at in range(len(graph.edges))),
            "}",
        ]
    )


def _node(name: str, shape: Shape) -> str:
    return f"{name} [width={shape.width / _POINTS:.4f} height={shape.height / _POINTS:.4f}]"


def _frames(clusters: Sequence[Cluster], parent: str, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the frames within a frame, each with its own nodes; a node belongs to the innermost that names it."""
    for at, cluster in enumerate(clusters):
        if cluster.parent != parent:
            continue
        inner = {node for other in clusters if other.parent == cluster.id for node in other.nodes}
        own = " ".join(names[node] for node in cluster.nodes if node not in inner and node in names)
        heading = _blank(heading_width(cluster), _LABEL_HEIGHT)
        yield f"subgraph cluster_{at} {{ margin={_MARGIN} labeljust=l label={heading} {own}"
        yield from _frames(clusters, cluster.id, names)
        yield "}"


def heading_width(cluster: Cluster) -> float:
    """Return the width of a frame's heading."""
    note = text_width(printable(cluster.note), 11) + 8 if cluster.note else 0.0
    return text_width(printable(cluster.label), 11, Face.BOLD) + note


def _edge(graph: Graph, at: int, names: Mapping[str, str]) -> str:
    edge = graph.edges[at]
    texts = label_texts(edge)
    label = f" label={_blank(texts.width, texts.height)}" if texts.width else ""
    return f"{names[edge.tail]} -> {names[edge.head]} [id=e{at}{label}]"


def _blank(width: float, height: float) -> str:
    size = f'WIDTH="{round(width)}" HEIGHT="{round(height)}"'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0"><TR><TD FIXEDSIZE="TRUE" {size}></TD></TR></TABLE>>'


def _placed(graph: Graph, shapes: Mapping[str, Shape], answer: Mapping[str, Any]) -> Placed:
    """Read Graphviz's answer, whose y grows upwards, and move it to the top left."""
    boxes = {}
    for at, node in enumerate(graph.nodes):
        (x, y), shape = answer["nodes"][f"n{at}"], shapes[node.id]
        boxes[node.id] = Box(x - shape.width / 2, -y - shape.height / 2, shape.width, shape.height)
    curves, labels = {}, {}
    for at, edge in enumerate(graph.edges):
        curves[at] = tuple(Point(x, -y) for x, y in answer["edges"].get(f"e{at}", ()))
        if f"e{at}" in answer["labels"]:
            (x, y), texts = answer["labels"][f"e{at}"], label_texts(edge)
            labels[at] = Box(x - texts.width / 2, -y - texts.height / 2, texts.width, texts.height)
    frames = {}
    for at, cluster in enumerate(graph.clusters):
        if f"cluster_{at}" in answer["frames"]:
            left, bottom, right, top = answer["frames"][f"cluster_{at}"]
            frames[cluster.id] = Box(left, -top, right - left, top - bottom)
    return _from_origin(boxes, curves, labels, frames)


def _from_origin(
    boxes: Mapping[str, Box],
    curves: Mapping[int, tuple[Point, ...]],
    labels: Mapping[int, Box],
    frames: Mapping[str, Box],
) -> Placed:
    everything = [*boxes.values(), *labels.values(), *frames.values()]
    everything += [Box(x, y, 0.0, 0.0) for curve in curves.values() for x, y in curve]
    left, top = min((box.x for box in everything), default=0.0), min((box.y for box in everything), default=0.0)
    return Placed(
        {node: box.moved(-left, -top) for node, box in boxes.items()},
        {at: tuple(Point(x - left, y - top) for x, y in curve) for at, curve in curves.items()},
        {at: box.moved(-left, -top) for at, box in labels.items()},
        {frame: box.moved(-left, -top) for frame, box in frames.items()},
        max((box.right for box in everything), default=0.0) - left,
        max((box.bottom for box in everything), default=0.0) - top,
    )
