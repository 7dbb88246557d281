"""Ways for the links of a column arrangement: level legs, upright trunks in the gutters, never through a box.

A gutter is the strip left of a column, or right of the last. Each net has at most one trunk in a gutter; trunks stand
on tracks, ordered so that few legs cross a trunk. The width of a gutter follows from its tracks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from planroom.drawing.columns import LANE, Columns, Lane
from planroom.drawing.geometry import Box, Point

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.drawing.links import Link, Net
    from planroom.drawing.measure import Shape

__all__ = ["STUB", "Pin", "Routed", "route"]

STUB = 21.0  # the level way before a box: room for the sign at the end of an edge
TRACK = 8.0
LABEL_TRACK = 16.0  # the step between tracks whose links bear labels
LABEL_PAD = 14.0  # beside a label, to the boxes
MIN_GUTTER = 52.0
PIN_STEP = 10.0
PIN_ROOM = 18.0  # how far ends may spread over one row
STRAIGHTEN = 5.0  # an end may move this far to make a way straight
STRETCH = 0.5  # a box at least this wide, compared with its column, is widened to it
_ORDERED = 80  # above this many trunks in a gutter they are sorted, not compared with each other

LEFT, RIGHT = "left", "right"


class Pin(NamedTuple):
    """Where a trunk is joined: from which side of the gutter, and at which height."""

    side: str
    y: float


@dataclass
class _Trunk:
    net: Net
    pins: dict[Pin, None] = field(default_factory=dict)
    track: int = -1

    @property
    def top(self) -> float:
        return min(pin.y for pin in self.pins)

    @property
    def bottom(self) -> float:
        return max(pin.y for pin in self.pins)

    @property
    def straight(self) -> bool:
        return self.bottom - self.top < 0.5

    def heights(self, side: str) -> list[float]:
        return [pin.y for pin in self.pins if pin.side == side]


@dataclass(frozen=True)
class Routed:
    """Boxes in place, and the corners of each link's way by its index."""

    boxes: Mapping[str, Box]
    ways: Mapping[int, tuple[Point, ...]]
    width: float
    height: float


class _End(NamedTuple):
    node: str
    side: str
    y: float
    free: bool
    net: Net


@dataclass(frozen=True)
class _Leg:
    """A link's way through one gutter."""

    gutter: int
    enters: Pin
    leaves: Pin


def route(columns: Columns, links: Sequence[Link], shapes: Mapping[str, Shape], label: float = 0.0) -> Routed:
    """Return the boxes in place and a way for each link.

    Heights are whole pixels from here on, so that legs that should meet do.

    Args:
        columns: Which box stands where in which column.
        links: The links to find ways for.
        shapes: The sizes of the boxes.
        label: The width of the widest label on a link; 0 for none.
    """
    step = max(TRACK, min(label, LABEL_TRACK))
    columns = Columns(columns.stacks, {item: float(round(top)) for item, top in columns.tops.items()})
    column = {item: at for at, stack in enumerate(columns.stacks) for item in stack if isinstance(item, str)}
    sides = _sides(links, column)
    pins = _pins(links, sides, columns, shapes)
    legs = _legs(links, sides, column, columns, pins)
    gutters = _trunks(links, legs)
    tracks = {at: _set_tracks(list(trunks.values())) for at, trunks in gutters.items()}
    widths = _column_widths(columns, shapes)
    starts, lefts, width = _abscissas(widths, tracks, step, label)
    boxes = _boxes(columns, shapes, widths, lefts)
    ways = {}
    for link in links:
        tail_side, head_side = sides[link.index]
        points = [Point(_side_x(boxes[link.tail], tail_side), legs[link.index][0].enters.y)]
        for leg in legs[link.index]:
            trunk = gutters[leg.gutter][link.net]
            if not trunk.straight:
                x = starts[leg.gutter] + STUB + step * trunk.track
                points += [Point(x, leg.enters.y), Point(x, leg.leaves.y)]
        points.append(Point(_side_x(boxes[link.head], head_side), legs[link.index][-1].leaves.y))
        ways[link.index] = _without_needless(points)
    return _from_origin(boxes, ways, width)


def _side_x(box: Box, side: str) -> float:
    return box.right if side == RIGHT else box.x


def _sides(links: Sequence[Link], column: Mapping[str, int]) -> dict[int, tuple[str, str]]:
    """Return at which side each link leaves its tail and reaches its head."""
    sides = {}
    gutters_of_net: dict[tuple[Net, int], None] = {}
    load: dict[int, int] = defaultdict(int)
    for link in links:
        step = column[link.head] - column[link.tail]
        if step:
            sides[link.index] = (RIGHT, LEFT) if step > 0 else (LEFT, RIGHT)
            gutter = column[link.tail] + (step > 0)
            gutters_of_net[link.net, gutter] = None
            load[gutter] += 1
    for link in links:
        at = column[link.tail]
        if link.index in sides:
            continue
        shared = [gutter for gutter in (at + 1, at) if (link.net, gutter) in gutters_of_net]
        gutter = shared[0] if shared else min((at + 1, at), key=lambda g: (load[g] + 2 * (g == 0), -g))
        gutters_of_net[link.net, gutter] = None
        load[gutter] += 1
        sides[link.index] = (RIGHT, RIGHT) if gutter == at + 1 else (LEFT, LEFT)
    return sides


