"""How large an element's box is, how its texts are broken into lines, and how an edge's label is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.drawing.graph import Form
from planroom.drawing.text import Face, fit, printable, text_width

if TYPE_CHECKING:
    from planroom.drawing.graph import Edge, Node

__all__ = [
    "CAP",
    "HEAD",
    "ICON",
    "LINE",
    "PAD_X",
    "PAD_Y",
    "SIGN",
    "BoxTexts",
    "LabelTexts",
    "box_texts",
    "label_texts",
    "wrapped",
]

LINE = 15.0
ICON = 28.0
ICON_GAP = 8.0
PAD_X, PAD_Y = 12.0, 10.0
HEAD = 24.0  # of a person, above the body
CAP = 8.0  # half the height of a cylinder's ends, half the width of a pipe's
_TEXT_WIDTH = 158.0  # what a text is broken to
_MOST_TEXT = 3  # lines of a sentence
_MOST_TITLE = 2
_LEAST = 84.0
_LABEL_WIDTH = 88.0
_MOST_LABEL = 4
SIGN = 14.0


@dataclass(frozen=True, slots=True)
class BoxTexts:
    """A box's texts in lines, and its size.

    Attributes:
        left: Where texts begin beside an icon; the box's padding without one.
    """

    title: tuple[str, ...]
    label: tuple[str, ...]
    text: tuple[str, ...]
    width: float
    height: float
    left: float


@dataclass(frozen=True, slots=True)
class LabelTexts:
    """An edge's label in lines, and its size; all empty for none."""

    words: tuple[str, ...]
    note: tuple[str, ...]
    width: float
    height: float


def wrapped(text: str, width: float, size: float, face: Face, most: int) -> tuple[str, ...]:
    """Return a text in lines of about a width; what is more than the most lines hold ends in an ellipsis."""
    lines: list[str] = []
    for word in printable(" ".join(text.split())).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, face) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return tuple(fit(line, width, size, face) for line in lines)


@lru_cache(maxsize=4096)
def box_texts(node: Node) -> BoxTexts:
    """Return a box's texts and size."""
    beside = ICON + ICON_GAP if node.icon and node.form is not Form.PERSON else 0.0
    room = _TEXT_WIDTH - beside
    title = wrapped(node.title, room, 12, Face.BOLD, _MOST_TITLE) or ("",)
    label = wrapped(f"[{node.subtitle}]", room, 11, Face.SANS, 2) if node.subtitle else ()
    text = wrapped(node.text, _TEXT_WIDTH, 11, Face.SANS, _MOST_TEXT)
    head = max([*(text_width(each, 12, Face.BOLD) for each in title), *(text_width(each, 11) for each in label)])
    body = max((text_width(each, 11) for each in text), default=0.0)
    width = max(_LEAST, 2 * PAD_X + max(beside + head, body))
    top = max(LINE * (len(title) + len(label)), ICON if beside else 0.0)
    height = 2 * PAD_Y + top + (5 + LINE * len(text) if text else 0.0)
    extra_width, extra_height = _extra(node.form)
    left = PAD_X + beside
    return BoxTexts(title, label, text, float(round(width + extra_width + 0.5)), height + extra_height, left)


def _extra(form: Form) -> tuple[float, float]:
    if form is Form.PERSON:
        return 8.0, HEAD
    if form is Form.CYLINDER:
        return 0.0, 2.5 * CAP
    return (2.5 * CAP, 0.0) if form is Form.PIPE else (0.0, 0.0)


@lru_cache(maxsize=4096)
def label_texts(edge: Edge) -> LabelTexts:
    """Return an edge's label in lines, and its size."""
    words = wrapped(edge.label, _LABEL_WIDTH, 11, Face.SANS, _MOST_LABEL)
    note = wrapped(f"[{edge.note}]", _LABEL_WIDTH, 11, Face.SANS, 4) if edge.note else ()
    if not words and not note and not edge.signs:
        return LabelTexts((), (), 0.0, 0.0)
    signs = SIGN * len(edge.signs)
    first = (text_width(words[0], 11) if words else 0.0) + signs
    widths = [first, *(text_width(each, 11) for each in (*words[1:], *note))]
    return LabelTexts(words or ("",), note, max(widths) + 8, 13.0 * (len(words or ("",)) + len(note)) + 4)
