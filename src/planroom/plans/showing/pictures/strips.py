"""A node as a strip of one line, for an outline: names on the left, numbers in columns on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.geometry import Box
from planroom.drawing.palette import NO_HUE, SECONDARY_INK
from planroom.plans.showing.pictures.frames import BAR, frame
from planroom.plans.showing.pictures.ink import ramp
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
from planroom.plans.showing.pictures.runs import SPACE, Run, draw_runs, fitted, runs_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.plans.showing.captions import Caption
    from planroom.plans.showing.pictures.outline import Place

__all__ = ["INDENT", "PITCH", "STRIP", "Sheet", "draw_headings", "draw_strip", "place_of", "sheet_of"]

STRIP = 24.0  # height of a strip
PITCH = 30.0  # from one strip to the next
INDENT = 26.0
_LEFT, _RIGHT, _BETWEEN = BAR + 8.0, 10.0, 16.0
_MOST = 1216.0  # with the padding of the paper, what fits a page of 1,280 px with room to spare
_LEAST_NAMES = 260.0
_TRACK = 60.0  # the whole of the metric as a bar beside the share
_ROOM = 1.08  # fonts that a reader may have instead are up to a sixth wider than the measured ones, slack included

_COLUMNS: tuple[Callable[[Caption], list[Run]], ...] = (
    share_runs,
    lambda caption: row_runs(caption, unit=""),
    factor_runs,
    number_runs,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all strips of a picture share: widths in pixels, and the largest share, which fills its track."""

    names: float
    columns: tuple[float, ...]
    largest: float

    @property
    def width(self) -> float:
        """The whole width."""
        return self.names + sum(_BETWEEN + width for width in self.columns if width) + _RIGHT

    def edges(self) -> list[float]:
        """Return where each column ends."""
        found, x = [], self.names
        for width in self.columns:
            x += _BETWEEN + width if width else 0.0
            found.append(x)
        return found


def sheet_of(captions: Sequence[Caption], places: Sequence[Place], headings: Sequence[str]) -> Sheet:
    """Return the widths with which as much as possible of every text can be read."""
    columns = tuple(max(0.0, *(runs_width(column(caption)) for caption in captions)) for column in _COLUMNS)
    columns = tuple(
        max(width * _ROOM, Run(heading, SECONDARY_INK).width) if width else 0.0
        for width, heading in zip(columns, headings, strict=True)
    )
    if columns[0]:
        columns = (columns[0] + _TRACK + SPACE, *columns[1:])
    rest = sum(_BETWEEN + width for width in columns if width) + _RIGHT
    names = max(place.indent * INDENT + _LEFT + runs_width(_names(captions[place.at])) * _ROOM for place in places)
    deepest = max(place.indent for place in places) * INDENT
    largest = max(caption.level for caption in captions)
    return Sheet(max(min(names, _MOST - rest), deepest + _LEAST_NAMES), columns, largest)


def _names(caption: Caption) -> list[Run]:
    label = [Run(text, SECONDARY_INK, 10) for text in (caption.side, caption.kicker) if text]
    return [*label, *title_runs(caption), *note_runs(caption), *subject_runs(caption), *remark_runs(caption)]


def draw_strip(caption: Caption, box: Box, sheet: Sheet, *, tip: str) -> str:
    """Return the strip at its place; its columns end where the sheet says."""
    y = box.y + 16.5
    parts = frame(caption, box)
    label = [Run(text, SECONDARY_INK, 10) for text in (caption.side, caption.kicker) if text]
    remarks = [*note_runs(caption), *remark_runs(caption)]
    room = sheet.names - box.x - _LEFT
    for_subject = room - runs_width([*label, *title_runs(caption), *remarks]) - 14
    subject = fitted(subject_runs(caption), for_subject)
    parts += draw_runs(box.x + _LEFT, y, fitted([*label, *title_runs(caption), *subject, *remarks], room))
    parts.append(_track(caption.level, box, sheet))
    for column, edge, width in zip(_COLUMNS, sheet.edges(), sheet.columns, strict=True):
        if not width:
            continue
        left = column is factor_runs
        parts += draw_runs(edge - width if left else edge, y, column(caption), from_right=not left)
    return svg.group(parts, title=tip)


def _track(level: float, box: Box, sheet: Sheet) -> str:
    """Return the share as a bar: its length beside the largest, its colour beside the whole."""
    if not sheet.columns[0] or not sheet.largest:
        return ""
    x = sheet.edges()[0] - sheet.columns[0]
    track = svg.rect(x, box.y + 9, _TRACK, 6, radius=2, fill=NO_HUE)
    width = level / sheet.largest * _TRACK
    if width < 0.5:
        return track
    return track + svg.rect(x, box.y + 9, width, 6, radius=min(2, width / 2), fill=ramp(level))


def draw_headings(sheet: Sheet, headings: Sequence[str]) -> list[str]:
    """Return the titles of the columns, on a line of their own."""
    parts = []
    for text, edge, width in zip(headings, sheet.edges(), sheet.columns, strict=True):
        if width and text:
            parts += draw_runs(edge, 11, [Run(text, SECONDARY_INK)], from_right=True)
    return parts


def place_of(place: Place, sheet: Sheet, top: float) -> Box:
    """Return the box of a strip."""
    x = place.indent * INDENT
    return Box(x, top + place.row * PITCH, sheet.width - x, STRIP)