def _pins(
    links: Sequence[Link],
    sides: Mapping[int, tuple[str, str]],
    columns: Columns,
    shapes: Mapping[str, Shape],
) -> dict[tuple[int, str], float]:
    """Return the height of each link's two ends; ends of different nets at one row stand apart."""
    places: dict[tuple[str, str, float], dict[Net, list[float]]] = defaultdict(lambda: defaultdict(list))
    ends: dict[tuple[int, str], tuple[tuple[str, str, float], Net]] = {}
    free: dict[tuple[str, str, float], bool] = {}
    for link in links:
        tail_side, head_side = sides[link.index]
        tail, head = columns.tops[link.tail] + link.tail_y, columns.tops[link.head] + link.head_y
        head_net = (*link.net, "back") if link.tail == link.head else link.net
        for which, place, net, far, is_free in (
            ("tail", (link.tail, tail_side, link.tail_y), link.net, head, link.free_tail),
            ("head", (link.head, head_side, link.head_y), head_net, tail, link.free_head),
        ):
            places[place][net].append(far)
            ends[link.index, which] = (place, net)
            free[place] = is_free
    offsets = {place: _spread(nets, _room(shapes[place[0]], free=free[place])) for place, nets in places.items()}
    heights = {}
    for key, (place, net) in ends.items():
        heights[key] = columns.tops[place[0]] + place[2] + offsets[place][net]
    for link in links:
        (tail_place, _), (head_place, _) = ends[link.index, "tail"], ends[link.index, "head"]
        gap = heights[link.index, "tail"] - heights[link.index, "head"]
        if link.tail == link.head or abs(gap) > STRAIGHTEN:
            continue
        if len(places[head_place]) == 1 and sum(map(len, places[head_place].values())) == 1:
            heights[link.index, "head"] += gap
        elif len(places[tail_place]) == 1 and sum(map(len, places[tail_place].values())) == 1:
            heights[link.index, "tail"] -= gap
    return heights


def _room(shape: Shape, *, free: bool) -> float:
    if not free:
        return PIN_ROOM
    return PIN_ROOM if shape.ports else shape.height - 14


def _spread(nets: Mapping[Net, Sequence[float]], room: float) -> dict[Net, float]:
    """Return how far each net's end stands from the middle of its row; upper ones lead upwards."""
    order = sorted(nets, key=lambda net: (round(sum(nets[net]) / len(nets[net]), 3), net))
    step = min(PIN_STEP, room / max(1, len(order) - 1))
    return {net: float(round(step * (at - (len(order) - 1) / 2))) for at, net in enumerate(order)}


def _legs(
    links: Sequence[Link],
    sides: Mapping[int, tuple[str, str]],
    column: Mapping[str, int],
    columns: Columns,
    pins: Mapping[tuple[int, str], float],
) -> dict[int, list[_Leg]]:
    lanes: dict[Lane, float] = {}
    legs: dict[int, list[_Leg]] = {}
    for link in links:
        start, end = column[link.tail], column[link.head]
        y, last = pins[link.index, "tail"], pins[link.index, "head"]
        if start == end:
            side = LEFT if sides[link.index][0] == RIGHT else RIGHT
            legs[link.index] = [_Leg(start + (side == LEFT), Pin(side, y), Pin(side, last))]
            continue
        step = 1 if end > start else -1
        near, far = (LEFT, RIGHT) if step > 0 else (RIGHT, LEFT)
        way = []
        for at in range(start, end, step):
            following = at + step
            target = last if following == end else _lane_height(Lane(link.net, following), y, columns, lanes)
            way.append(_Leg(max(at, following), Pin(near, y), Pin(far, target)))
            y = target
        legs[link.index] = way
    return legs


def _lane_height(lane: Lane, y: float, columns: Columns, lanes: dict[Lane, float]) -> float:
    """Return the height of a lane; the first link to use it may move it a little to come in straight."""
    if lane not in lanes:
        middle = columns.tops[lane] + LANE / 2
        lanes[lane] = y if abs(y - middle) <= LANE / 3 else middle
    return lanes[lane]


def _trunks(links: Sequence[Link], legs: Mapping[int, Sequence[_Leg]]) -> dict[int, dict[Net, _Trunk]]:
    gutters: dict[int, dict[Net, _Trunk]] = defaultdict(dict)
    for link in links:
        for leg in legs[link.index]:
            trunk = gutters[leg.gutter].setdefault(link.net, _Trunk(link.net))
            trunk.pins[leg.enters] = trunk.pins[leg.leaves] = None
    return gutters


