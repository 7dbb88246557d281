"""Places for a graph's nodes and ways for its edges.

How much effort a layout gets is chosen by counted size, so it is the same on every machine; the clock is a safety net
only, and its use is written in the result. There is always a picture: where Graphviz is missing, too slow, or
would make the picture too wide, planroom arranges the boxes itself.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.drawing import graphviz
from planroom.drawing.arrange import arrange
from planroom.drawing.box_layout import place_boxes
from planroom.drawing.columns import BOX_GAP, FRAME_LABEL, FRAME_PAD
from planroom.drawing.geometry import Box, Point
from planroom.drawing.graph import Notation
from planroom.drawing.links import Link, components, links_of, ranks
from planroom.drawing.measure import label_width, measure
from planroom.drawing.routing import MIN_GUTTER, Routed, route
from planroom.drawing.sequence import place_sequence
from planroom.errors import LayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.drawing.graph import Cluster, Graph
    from planroom.drawing.measure import Shape

__all__ = ["Effort", "Grid", "Layout", "Route", "effort_for", "lay_out"]

PART_GAP = 44.0
SAFETY_NET_SECONDS = 20.0
WIDTH = 1374.0  # what fits 1,280 px with 11 px text at 10 px, less the paper's padding
_MOST_DROPPED = 60
_MISALIGNED = 120.0  # px: what it may cost in height to stand under another box
_EVENNESS = (0.6, 1.8)  # how much even columns count against short ways
_RETRIES = 3  # with fewer columns, for a large part that came out too wide
_FEW = 80  # nodes: so few that three numbers of columns can be tried
_ASPECT = 0.8  # height over width that a picture should have


class Effort(enum.StrEnum):
    """How a layout was found."""

    FULL = "Graphviz, splines"
    LINES = "Graphviz, capped"
    OWN = "planroom's own"


# Measured with dot on real and generated schemas: the cost follows the depth, not the number of tables.
_LIMITS = ((Effort.FULL, 120, 260, 16), (Effort.LINES, 400, 800, 10))


def effort_for(nodes: int, edges: int, depth: int) -> Effort:
    """Return the effort that a connected graph of this size gets.

    Args:
        nodes: Number of nodes.
        edges: Number of edges.
        depth: Number of nodes on the longest way.
    """
    for effort, most_nodes, most_edges, deepest in _LIMITS:
        if nodes <= most_nodes and edges <= most_edges and depth <= deepest:
            return effort
    return Effort.OWN


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one edge, from the tail's side to the head's: level and upright legs, or a curve.

    Attributes:
        points: The corners; of a curve, the first point and three a Bézier piece.
        curved: It is a curve.
        label: Where the edge's label has its room; None where the renderer finds a place.
    """

    edge: int
    points: tuple[Point, ...]
    curved: bool = False
    label: Box | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares over a sheet, called as on a map: letters to the right, numbers down.

    Attributes:
        label: The height that each frame keeps free for its label.
    """

    columns: int
    rows: int
    label: float = 0.0

    def square(self, point: Point, width: float, height: float) -> str:
        """Return the name of the square that a point of a sheet of this size lies in.

        Example:
            >>> Grid(4, 3).square(Point(390, 10), 400, 300)
            'D1'
        """
        column = min(self.columns - 1, int(point.x * self.columns / width))
        return f"{self.letter(column)}{min(self.rows - 1, int(point.y * self.rows / height)) + 1}"

    @staticmethod
    def letter(column: int) -> str:
        """Return the name of a column: A to Z, then AA, AB ..."""
        tens, ones = divmod(column, 26)
        return (chr(ord("A") + tens - 1) if tens else "") + chr(ord("A") + ones)


@dataclass(frozen=True)
class Layout:
    """Where everything stands, in pixels from the top left.

    Attributes:
        places: The box of each node, in the graph's order.
        routes: The way of each edge, in the graph's order.
        frames: The box of each cluster that could be framed without enclosing a stranger.
        efforts: How the connected parts were laid out, in order, without repeats.
        note: What the reader should know, such as that Graphviz is missing; else empty.
        timed_out: The safety net was used: the result may differ on another machine.
        grid: The squares of a sheet; None for a picture without.
    """

    places: tuple[tuple[str, Box], ...]
    routes: tuple[Route, ...]
    frames: tuple[tuple[str, Box], ...]
    width: float
    height: float
    efforts: tuple[Effort, ...] = ()
    note: str = ""
    timed_out: bool = False
    grid: Grid | None = None

    @cached_property
    def boxes(self) -> Mapping[str, Box]:
        """The boxes, by node id."""
        return dict(self.places)


@dataclass(frozen=True)
class _Part:
    routed: Routed
    effort: Effort | None = None
    note: str = ""
    timed_out: bool = False


def lay_out(graph: Graph, *, width: float = WIDTH, seconds: float = SAFETY_NET_SECONDS) -> Layout:
    """Return places and ways for a graph.

    Args:
        graph: What to lay out; edges to nodes that it does not hold are an error of the view.
        width: The width to stay within, as far as single boxes allow.
        seconds: The safety net for each connected part.
    """
    if graph.notation is Notation.SEQUENCE:
        return _sequence(graph)
    if graph.notation is Notation.BOXES and graph.nodes:
        try:
            return _boxes(graph, width, seconds)
        except LayoutError as error:
            why, late = f"{error.what} Arranged by planroom instead.", isinstance(error, graphviz.LayoutTimeoutError)
            return replace(_in_columns(graph, width, seconds), note=why, timed_out=late)
    return _in_columns(graph, width, seconds)


def _sequence(graph: Graph) -> Layout:
    boxes, ways, labels, width, height = place_sequence(graph)
    routes = tuple(Route(at, way, label=labels[at]) for at, way in ways.items())
    return Layout(tuple(boxes.items()), routes, (), width, height)


def _boxes(graph: Graph, width: float, seconds: float) -> Layout:
    if not graphviz.available():
        raise LayoutError("Graphviz (pygraphviz) is not installed.")
    placed = place_boxes(graph, width=width, seconds=seconds)
    return Layout(
        places=tuple((node.id, placed.boxes[node.id]) for node in graph.nodes),
        routes=tuple(
            Route(at, curve, curved=True, label=placed.labels.get(at)) for at, curve in placed.curves.items() if curve
        ),
        frames=tuple(placed.frames.items()),
        width=placed.width,
        height=placed.height,
        efforts=(Effort.LINES if placed.capped else Effort.FULL,),
    )


def _in_columns(graph: Graph, width: float, seconds: float) -> Layout:
    shapes = {node.id: measure(node) for node in graph.nodes}
    links = links_of(graph, shapes)
    tied = [(link.tail, link.head) for link in links]
    members = [cluster.nodes for cluster in graph.clusters if cluster.nodes]
    found = components([node.id for node in graph.nodes], [*tied, *members])
    links_by_node: dict[str, list[Link]] = {}
    for link in links:
        links_by_node.setdefault(link.tail, []).append(link)
    parts, singles = [], []
    label = max((label_width(edge.label) for edge in graph.edges if edge.label), default=0.0)
    for nodes in sorted(found, key=lambda part: -len(part)):
        own = sorted((link for node in nodes for link in links_by_node.get(node, ())), key=lambda link: link.index)
        if own:
            parts.append(_part(nodes, own, shapes, members, width, label, seconds))
        else:
            singles += nodes
    few = len(singles) <= _MOST_DROPPED and not graph.clusters and parts
    if singles and not few:
        parts.append(_Part(_masonry(singles, shapes, width)))
    return _pack(graph, parts, {node: shapes[node] for node in singles} if few else {}, width)


def _part(
    nodes: Sequence[str],
    links: Sequence[Link],
    shapes: Mapping[str, Shape],
    clusters: Sequence[Sequence[str]],
    width: float,
    label: float,
    seconds: float,
) -> _Part:
    """Lay out one connected part: Graphviz where it is within its limits and fits the width, else planroom's own."""
    rank = ranks(nodes, ((link.tail, link.head) for link in links))
    effort = effort_for(len(nodes), len(links), max(rank.values()) + 1)
    inside = [[node for node in cluster if node in rank] for cluster in clusters]
    blocks = {node: str(at) for at, cluster in enumerate(inside) for node in cluster}
    own = _own(nodes, links, shapes, width, label, blocks)
    if effort is Effort.OWN or _least_width(rank, shapes) > width:
        return _Part(own, Effort.OWN)
    if not graphviz.available():
        return _Part(own, Effort.OWN, note="Graphviz (pygraphviz) is not installed: arranged by planroom.")
    try:
        columns = graphviz.place(
            nodes, links, shapes, [c for c in inside if c], lines=effort is Effort.LINES, seconds=seconds
        )
    except graphviz.LayoutTimeoutError as error:
        return _Part(own, Effort.OWN, note=f"{error.what} Arranged by planroom instead.", timed_out=True)
    except LayoutError as error:
        return _Part(own, Effort.OWN, note=f"{error.what} Arranged by planroom instead.")
    routed = route(columns, links, shapes, label)
    return _Part(routed, effort) if _better(routed, own, width) else _Part(own, Effort.OWN)


