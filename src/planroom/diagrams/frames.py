"""Frames around clusters, and the names of a sheet's squares along its sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.marks import held
from planroom.drawing.palette import HAIRLINE, SECONDARY_INK, dark_edge
from planroom.drawing.text import Face, fit, printable, text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.drawing.geometry import Box
    from planroom.drawing.graph import Cluster
    from planroom.drawing.layout import Grid, Layout

__all__ = ["RULER", "frame", "rulers"]

RULER = 28.0  # round a sheet, for the names of its squares
_MARK = 8.0  # how far from the sheet the marks between squares begin
_LABEL = (11.0, 10.0, 16.0)  # of a frame: its size, and its place from the top left corner
_SMALLEST_LABEL = 14.0
_TINT = "0.35"  # of a frame's ground on a sheet, which is also looked at from afar


def frame(cluster: Cluster, box: Box, hues: Mapping[str, str], grid: Grid | None) -> str:
    """Return the frame of a cluster with its label; on a sheet it has a ground of its hue, and a large label."""
    fill, large = hues.get(cluster.hue, ""), grid is not None
    size, left, base = (grid.label * 0.6, 16.0, grid.label * 0.8) if grid else _LABEL
    words, room = printable(cluster.label), box.width - 2 * left
    if large and words:  # a narrow frame has a smaller label rather than a cut one
        size = max(_SMALLEST_LABEL, min(size, size * room / text_width(words, size, Face.BOLD)))
    label = fit(words, room + 0.01, size, Face.BOLD)
    ground = svg.rect(*box, radius=10, fill=fill, fill_opacity=_TINT) if large and fill else ""
    line = svg.rect(*box, radius=10, fill="none", stroke=dark_edge(fill), stroke_dasharray=None if large else "4 3")
    heading = svg.text(
        box.x + left,
        box.y + base,
        label,
        font_size=size,
        font_weight=600,
        fill=SECONDARY_INK,
        **(held(label, size, Face.BOLD) if cluster.note else {}),
    )
    return ground + line + heading + _note(cluster, box, left + text_width(label, size, Face.BOLD) + 6, base)


def _note(cluster: Cluster, box: Box, left: float, base: float) -> str:
    note = fit(printable(cluster.note), max(0.0, box.width - left - 6), 11) if cluster.note else ""
    return (
        svg.text(box.x + left, box.y + base, note, font_size=11, fill=SECONDARY_INK, **held(note, 11))
        if len(note) > 1
        else ""
    )


def rulers(layout: Layout) -> Iterator[str]:
    """Yield the names of a sheet's squares along its four sides, and a mark where one ends and the next begins."""
    grid, right, bottom = layout.grid, layout.width, layout.height
    if not grid:
        return
    for at in range(grid.columns):
        x, step = right * at / grid.columns, right / grid.columns
        yield from (_name(x + step / 2, y, grid.letter(at)) for y in (-12.0, bottom + 22.0))
        for y in (-RULER, bottom + _MARK) if at else ():
            yield svg.line(x, y, x, y + RULER - _MARK, stroke=HAIRLINE)
    for at in range(grid.rows):
        y, step = bottom * at / grid.rows, bottom / grid.rows
        yield from (_name(x, y + step / 2 + 5, str(at + 1)) for x in (-16.0, right + 16.0))
        for x in (-RULER, right + _MARK) if at else ():
            yield svg.line(x, y, x + RULER - _MARK, y, stroke=HAIRLINE)


def _name(x: float, y: float, text: str) -> str:
    return svg.text(x, y, text, font_size=14, font_weight=600, fill=SECONDARY_INK, text_anchor="middle")
