"""One large sheet: the clusters of a graph as blocks, set on shelves in the shape of a poster.

Links within a block are drawn; those between blocks are not: on a sheet of a thousand tables no eye can follow a line
across it. A view says in words where they lead, by the squares of the sheet's grid.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.drawing.arrange import arrange
from planroom.drawing.columns import BOX_GAP, FRAME_PAD
from planroom.drawing.geometry import Box, Point
from planroom.drawing.layout import Effort, Grid, Layout, Route
from planroom.drawing.links import links_of
from planroom.drawing.measure import measure
from planroom.drawing.routing import MIN_GUTTER, Routed, route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.drawing.graph import Cluster, Graph
    from planroom.drawing.links import Link
    from planroom.drawing.measure import Shape

__all__ = ["homes", "lay_out_sheet"]

ASPECT = math.sqrt(2)  # width over height: paper of the A series, on its side
_LEAST_LABEL = 62.0  # above the boxes of a block, for its name; more on a large sheet, to be read from afar:
_LABEL_OF_SHEET, _LABEL_OF_SHELF = 1 / 40, 0.12  # a share of the sheet's width, but no more of a shelf's height
STREET = 36.0  # between blocks
_SQUARE = 640.0  # px: about the side of a square of the grid, which holds a dozen tables
_SLACK = 1.12  # what gutters and uneven columns add to the area of a block
_EVENLY = 4.0  # how much columns of even height count against short ways
_SMALL = 0.55  # of a shelf's height: blocks that are lower stand on each other


def homes(graph: Graph) -> dict[str, int]:
    """Return for each node that stands in a cluster the cluster's place in ``graph.clusters``."""
    return {node: at for at, cluster in enumerate(graph.clusters) for node in cluster.nodes}


@dataclass(frozen=True)
class _Block:
    """What stands in one frame, from its own top left corner."""

    cluster: Cluster | None
    routed: Routed
    label: float

    @property
    def width(self) -> float:
        return self.routed.width + 2 * FRAME_PAD

    @property
    def height(self) -> float:
        return self.routed.height + 2 * FRAME_PAD + self.label


_Slot = list[_Block]


def lay_out_sheet(graph: Graph) -> Layout:
    """Return places for a graph with clusters, on a sheet half as wide again as it is high.

    Every edge gets a way within its block, or none.
    """
    shapes = {node.id: measure(node) for node in graph.nodes}
    home = homes(graph)
    inner: dict[int, list[Link]] = defaultdict(list)
    for link in links_of(graph, shapes):
        if home.get(link.tail, -1) == home.get(link.head, -1):
            inner[home.get(link.tail, -1)].append(link)
    members: dict[int, list[str]] = defaultdict(list)
    for node in graph.nodes:
        members[home.get(node.id, -1)].append(node.id)
    areas = [_area(nodes, shapes) for nodes in members.values()]
    shelf_height = _shelf_height(areas)
    wanted = min(math.sqrt(sum(areas) * ASPECT) * _LABEL_OF_SHEET, shelf_height * _LABEL_OF_SHELF)
    label = float(round(max(_LEAST_LABEL, wanted)))
    room = shelf_height - label - 2 * FRAME_PAD - STREET
    blocks = [
        _Block(graph.clusters[at] if at >= 0 else None, _arranged(members[at], inner[at], shapes, room), label)
        for at in _order(graph, members, home)
    ]
    return _set(graph, _filled(_slots(blocks, shelf_height)), label)


def _area(nodes: Sequence[str], shapes: Mapping[str, Shape]) -> float:
    boxes = sum((shapes[node].width + MIN_GUTTER) * (shapes[node].height + BOX_GAP) for node in nodes)
    return boxes * _SLACK + STREET * math.sqrt(boxes) * 4


def _order(graph: Graph, members: Mapping[int, Sequence[str]], home: Mapping[str, int]) -> list[int]:
    """Return the blocks in a line: those of one hue together, then each where its ties to those before it are most."""
    near: dict[int, Counter[int]] = defaultdict(Counter)
    for edge in graph.edges:
        one, other = home.get(edge.tail, -1), home.get(edge.head, -1)
        if one != other:
            near[one][other] += 1
            near[other][one] += 1
    hues = {at: graph.clusters[at].hue if at >= 0 else "" for at in members}
    waiting = sorted(members, key=lambda at: (-near[at].total(), -len(members[at]), at))
    line = waiting[:1]
    pull = Counter(near[line[0]]) if line else Counter[int]()
    del waiting[:1]
    while waiting:
        hue, last = hues[line[-1]], near[line[-1]]
        best = max(waiting, key=lambda at: (hues[at] == hue != "", pull[at] + 2 * last[at], len(members[at]), -at))
        waiting.remove(best)
        line.append(best)
        pull.update(near[best])
    return line