def _least_width(rank: Mapping[str, int], shapes: Mapping[str, Shape]) -> float:
    widest: dict[int, float] = {}
    for node, at in rank.items():
        widest[at] = max(widest.get(at, 0.0), shapes[node].width)
    return sum(widest.values()) + MIN_GUTTER * (len(widest) - 1)


def _better(routed: Routed, other: Routed, width: float) -> bool:
    """Whether the first picture is the better one: it fits, is not much taller, and has the shorter ways."""
    if routed.width > width >= other.width:
        return False
    return _effort_to_read(routed) <= _effort_to_read(other) * 1.05


def _effort_to_read(routed: Routed) -> float:
    """Return a measure of how hard a picture is to read, in pixels: ways, bends, and the paper's half girth."""
    ways = sum(abs(a.x - b.x) + abs(a.y - b.y) for way in routed.ways.values() for a, b in pairwise(way))
    bends = sum(len(way) - 2 for way in routed.ways.values())
    paper = max(routed.width * _ASPECT, routed.height) * max(4, len(routed.ways)) * 0.25
    return ways + 30 * bends + paper


def _own(
    nodes: Sequence[str],
    links: Sequence[Link],
    shapes: Mapping[str, Shape],
    width: float,
    label: float,
    blocks: Mapping[str, str],
) -> Routed:
    """Arrange the nodes in as many columns as make a well-shaped picture within the width."""
    fair, most = _fair_columns(nodes, shapes, width)
    widest = most if blocks else min(most, fair + 1)
    counts = range(max(1, fair - 1), widest + 1) if len(nodes) <= _FEW else (fair,)
    evenness = _EVENNESS if len(nodes) <= _FEW else _EVENNESS[:1]
    tried = [
        route(arrange(nodes, links, shapes, count, blocks, evenly=evenly), links, shapes, label)
        for count in counts
        for evenly in evenness
    ]
    fitting = [routed for routed in tried if routed.width <= width]
    if fitting:
        return min(fitting, key=_effort_to_read)
    least = 0 if len(nodes) <= _FEW else max(0, fair - 1 - _RETRIES)
    for count in range(min(counts) - 1, least, -1):
        tried.append(route(arrange(nodes, links, shapes, count, blocks), links, shapes, label))
        if tried[-1].width <= width:
            break
    return tried[-1]


