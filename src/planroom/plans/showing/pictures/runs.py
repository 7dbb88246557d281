"""Texts that follow each other on one line."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.text import Face, fit, printable, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["SPACE", "Run", "draw_runs", "fitted", "runs_width"]

SPACE = 7.0  # between two runs


@dataclass(frozen=True, slots=True)
class Run:
    """A text in one face and colour."""

    text: str
    fill: str
    size: float = 11
    face: Face = Face.SANS
    struck: bool = False

    @property
    def width(self) -> float:
        """An upper bound of its width in pixels."""
        return text_width(self.text, self.size, self.face)


def runs_width(runs: Sequence[Run]) -> float:
    """Return the width of a line."""
    return sum(run.width for run in runs) + SPACE * max(0, len(runs) - 1)


def fitted(runs: Iterable[Run], width: float) -> list[Run]:
    """Return the runs that a line has room for; the one that reaches the end is cut with an ellipsis."""
    kept: list[Run] = []
    for run in runs:
        room = width - (runs_width(kept) + SPACE if kept else 0.0)
        if run.width <= room:
            kept.append(run)
            continue
        cut = fit(run.text, room, run.size, run.face) if room > 3 * run.size else ""
        return [*kept, Run(cut, run.fill, run.size, run.face, run.struck)] if cut else kept
    return kept


def draw_runs(x: float, y: float, runs: Iterable[Run], *, from_right: bool = False) -> list[str]:
    """Return the line as one SVG text; it starts, or from the right ends, at x, with its baseline at y.

    The runs follow each other in whatever font the reader has, so none can run into the next.
    """
    spans = [_span(run, first=not number) for number, run in enumerate(runs)]
    if not spans:
        return []
    place: dict[str, str | float | None] = {"x": x, "y": y, "text_anchor": "end" if from_right else None}
    return [svg.element("text", place, "".join(spans))]


def _span(run: Run, *, first: bool) -> str:
    attributes: dict[str, str | float | None] = {
        "dx": None if first else SPACE,
        "font_size": run.size,
        "font_weight": 600 if run.face is Face.BOLD else None,
        "font_family": svg.MONO if run.face is Face.MONO else None,
        "text_decoration": "line-through" if run.struck else None,
        "fill": run.fill,
    }
    return svg.element("tspan", attributes, escape(printable(run.text), quote=False))
