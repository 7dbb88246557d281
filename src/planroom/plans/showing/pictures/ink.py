"""The colours of a plan: a ramp for amounts, full ink for the heaviest path, and the states of marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing.graph import State
from planroom.drawing.palette import AMOUNT, FRAME, INK, PAPER, SECONDARY_INK, STATE_INK
from planroom.findings import Severity

if TYPE_CHECKING:
    from planroom.plans.showing.captions import Caption

__all__ = ["SEVERITY_INK", "border", "ink", "ramp"]

SEVERITY_INK = {Severity.ERROR: "#cf222e", Severity.WARNING: "#9a6700", Severity.NOTE: "#0969da"}
_BEND = 0.6  # a tenth of the whole must be seen to be more than nothing


def ramp(level: float) -> str:
    """Return the colour of an amount in [0, 1], from paper to full.

    Example:
        >>> ramp(0), ramp(1)
        ('#ffffff', '#b42318')
    """
    part = min(1.0, max(0.0, level)) ** _BEND
    mixed = (
        round(int(PAPER[at : at + 2], 16) + (int(AMOUNT[at : at + 2], 16) - int(PAPER[at : at + 2], 16)) * part)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{value:02x}" for value in mixed)


def ink(caption: Caption) -> str:
    """Return the colour of a box's main text."""
    return INK if caption.heavy or caption.mark.state not in {State.PLAIN, State.FAINT} else SECONDARY_INK


def border(caption: Caption) -> str:
    """Return the colour of a box's border."""
    if caption.mark.state in STATE_INK and caption.mark.state is not State.FAINT:
        return STATE_INK[caption.mark.state]
    return INK if caption.heavy else FRAME
