"""The lines of a box as runs of text: the same words in every shape of box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing.graph import State
from planroom.drawing.palette import INK, SECONDARY_INK, STATE_GLYPHS, STATE_INK
from planroom.drawing.text import Face
from planroom.plans.showing.pictures.ink import SEVERITY_INK, ink
from planroom.plans.showing.pictures.runs import Run

if TYPE_CHECKING:
    from planroom.plans.showing.captions import Caption

__all__ = [
    "factor_runs",
    "note_runs",
    "number_runs",
    "remark_runs",
    "row_runs",
    "share_runs",
    "subject_runs",
    "title_runs",
]

_ALARM = "#9a6700"


def title_runs(caption: Caption) -> list[Run]:
    """Return the operator, with the glyph of its mark before it."""
    state = caption.mark.state
    glyph = [Run(STATE_GLYPHS[state], STATE_INK[state], 12, Face.BOLD)] if state in STATE_GLYPHS else []
    return [*glyph, Run(caption.title, ink(caption), 12, Face.BOLD, struck=state is State.REMOVED)]


def subject_runs(caption: Caption) -> list[Run]:
    """Return what it works on."""
    return [Run(caption.subject, ink(caption), 11, Face.MONO)] if caption.subject else []


def share_runs(caption: Caption) -> list[Run]:
    """Return its own share."""
    return [Run(caption.share, INK if caption.heavy or caption.level >= 0.1 else SECONDARY_INK, 12, Face.BOLD)]


def row_runs(caption: Caption, *, unit: str = "rows") -> list[Run]:
    """Return the rows, estimated and actual."""
    shown = f"{caption.rows} {unit}".rstrip()
    return [Run("1 row" if shown == "1 rows" else shown, ink(caption))] if caption.rows else []


def factor_runs(caption: Caption) -> list[Run]:
    """Return by how much the estimate is off."""
    return [Run(caption.factor, _ALARM, 11, Face.BOLD)] if caption.factor else []


def number_runs(caption: Caption) -> list[Run]:
    """Return the node's number, after the glyph of its worst finding."""
    sign = [Run(caption.sign, SEVERITY_INK[caption.severity], 11)] if caption.severity else []
    return [*sign, *([Run(caption.number, SECONDARY_INK, 10)] if caption.number else [])]


def remark_runs(caption: Caption) -> list[Run]:
    """Return the remarks as one run."""
    return [Run(" · ".join(caption.remarks), SECONDARY_INK)] if caption.remarks else []


def note_runs(caption: Caption) -> list[Run]:
    """Return the note of its mark."""
    state = caption.mark.state
    words = caption.mark.note
    return [Run(words, STATE_INK.get(state, SECONDARY_INK))] if words else []
