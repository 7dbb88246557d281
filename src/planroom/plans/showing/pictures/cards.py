"""A node as a card of a few lines, for a tidy tree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.palette import SECONDARY_INK
from planroom.drawing.text import fit, text_width
from planroom.plans.showing.pictures.frames import frame
from planroom.plans.showing.pictures.lines import (
    factor_runs,
    note_runs,
    number_runs,
    remark_runs,
    row_runs,
    share_runs,
    subject_runs,
    title_runs,
)
from planroom.plans.showing.pictures.runs import Run, draw_runs, fitted, runs_width

if TYPE_CHECKING:
    from planroom.drawing.geometry import Box
    from planroom.plans.showing.captions import Caption

__all__ = ["Card", "card_of", "draw_card"]

_LEFT, _RIGHT = 16.0, 10.0  # from the border to the text; the bar stands on the left
_TOP, _BOTTOM = 8.0, 8.0
_LEAST, _MOST = 128.0, 248.0
_ROOM = 1.08  # fonts that a reader may have instead are up to a sixth wider than the measured ones, slack included
_BETWEEN = 14.0  # between what stands left on a line and what stands right


@dataclass(frozen=True, slots=True)
class _Line:
    left: list[Run]
    right: list[Run]
    height: float

    @property
    def width(self) -> float:
        return runs_width(self.left) + (_BETWEEN + runs_width(self.right) if self.right else 0.0)


@dataclass(frozen=True, slots=True)
class Card:
    """The lines of a card and its size in pixels."""

    caption: Caption
    lines: tuple[_Line, ...]
    width: float
    height: float


def card_of(caption: Caption) -> Card:
    """Return the card of a node; long texts are cut."""
    lines = [
        _Line([Run(caption.kicker, SECONDARY_INK)], [], 15) if caption.kicker else None,
        _Line(title_runs(caption), number_runs(caption), 17),
        *(_Line(runs, [], 15) for runs in _in_two(subject_runs(caption), _MOST - _LEFT - _RIGHT)),
        _Line(share_runs(caption), [*row_runs(caption), *factor_runs(caption)], 18),
        _Line(remark_runs(caption), [], 15),
        _Line(note_runs(caption), [], 15),
    ]
    shown = tuple(line for line in lines if line and (line.left or line.right))
    width = min(_MOST, max(_LEAST, _LEFT + _RIGHT + max(line.width for line in shown) * _ROOM))
    return Card(caption, shown, float(math.ceil(width)), _TOP + sum(line.height for line in shown) + _BOTTOM - 4)


def _in_two(runs: list[Run], width: float) -> list[list[Run]]:
    """Return a text on one line, or broken at a blank onto two where one is not enough; the second is cut."""
    if not runs or runs[0].width <= width or " " not in runs[0].text:
        return [runs] if runs else []
    [run] = runs
    words = run.text.split(" ")
    taken = 1
    while taken < len(words) and text_width(" ".join(words[: taken + 1]), run.size, run.face) <= width:
        taken += 1
    head, rest = " ".join(words[:taken]), " ".join(words[taken:])
    return [
        [Run(text, run.fill, run.size, run.face, run.struck)] for text in (head, fit(rest, width, run.size, run.face))
    ]


def draw_card(card: Card, box: Box, *, tip: str) -> str:
    """Return the card at its place."""
    parts = frame(card.caption, box)
    y = box.y + _TOP
    for line in card.lines:
        y += line.height
        right = line.right
        room = card.width - _LEFT - _RIGHT - (runs_width(right) + _BETWEEN if right else 0.0)
        parts += draw_runs(box.x + _LEFT, y - 4.5, fitted(line.left, room))
        parts += draw_runs(box.right - _RIGHT, y - 4.5, right, from_right=True)
    return svg.group(parts, title=tip)
