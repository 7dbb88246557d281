"""The frame of a node's box: its border, its fill, and the bar on its left that is as red as its share is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.graph import State
from planroom.drawing.palette import BODY, HAIRLINE, NO_HUE
from planroom.plans.showing.pictures.ink import border, ramp

if TYPE_CHECKING:
    from planroom.drawing.geometry import Box
    from planroom.plans.showing.captions import Caption

__all__ = ["BAR", "frame"]

BAR = 7.0
_CORNER = 5.0
_STACK = 3.0


def frame(caption: Caption, box: Box) -> list[str]:
    """Return what lies behind the texts of a box; a fold shows the edges of what lies below it."""
    stroke = border(caption)
    thick = 1.6 if caption.heavy or caption.mark.state not in {State.PLAIN, State.FAINT} else 1.0
    behind = [
        svg.rect(
            box.x + shift,
            box.y + shift,
            box.width,
            box.height,
            radius=_CORNER,
            fill=BODY,
            stroke=stroke,
            stroke_width=1,
        )
        for shift in ((2 * _STACK, _STACK) if caption.folded else ())
    ]
    fill = NO_HUE if caption.idle else BODY
    paper = svg.rect(box.x, box.y, box.width, box.height, radius=_CORNER, fill=fill)
    edge = svg.rect(
        box.x,
        box.y,
        box.width,
        box.height,
        radius=_CORNER,
        fill="none",
        stroke=stroke,
        stroke_width=thick,
        stroke_dasharray="4 3" if caption.idle else None,
    )
    return [*behind, paper, _bar(caption.level, box), edge]


def _bar(level: float, box: Box) -> str:
    n = svg.number
    data = (
        f"M{n(box.x + BAR)} {n(box.y)}V{n(box.bottom)}H{n(box.x + _CORNER)}"
        f"Q{n(box.x)} {n(box.bottom)} {n(box.x)} {n(box.bottom - _CORNER)}V{n(box.y + _CORNER)}"
        f"Q{n(box.x)} {n(box.y)} {n(box.x + _CORNER)} {n(box.y)}Z"
    )
    line = f"M{n(box.x + BAR)} {n(box.y)}V{n(box.bottom)}"
    return svg.path(data, fill=ramp(level)) + svg.path(line, fill="none", stroke=HAIRLINE)
