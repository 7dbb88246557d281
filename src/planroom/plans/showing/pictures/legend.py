"""What the signs of a plan's picture mean: only of those that are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.graph import State
from planroom.drawing.palette import HAIRLINE, INK, SECONDARY_INK, STATE_GLYPHS, STATE_INK
from planroom.drawing.text import Face
from planroom.findings import Severity
from planroom.plans.showing.pictures.edges import QUIET, dashes
from planroom.plans.showing.pictures.ink import SEVERITY_INK, ramp
from planroom.plans.showing.pictures.runs import SPACE, Run, draw_runs, runs_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.plans.showing.captions import Caption
    from planroom.plans.showing.weights import Weights

__all__ = ["LEGEND_LINE", "legend"]

LEGEND_LINE = 18.0
_SWATCH = 34.0
_APART = 22.0
_ALARM = "#9a6700"


def legend(
    captions: Sequence[Caption], weights: Weights, width: float, *, edges: bool = True
) -> tuple[list[str], float]:
    """Return the legend as SVG, wrapped to a width, and its height."""
    parts: list[str] = []
    x, y = 0.0, 0.0
    for sign, words in _items(captions, weights, edges=edges):
        run = Run(words, SECONDARY_INK)
        taken = runs_width([sign, run]) if isinstance(sign, Run) else _SWATCH + SPACE + run.width
        if x and x + taken > width:
            x, y = 0.0, y + LEGEND_LINE
        if isinstance(sign, Run):
            parts += draw_runs(x, y + 11, [sign, run])
        else:
            parts += [_swatch(sign, x, y), *draw_runs(x + _SWATCH + SPACE, y + 11, [run])]
        x += taken + _APART
    return parts, y + LEGEND_LINE if parts else 0.0


def _items(captions: Sequence[Caption], weights: Weights, *, edges: bool) -> Iterator[tuple[str | Run, str]]:
    metric = weights.metric
    yield "ramp", f"its own share of {metric.label}" if metric.additive else "factor between estimated and actual rows"
    if edges and len(captions) > 1:
        yield "edge", "rows carried upwards; wider is more, in decades"
    if edges and any(caption.kicker for caption in captions):
        yield "dashed", "a sub-plan"
    if any(caption.factor or "→" in caption.rows for caption in captions):
        yield Run("→", SECONDARY_INK, 11, Face.BOLD), "rows estimated → actual, of one loop"
    texts = [caption.factor or caption.share for caption in captions]
    if any(text.startswith("×") for text in texts):
        yield Run("×", _ALARM, 11, Face.BOLD), "more rows than estimated"
    if any(text.startswith("÷") for text in texts):
        yield Run("÷", _ALARM, 11, Face.BOLD), "fewer rows than estimated"
    if any(caption.heavy for caption in captions) and len(captions) > 1:
        yield "heavy", "the heaviest path"
    for severity in sorted({caption.severity for caption in captions if caption.severity}, reverse=True):
        yield Run(Severity(severity).glyph, SEVERITY_INK[severity], 11), str(Severity(severity))
    for state in (State.ADDED, State.REMOVED, State.CHANGED):
        if any(caption.mark.state is state for caption in captions):
            yield Run(STATE_GLYPHS[state], STATE_INK[state], 12, Face.BOLD), str(state)


def _swatch(kind: str, x: float, y: float) -> str:
    if kind == "ramp":
        steps = (0.0, 0.05, 0.2, 0.5, 1.0)
        step = _SWATCH / len(steps)
        cells = [svg.rect(x + at * step, y + 2, step, 10, fill=ramp(level)) for at, level in enumerate(steps)]
        return "".join([*cells, svg.rect(x, y + 2, _SWATCH, 10, fill="none", stroke=HAIRLINE)])
    if kind == "heavy":
        return svg.rect(x + 1, y + 2, _SWATCH - 2, 10, radius=3, fill="none", stroke=INK, stroke_width=1.6)
    if kind == "dashed":
        return svg.line(
            x, y + 7, x + _SWATCH, y + 7, stroke=SECONDARY_INK, stroke_width=1.5, stroke_dasharray=dashes(1.5)
        )
    n = svg.number
    data = f"M{n(x)} {n(y + 6.4)}L{n(x + _SWATCH)} {n(y + 3.5)}V{n(y + 10.5)}L{n(x)} {n(y + 7.6)}Z"
    return svg.path(data, fill=QUIET)
