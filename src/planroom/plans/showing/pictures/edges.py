"""The edges of a plan: as wide as the rows they carry, in decades; sub-plans are dashed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.drawing import svg

if TYPE_CHECKING:
    from planroom.drawing.geometry import Box
    from planroom.plans.showing.folding import Entry

__all__ = ["HEAVY", "QUIET", "ascent", "branch_line", "dashes", "edge_width", "ports"]

HEAVY = "#6e7781"
QUIET = "#c9d1d9"
_LEAST, _A_DECADE, _MOST = 1.2, 1.0, 10.0
_SUB_PLAN = 1.6
_HEAD = 6.0
_RAIL, _SIDE_RAIL = 15.0, 4.5  # from the left side of a strip to the lines below it
_PORT = 30.0  # between the ends of two edges below one box


def edge_width(entry: Entry) -> float:
    """Return how wide the edge above a box is: 1.2 pixels for no row, one more for each decade.

    Rows of a sub-plan do not rise into the node below which it is printed: its edge has one width.
    """
    if not entry.fold and (entry.node.subplan or entry.node.relationship in {"InitPlan", "SubPlan"}):
        return _SUB_PLAN
    rows = entry.fold.rows_carried if entry.fold else entry.node.rows_carried
    return min(_MOST, _LEAST + _A_DECADE * math.log10(1 + max(0.0, rows or 0.0)))


def dashes(width: float) -> str:
    """Return the dashes of a sub-plan's edge."""
    return f"{svg.number(max(5.0, 1.6 * width))} {svg.number(max(3.5, width))}"


def ports(box: Box, number: int) -> list[float]:
    """Return where on the lower side of a box the edges of so many children end, from left to right."""
    step = min(_PORT, (box.width - 40) / max(1, number - 1))
    middle = box.x + box.width / 2
    return [middle + (at - (number - 1) / 2) * step for at in range(number)]


def ascent(child: Box, parent: Box, port: float, width: float, colour: str, *, dashed: bool) -> str:
    """Return the edge by which rows rise from one box to another, with its head."""
    n = svg.number
    x, low, high = child.x + child.width / 2, child.y, parent.bottom
    neck = high + _HEAD + 1
    bend = (low - neck) * 0.55
    data = f"M{n(x)} {n(low)}C{n(x)} {n(low - bend)} {n(port)} {n(neck + bend)} {n(port)} {n(neck)}"
    line = svg.path(
        data, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes(width) if dashed else None
    )
    return line + _head(port, high + 1, width, colour)


def _head(x: float, y: float, width: float, colour: str) -> str:
    n = svg.number
    half = width / 2 + 2.6
    return svg.path(
        f"M{n(x - half)} {n(y + _HEAD + 0.5)}L{n(x)} {n(y)}L{n(x + half)} {n(y + _HEAD + 0.5)}Z", fill=colour
    )


def branch_line(child: Box, parent: Box, width: float, colour: str, *, dashed: bool, straight: bool) -> str:
    """Return the edge of an outline: straight up, or from the side of a box into the line above it.

    Sub-plans have a thin line of their own, left of the one by which rows rise.
    """
    if dashed:
        return _side_line(child, parent)
    n = svg.number
    x = parent.x + _RAIL
    middle = child.y + child.height / 2
    high = parent.bottom + (_HEAD if child.y - parent.bottom > 2 * _HEAD else 0)
    bend = 7.0 + width / 2
    turn = f"Q{n(x)} {n(middle)} {n(x)} {n(max(high, middle - bend))}"
    start = f"M{n(x)} {n(child.y)}" if straight else f"M{n(child.x)} {n(middle)}H{n(x + bend)}{turn}"
    data = f"{start}V{n(high)}"
    line = svg.path(data, fill="none", stroke=colour, stroke_width=width)
    return line + (_head(x, parent.bottom + 0.5, width, colour) if high > parent.bottom else "")


def _side_line(child: Box, parent: Box) -> str:
    n = svg.number
    x, middle = parent.x + _SIDE_RAIL, child.y + child.height / 2
    data = f"M{n(child.x)} {n(middle)}H{n(x)}V{n(parent.bottom)}"
    return svg.path(data, fill="none", stroke=HEAVY, stroke_width=1.2, stroke_dasharray="4 3")