def _fair_columns(nodes: Sequence[str], shapes: Mapping[str, Shape], width: float) -> tuple[int, int]:
    """Return how many columns make a well-shaped picture, and how many can stand within the width."""
    broad = sum(shapes[node].width for node in nodes) / len(nodes) + MIN_GUTTER + 24
    tall = sum(shapes[node].height + BOX_GAP for node in nodes)
    fair = int(math.sqrt(tall / (_ASPECT * broad)) + 0.7)
    most = max(1, min(int((width + MIN_GUTTER) // broad), len(nodes)))
    return max(1, min(fair, most)), most


def _masonry(nodes: Sequence[str], shapes: Mapping[str, Shape], width: float) -> Routed:
    """Set boxes that nothing ties into columns of one width, each below the shortest column."""
    broad = max(shapes[node].width for node in nodes)
    count = max(1, min(len(nodes), int((width + BOX_GAP) // (broad + BOX_GAP))))
    bottoms = [0.0] * count
    boxes = {}
    for node in nodes:
        at = min(range(count), key=lambda column: (bottoms[column], column))
        boxes[node] = Box(at * (broad + BOX_GAP), bottoms[at], broad, shapes[node].height)
        bottoms[at] += shapes[node].height + BOX_GAP
    return Routed(boxes, {}, count * (broad + BOX_GAP) - BOX_GAP, max(bottoms) - BOX_GAP)


def _drop(
    boxes: dict[str, Box], ways: Mapping[int, Sequence[Point]], singles: Mapping[str, Shape], width: float
) -> None:
    """Set boxes that nothing ties where they come to stand highest, under and beside what stands already."""
    solid = [*boxes.values(), *(_around(a, b) for way in ways.values() for a, b in pairwise(way))]
    aligned = {box.x for box in boxes.values()} or {0.0}
    for node, shape in singles.items():
        edges = aligned | {box.right + BOX_GAP for box in boxes.values()}
        free = [x for x in sorted(edges) if x + shape.width <= width] or [0.0]
        tops = {x: _rest(solid, x, shape.width) for x in free}
        x = min(free, key=lambda x: (tops[x] + (0 if x in aligned else _MISALIGNED), x))
        y = tops[x]
        boxes[node] = Box(x, y, shape.width, shape.height)
        solid.append(boxes[node])


def _around(a: Point, b: Point) -> Box:
    return Box(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x), abs(a.y - b.y))


def _rest(solid: Sequence[Box], x: float, width: float) -> float:
    """Return the top of a box that rests under everything in its strip."""
    strip = (box.bottom for box in solid if box.x < x + width + BOX_GAP - 1 and x < box.right + BOX_GAP - 1)
    return max((bottom + BOX_GAP for bottom in strip), default=0.0)


def _pack(graph: Graph, parts: Sequence[_Part], singles: Mapping[str, Shape], width: float) -> Layout:
    """Set the parts on shelves within the width, in their order, and single boxes where there is room."""
    boxes: dict[str, Box] = {}
    ways: dict[int, tuple[Point, ...]] = {}
    top = FRAME_PAD + FRAME_LABEL if graph.clusters else 0.0
    margin = FRAME_PAD if graph.clusters else 0.0
    x, y, shelf, right = margin, top, 0.0, 0.0
    for part in parts:
        routed = part.routed
        if x > margin and x + routed.width > width:
            x, y, shelf = margin, y + shelf + PART_GAP + top, 0.0
        boxes.update({node: box.moved(x, y) for node, box in routed.boxes.items()})
        ways.update({index: tuple(Point(a + x, b + y) for a, b in way) for index, way in routed.ways.items()})
        right, shelf = max(right, x + routed.width), max(shelf, routed.height)
        x += routed.width + PART_GAP
    _drop(boxes, ways, singles, width)
    frames = tuple(_frames(graph.clusters, boxes))
    right = max([right, *(boxes[node].right for node in singles)])
    bottom = max([y + shelf, *(boxes[node].bottom for node in singles)])
    return Layout(
        places=tuple((node.id, boxes[node.id]) for node in graph.nodes),
        routes=tuple(Route(index, ways[index]) for index in sorted(ways)),
        frames=frames,
        width=right + margin,
        height=bottom + margin,
        efforts=tuple(dict.fromkeys(part.effort for part in parts if part.effort)),
        note=" ".join(dict.fromkeys(part.note for part in parts if part.note)),
        timed_out=any(part.timed_out for part in parts),
    )


def _levels_in(cluster: Cluster, clusters: Sequence[Cluster]) -> int:
    """Return how many frames deep it is within a frame."""
    return max((1 + _levels_in(each, clusters) for each in clusters if each.parent == cluster.id), default=0)


def _frames(clusters: Sequence[Cluster], boxes: Mapping[str, Box]) -> list[tuple[str, Box]]:
    frames = []
    for cluster in clusters:
        inside = [boxes[node] for node in cluster.nodes if node in boxes]
        if not inside:
            continue
        left, top = min(box.x for box in inside), min(box.y for box in inside)
        right, bottom = max(box.right for box in inside), max(box.bottom for box in inside)
        around = Box(left, top, right - left, bottom - top).grown(FRAME_PAD * (1 + _levels_in(cluster, clusters)))
        frame = Box(around.x, around.y - FRAME_LABEL, around.width, around.height + FRAME_LABEL)
        own = set(cluster.nodes)
        if not any(frame.overlaps(box) for node, box in boxes.items() if node not in own):
            frames.append((cluster.id, frame))
    return frames
