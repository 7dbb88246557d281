"""How large a node is: its header and rows, measured with planroom's width table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.drawing.boxes import box_texts
from planroom.drawing.graph import Cell, Form, Node, Role, Row
from planroom.drawing.palette import STATE_GLYPHS
from planroom.drawing.text import Face, printable, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "HEADER",
    "MAX_TEXT",
    "PAD",
    "ROW",
    "SIGN",
    "STACK",
    "STYLES",
    "Shape",
    "Style",
    "cell_width",
    "column_gaps",
    "gutter",
    "header_widths",
    "label_width",
    "measure",
    "spans",
]

HEADER = 28.0
ROW = 20.0
PAD = 10.0
GUTTER = 9.0
GAP = 10.0  # between the columns of a row
SIGN = 14.0
BOTTOM = 4.0  # below the last row
MIN_WIDTH = 96.0
MAX_TEXT = 240.0  # one cell; a 63-byte name is cut, its full text stands in the tip
STACK = 3.0  # each of the two edges that show behind a stacked node


@dataclass(frozen=True, slots=True)
class Style:
    """How a role is set."""

    size: float
    face: Face
    secondary: bool = False


STYLES = {
    Role.TITLE: Style(12, Face.BOLD),
    Role.NAME: Style(12, Face.SANS),
    Role.FAINT: Style(12, Face.SANS, secondary=True),
    Role.TYPE: Style(11, Face.MONO, secondary=True),
    Role.NOTE: Style(11, Face.SANS, secondary=True),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A measured node.

    Attributes:
        width, height: Of the box; a layout may make it wider.
        columns: The width of each column of cells.
        ports: The y of the middle of each row with a port, from the top of the box.
    """

    width: float
    height: float
    columns: tuple[float, ...]
    ports: tuple[tuple[str, float], ...]

    def port(self, name: str) -> float:
        """Return the height at which an edge ends: the row's middle.

        Without such a row it is the header's middle; where no row has a port, the box's own.
        """
        return dict(self.ports).get(name, min(self.height, HEADER) / 2 if self.ports else self.height / 2)


def cell_width(cell: Cell) -> float:
    """Return the width of one cell's content."""
    if cell.signs:
        return SIGN * len(cell.signs)
    return _limited(cell.text, cell.role)


def _limited(text: str, role: Role) -> float:
    style = STYLES[role]
    return min(text_width(printable(text), style.size, style.face), MAX_TEXT) if text else 0.0


def column_gaps(node: Node, columns: Sequence[float]) -> list[float]:
    """Return the gap before each column; columns without content take no room, columns of signs stand close."""
    gaps, before = [], None
    for at, width in enumerate(columns):
        signs = all(not row.cells[at].text for row in node.rows if at < len(row.cells) and not spans(row, len(columns)))
        gaps.append(0.0 if not width or before is None else 1.0 if signs and before else GAP)
        before = signs if width else before
    return gaps


def label_width(label: str) -> float:
    """Return the width of an edge's label."""
    return _limited(label, Role.NOTE)


def header_widths(node: Node) -> tuple[float, float, float]:
    """Return the widths of title, subtitle and note."""
    return _limited(node.title, Role.TITLE), _limited(node.subtitle, Role.NOTE), _limited(node.note, Role.NOTE)


def gutter(node: Node) -> float:
    """Return the room at the left of a node's texts for the signs of what was added, removed or changed."""
    told = node.state in STATE_GLYPHS or any(row.state in STATE_GLYPHS for row in node.rows)
    return GUTTER if told else 0.0


def spans(row: Row, count: int) -> bool:
    """Whether a row's only cell takes the whole width of a node that has ``count`` columns."""
    return len(row.cells) == 1 < count


def measure(node: Node) -> Shape:
    """Return the size of a node and the places of its ports."""
    ports = tuple((row.port, HEADER + ROW * (at + 0.5)) for at, row in enumerate(node.rows) if row.port)
    if node.size:
        return Shape(*node.size, columns=(), ports=ports)
    if node.form is not Form.TABLE:
        texts = box_texts(node)
        return Shape(texts.width, texts.height, columns=(), ports=())
    count = max((len(row.cells) for row in node.rows), default=0)
    rows = [row for row in node.rows if not spans(row, count)]
    columns = tuple(
        max((cell_width(row.cells[at]) for row in rows if at < len(row.cells)), default=0.0) for at in range(count)
    )
    widest = max((cell_width(row.cells[0]) for row in node.rows if spans(row, count)), default=0.0)
    body = max(widest, sum(columns) + sum(column_gaps(node, columns)))
    parts = [width for width in header_widths(node) if width]
    header = sum(parts) + 8 * max(0, len(parts) - 1)
    width = max(MIN_WIDTH, 2 * PAD + gutter(node) + max(body, header))
    height = HEADER + (ROW * len(node.rows) + BOTTOM if node.rows else 0)
    return Shape(float(round(width + 0.5)), height, columns, ports)
