"""The marks of planroom's drawings: signs in rows, ends and dashes of lines, rounded ways; SVG, centred where asked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.graph import End, LineStyle, Sign
from planroom.drawing.palette import ALARM, INK, PAPER, SECONDARY_INK
from planroom.drawing.text import SLACK, Face, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.drawing.geometry import Point

__all__ = ["DASHES", "END_LENGTH", "end_mark", "held", "rounded", "sign_mark"]

DASHES = {LineStyle.SOLID: None, LineStyle.DASHED: "5 3", LineStyle.DOTTED: "1.5 3"}
END_LENGTH = 19.0  # how far the longest end sign reaches from the box
_CORNER = 6.0
_FOOT = 11.0  # from the box to the crow's heel
_BAR = 4.2  # half its height
_SPREAD = 5.0  # from the middle of the foot to its outer toes
_RING = 3.2


def held(text: str, size: float, face: Face = Face.SANS) -> dict[str, svg.Value]:
    """Return what holds a text to its width where that is known exactly: a wider font would run into what is beside."""
    if not text.isascii() or not text:
        return {}
    return {"textLength": text_width(text, size, face) / SLACK, "lengthAdjust": "spacingAndGlyphs"}


def sign_mark(sign: Sign, x: float, y: float) -> str:
    """Return a sign in a field of 14 pixels whose middle is (x, y)."""
    return _SIGNS[sign](x, y)


def _key(x: float, y: float, fill: str, ink: str) -> str:
    n = svg.number
    shaft = f"M{n(x - 0.6)} {n(y)}H{n(x + 5.2)}M{n(x + 4.4)} {n(y)}v2.8M{n(x + 1.8)} {n(y)}v2.2"
    bow = svg.circle(x - 3, y, 2.4, fill=fill, stroke=ink, stroke_width=1.2)
    return bow + svg.path(shaft, fill="none", stroke=ink, stroke_width=1.2)


def _primary_key(x: float, y: float) -> str:
    return _key(x, y, INK, INK)


def _foreign_key(x: float, y: float) -> str:
    return _key(x, y, PAPER, SECONDARY_INK)


def _unique(x: float, y: float) -> str:
    return svg.text(x, y + 3.5, "u", font_size=11, font_weight=700, fill=SECONDARY_INK, text_anchor="middle")


def _indexed(x: float, y: float) -> str:
    n = svg.number
    lines = f"M{n(x - 3)} {n(y - 2.6)}h6.4M{n(x - 3)} {n(y)}h4.4M{n(x - 3)} {n(y + 2.6)}h2.4"
    return svg.path(lines, fill="none", stroke=SECONDARY_INK, stroke_width=1.2)


def _nullable(x: float, y: float) -> str:
    return svg.circle(x, y, 2.8, fill=PAPER, stroke=SECONDARY_INK, stroke_width=1.1)


def _personal(x: float, y: float) -> str:
    n = svg.number
    shield = f"M{n(x)} {n(y - 5)}l4 1.4v3c0 2.6 -1.6 4.2 -4 5.4c-2.4 -1.2 -4 -2.8 -4 -5.4v-3z"
    return svg.path(shield, fill="none", stroke=SECONDARY_INK, stroke_width=1.2)


def _open(x: float, y: float) -> str:
    return svg.circle(x, y, 3.6, fill=ALARM)


_SIGNS = {
    Sign.PRIMARY_KEY: _primary_key,
    Sign.FOREIGN_KEY: _foreign_key,
    Sign.UNIQUE: _unique,
    Sign.INDEXED: _indexed,
    Sign.NULLABLE: _nullable,
    Sign.PERSONAL: _personal,
    Sign.OPEN: _open,
}


def end_mark(end: End, at: Point, outward: float, ink: str, paper: str = PAPER) -> str:
    """Return the sign at the end of an edge.

    As taught: what stands next to the box is the most that there may be (bar or foot), what stands further
    out is the least (bar or ring).

    Args:
        end: The kind of end.
        at: Where the edge meets the side of the box.
        outward: 1 when the edge leaves to the right, -1 to the left.
        ink: The colour of the line.
        paper: What fills a ring.
    """
    if end is End.NONE:
        return ""
    if end in {End.ARROW, End.GENERAL}:
        return _triangle(end, at, outward, ink, paper)
    many = end in {End.ZERO_OR_MORE, End.ONE_OR_MORE}
    ring = end in {End.ZERO_OR_ONE, End.ZERO_OR_MORE}
    n = svg.number
    heel = at.x + outward * _FOOT
    inner = (
        f"M{n(at.x)} {n(at.y - _SPREAD)}L{n(heel)} {n(at.y)}L{n(at.x)} {n(at.y + _SPREAD)}"
        if many
        else _bar(at.x + outward * 7, at.y)
    )
    outer = "" if ring else _bar(at.x + outward * (15 if many else 11.5), at.y)
    strokes = svg.path(inner + outer, fill="none", stroke=ink, stroke_width=1.2)
    away = _FOOT if many else 8.0
    circle = svg.circle(at.x + outward * (away + _RING), at.y, _RING, fill=paper, stroke=ink, stroke_width=1.2)
    return strokes + (circle if ring else "")


def _bar(x: float, y: float) -> str:
    return f"M{svg.number(x)} {svg.number(y - _BAR)}v{svg.number(2 * _BAR)}"


def _triangle(end: End, at: Point, outward: float, ink: str, paper: str) -> str:
    n = svg.number
    base = at.x + outward * 11
    data = f"M{n(at.x)} {n(at.y)}L{n(base)} {n(at.y - 5.5)}V{n(at.y + 5.5)}Z"
    return svg.path(
        data, fill=ink if end is End.ARROW else paper, stroke=ink, stroke_width=1.2, stroke_linejoin="round"
    )


def rounded(points: Sequence[Point]) -> str:
    """Return path data for a way of level and upright legs with rounded corners."""
    n = svg.number
    parts = [f"M{n(points[0].x)} {n(points[0].y)}"]
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        first, second = _distance(before, corner), _distance(corner, after)
        radius = min(_CORNER, first / 2, second / 2)
        enter, leave = _towards(corner, before, radius / (first or 1)), _towards(corner, after, radius / (second or 1))
        parts.append(f"L{n(enter[0])} {n(enter[1])}Q{n(corner.x)} {n(corner.y)} {n(leave[0])} {n(leave[1])}")
    return "".join(parts) + f"L{n(points[-1].x)} {n(points[-1].y)}"


def _distance(a: Point, b: Point) -> float:
    return abs(a.x - b.x) + abs(a.y - b.y)


def _towards(start: Point, end: Point, share: float) -> tuple[float, float]:
    return start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share