def _set_tracks(trunks: list[_Trunk]) -> int:
    """Give each trunk that is not straight a track, from the left; return how many tracks there are."""
    bent = sorted((trunk for trunk in trunks if not trunk.straight), key=_slant)
    if len(bent) <= _ORDERED:
        bent = _least_clashes(bent)
    for at, trunk in enumerate(bent):
        beside = (other.track for other in bent[:at] if other.top - 7 < trunk.bottom and trunk.top - 7 < other.bottom)
        trunk.track = max(beside, default=-1) + 1
    return max((trunk.track for trunk in bent), default=-1) + 1


def _slant(trunk: _Trunk) -> tuple[float, float, Net]:
    """Return a first order: what comes in high from the left and leaves low stands right."""
    left, right = trunk.heights(LEFT), trunk.heights(RIGHT)
    rise = (sum(left) / len(left) if left else 0.0) - (sum(right) / len(right) if right else 0.0)
    return (-1.0 if not right else 1.0 if not left else 0.0, -rise, trunk.net)


def _least_clashes(trunks: Sequence[_Trunk]) -> list[_Trunk]:
    """Set the trunks from the left, always the one that clashes least with those still to come."""
    count = len(trunks)
    gain = [[_clashes(a, b) - _clashes(b, a) if a is not b else 0 for b in trunks] for a in trunks]
    waiting, ordered = list(range(count)), []
    while waiting:
        best = min(waiting, key=lambda at: (sum(gain[at][other] for other in waiting), at))
        waiting.remove(best)
        ordered.append(trunks[best])
    return ordered


def _clashes(left: _Trunk, right: _Trunk) -> int:
    """Count crossings when ``left`` stands left of ``right``; legs on top of each other count five."""
    outward, inward = left.heights(RIGHT), right.heights(LEFT)
    crossings = sum(right.top - 1 < y < right.bottom + 1 for y in outward)
    crossings += sum(left.top - 1 < y < left.bottom + 1 for y in inward)
    return crossings + 5 * sum(abs(a - b) < 3 for a in outward for b in inward)


def _column_widths(columns: Columns, shapes: Mapping[str, Shape]) -> list[float]:
    return [
        max((shapes[item].width for item in stack if isinstance(item, str)), default=0.0) for stack in columns.stacks
    ]


def _abscissas(
    widths: Sequence[float], tracks: Mapping[int, int], step: float, label: float
) -> tuple[list[float], list[float], float]:
    """Return where each gutter starts, where each column starts, and the whole width.

    A label is centred on its track: outer gutters, too, have room for half of one on both sides.
    """
    starts, lefts, x = [], [], 0.0
    least = max(label + 2 * LABEL_PAD if label else 0.0, MIN_GUTTER)
    outside, inside = label / 2, max(0.0, label / 2 + 4 - STUB) if label else 0.0
    for at in range(len(widths) + 1):
        starts.append(x)
        outer = at in {0, len(widths)}
        needed = STUB + (STUB if not outer else 4) + step * max(0, tracks.get(at, 0) - 1)
        if outer:
            x += needed + outside + inside if tracks.get(at) else 0.0
            if at == 0 and tracks.get(at):
                starts[0] = 4 - STUB + outside  # its boxes stand right of it: the first track may be at the very edge
            elif at:
                starts[at] += inside
        else:
            if needed < least:  # tracks stand in the middle of a gutter that is wider than they need
                starts[at] += (least - needed) / 2
            x += max(least, needed)
        if at < len(widths):
            lefts.append(x)
            x += widths[at]
    return starts, lefts, x


def _boxes(
    columns: Columns, shapes: Mapping[str, Shape], widths: Sequence[float], lefts: Sequence[float]
) -> dict[str, Box]:
    boxes = {}
    for at, stack in enumerate(columns.stacks):
        for item in stack:
            if isinstance(item, str):
                shape = shapes[item]
                width = widths[at] if shape.width >= STRETCH * widths[at] else shape.width
                boxes[item] = Box(lefts[at], columns.tops[item], width, shape.height)
    return boxes


def _without_needless(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the way without repeated points and without corners that turn nowhere."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1].x - point.x) < 0.05 and abs(kept[-1].y - point.y) < 0.05:
            continue
        if len(kept) > 1 and (
            abs(kept[-2].x - kept[-1].x) + abs(kept[-1].x - point.x) < 0.1
            or abs(kept[-2].y - kept[-1].y) + abs(kept[-1].y - point.y) < 0.1
        ):
            kept[-1] = point
            continue
        kept.append(point)
    return tuple(kept)


def _from_origin(boxes: Mapping[str, Box], ways: Mapping[int, tuple[Point, ...]], width: float) -> Routed:
    tops = [box.y for box in boxes.values()] + [point.y for way in ways.values() for point in way]
    bottoms = [box.bottom for box in boxes.values()] + [point.y for way in ways.values() for point in way]
    up = min(tops, default=0.0)
    return Routed(
        {node: box.moved(0, -up) for node, box in boxes.items()},
        {index: tuple(Point(x, y - up) for x, y in way) for index, way in ways.items()},
        width,
        max(bottoms, default=0.0) - up,
    )
