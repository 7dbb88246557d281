"""Tables of a picture: a header band, rows of cells in columns, and an outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.graph import Role, State
from planroom.drawing.marks import DASHES, held, sign_mark
from planroom.drawing.measure import (
    HEADER,
    PAD,
    ROW,
    SIGN,
    STACK,
    STYLES,
    column_gaps,
    gutter,
    header_widths,
    measure,
    spans,
)
from planroom.drawing.palette import BODY, INK, NO_HUE, SECONDARY_INK, STATE_GLYPHS, STATE_INK, dark_edge
from planroom.drawing.text import Face, fit, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.drawing.geometry import Box
    from planroom.drawing.graph import Cell, Node, Row

__all__ = ["table_node"]

_CORNER = 6.0


def table_node(node: Node, box: Box, hues: Mapping[str, str]) -> str:
    """Draw a node with a header and rows; what it says by itself is its tooltip."""
    fill = hues.get(node.hue, NO_HUE)
    ink = STATE_INK.get(node.state) or (INK if node.strong else dark_edge(fill))
    weight = 1.8 if node.strong or node.state in STATE_GLYPHS else 1.0
    parts = [
        *_stack(node, box, ink),
        svg.rect(box.x, box.y, box.width, box.height, radius=_CORNER, fill=BODY),
        _band(node, box, fill),
        *_header_texts(node, box),
        *_rows(node, box),
        svg.rect(
            box.x,
            box.y,
            box.width,
            box.height,
            radius=_CORNER,
            fill="none",
            stroke=ink,
            stroke_width=weight,
            stroke_dasharray=DASHES[node.outline],
        ),
    ]
    return svg.group(parts, title=node.tip)


def _stack(node: Node, box: Box, ink: str) -> Iterator[str]:
    """Draw the edges of the sheets behind a node that stands for several."""
    for sheet in (2, 1) if node.stacked else ():
        inset = STACK * 1.3 * sheet
        yield svg.rect(
            box.x + inset,
            box.bottom - 10,
            box.width - 2 * inset,
            10 + STACK * sheet,
            radius=4,
            fill=BODY,
            stroke=ink,
        )


def _band(node: Node, box: Box, fill: str) -> str:
    """Draw the header: round above, straight below where rows follow; pale where the node stands back."""
    pale = "0.45" if node.state is State.FAINT else None
    if not node.rows:
        return svg.rect(box.x, box.y, box.width, box.height, radius=_CORNER, fill=fill, fill_opacity=pale)
    n, r = svg.number, _CORNER
    data = (
        f"M{n(box.x)} {n(box.y + HEADER)}V{n(box.y + r)}Q{n(box.x)} {n(box.y)} {n(box.x + r)} {n(box.y)}"
        f"H{n(box.right - r)}Q{n(box.right)} {n(box.y)} {n(box.right)} {n(box.y + r)}V{n(box.y + HEADER)}Z"
    )
    return svg.path(data, fill=fill, fill_opacity=pale)


def _header_texts(node: Node, box: Box) -> Iterator[str]:
    title_width, subtitle_width, note_width = header_widths(node)
    base = box.y + min(HEADER, box.height) / 2 + 4
    ink = STATE_INK.get(node.state, INK)
    left = box.x + PAD + gutter(node)
    yield _text(
        node.title, Role.TITLE, left, base, title_width, ink=ink, struck=node.state is State.REMOVED, fixed=True
    )
    if node.subtitle:
        yield _text(node.subtitle, Role.NOTE, left + title_width + 8, base, subtitle_width, fixed=True)
    if node.note:
        yield _text(node.note, Role.NOTE, box.right - PAD, base, note_width, right=True, fixed=True)
    yield from _state_glyph(node.state, box.x, base)


def _state_glyph(state: State, x: float, base: float) -> Iterator[str]:
    if state in STATE_GLYPHS:
        yield svg.text(x + 6, base, STATE_GLYPHS[state], font_size=11, font_weight=700, fill=STATE_INK[state])


def _rows(node: Node, box: Box) -> Iterator[str]:
    columns = measure(node).columns
    for at, row in enumerate(node.rows):
        y = box.y + HEADER + ROW * at
        whole = [(box.x + PAD + gutter(node), box.right - PAD)]
        places = whole if spans(row, len(columns)) else _cell_places(node, columns, box)
        yield svg.group([*_cells(row, places, y), *_state_glyph(row.state, box.x, y + 14)], title=row.tip)


def _cell_places(node: Node, columns: Sequence[float], box: Box) -> list[tuple[float, float]]:
    """Return left and right of each column of cells; from the first that is set right they stand at the right side."""
    gaps = column_gaps(node, columns)
    places, x = [], box.x + PAD + gutter(node)
    for gap, width in zip(gaps, columns, strict=True):
        x += gap
        places.append((x, x + width))
        x += width
    spare = box.right - PAD - x
    first = next((at for at in range(len(columns)) if _is_right(node, at)), len(columns))
    return [(left + spare, right + spare) if at >= first else (left, right) for at, (left, right) in enumerate(places)]


def _is_right(node: Node, at: int) -> bool:
    return any(at < len(row.cells) and row.cells[at].right for row in node.rows)


def _cells(row: Row, places: Sequence[tuple[float, float]], y: float) -> Iterator[str]:
    for cell, (left, right) in zip(row.cells, places, strict=False):
        if cell.signs:
            yield from (sign_mark(sign, left + SIGN * (at + 0.5), y + ROW / 2) for at, sign in enumerate(cell.signs))
        elif cell.text:
            yield _cell_text(cell, row.state, left, right, y + 14)


def _cell_text(cell: Cell, state: State, left: float, right: float, base: float) -> str:
    return _text(
        cell.text,
        cell.role,
        right if cell.right else left,
        base,
        right - left,
        right=cell.right,
        ink=STATE_INK.get(state, ""),
        struck=state is State.REMOVED,
    )


def _text(
    text: str,
    role: Role,
    x: float,
    base: float,
    width: float,
    *,
    right: bool = False,
    ink: str = "",
    struck: bool = False,
    fixed: bool = False,
) -> str:
    style = STYLES[role]
    fitted = fit(printable(text), width + 0.01, style.size, style.face)
    return svg.text(
        x,
        base,
        fitted,
        font_size=style.size,
        font_family=svg.MONO if style.face is Face.MONO else None,
        font_weight=600 if style.face is Face.BOLD else None,
        fill=ink or (SECONDARY_INK if style.secondary else INK),
        text_anchor="end" if right else None,
        text_decoration="line-through" if struck else None,
        **held(fitted, style.size, style.face) if fixed else {},
    )