def _shelf_height(areas: Sequence[float]) -> float:
    """Return the height of a shelf with which blocks of common size come out about square."""
    whole = sum(areas)
    height = math.sqrt(whole / ASPECT)
    common = sum(area * area for area in areas) / whole if whole else 0.0
    return height / max(1, round(height / math.sqrt(common))) if common else 0.0


def _arranged(nodes: Sequence[str], links: Sequence[Link], shapes: Mapping[str, Shape], room: float) -> Routed:
    """Return the nodes in columns of about the height that a shelf has room for."""
    tall = sum(shapes[node].height + BOX_GAP for node in nodes)
    count = max(1, min(len(nodes), math.ceil(tall / max(room, 1.0))))
    if tall < room:  # a small block is square too, rather than a tower
        broad = sum(shapes[node].width for node in nodes) / len(nodes) + MIN_GUTTER
        count = max(1, min(len(nodes), round(math.sqrt(tall / broad))))
    return route(arrange(nodes, links, shapes, count, evenly=_EVENLY), links, shapes)


def _slots(blocks: Sequence[_Block], height: float) -> list[_Slot]:
    """Return the blocks in slots of a shelf; low ones that follow each other share a slot."""
    slots: list[_Slot] = []
    open_ = -1  # the slot that low blocks are added to
    for block in blocks:
        low = block.height < _SMALL * height
        if low and open_ >= 0 and _height(slots[open_]) + STREET + block.height <= height * 1.05:
            slots[open_].append(block)
            continue
        slots.append([block])
        open_ = len(slots) - 1 if low else open_
    return slots


def _height(slot: _Slot) -> float:
    return sum(block.height for block in slot) + STREET * (len(slot) - 1)


def _width(slot: _Slot) -> float:
    return max(block.width for block in slot)


def _filled(slots: Sequence[_Slot]) -> list[list[_Slot]]:
    """Return the slots on shelves of about the same width, every other shelf from right to left."""
    whole = sum(_width(slot) + STREET for slot in slots)
    height = sum(_height(slot) + STREET for slot in slots) / max(1, len(slots))
    count = max(1, round(math.sqrt(whole / (height * ASPECT)))) if slots else 1
    fair = whole / count
    shelves: list[list[_Slot]] = [[]]
    done = 0.0
    for slot in slots:
        width = _width(slot) + STREET
        if shelves[-1] and done + width / 2 > fair * len(shelves) and len(shelves) < count:
            shelves.append([])
        shelves[-1].append(slot)
        done += width
    return [shelf if at % 2 == 0 else shelf[::-1] for at, shelf in enumerate(shelves)]


def _set(graph: Graph, shelves: Sequence[Sequence[_Slot]], label: float) -> Layout:
    boxes: dict[str, Box] = {}
    ways: dict[int, tuple[Point, ...]] = {}
    frames: dict[str, Box] = {}
    y = right = 0.0
    for shelf in filter(None, shelves):
        x = 0.0
        for slot in shelf:
            below = y
            for block in slot:
                _put(block, x, below, _width(slot), boxes, ways, frames)
                below += block.height + STREET
            x += _width(slot) + STREET
        right = max(right, x - STREET)
        y += max(map(_height, shelf)) + STREET
    bottom = y - STREET if boxes else 0.0
    return Layout(
        places=tuple((node.id, boxes[node.id]) for node in graph.nodes),
        routes=tuple(Route(index, ways[index]) for index in sorted(ways)),
        frames=tuple((cluster.id, frames[cluster.id]) for cluster in graph.clusters if cluster.id in frames),
        width=right,
        height=bottom,
        efforts=(Effort.OWN,),
        grid=Grid(max(1, round(right / _SQUARE)), max(1, round(bottom / _SQUARE)), label),
    )


def _put(
    block: _Block,
    x: float,
    y: float,
    width: float,
    boxes: dict[str, Box],
    ways: dict[int, tuple[Point, ...]],
    frames: dict[str, Box],
) -> None:
    """Set a block; its frame is as wide as its slot."""
    left, top = x + FRAME_PAD, y + FRAME_PAD + block.label
    boxes.update({node: box.moved(left, top) for node, box in block.routed.boxes.items()})
    ways.update({index: tuple(Point(a + left, b + top) for a, b in way) for index, way in block.routed.ways.items()})
    if block.cluster:
        frames[block.cluster.id] = Box(x, y, width, block.height)
