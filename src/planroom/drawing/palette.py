"""The colours of every drawing. Hue means context, never state; state has its own colour and glyph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.drawing.graph import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "ALARM",
    "AMOUNT",
    "BODY",
    "FRAME",
    "HAIRLINE",
    "HUES",
    "INK",
    "LINE",
    "NO_HUE",
    "OUTSIDE",
    "PAPER",
    "SECONDARY_INK",
    "STATE_GLYPHS",
    "STATE_INK",
    "assign_hues",
    "dark_edge",
]

PAPER = "#ffffff"
BODY = "#ffffff"
INK = "#1f2328"
SECONDARY_INK = "#59636e"  # 6.1:1 on paper
HAIRLINE = "#d0d7de"
FRAME = "#8c959f"
LINE = "#59636e"
NO_HUE = "#f6f8fa"
AMOUNT = "#b42318"
ALARM = "#cf222e"
OUTSIDE = "#eaeef2"  # the ground of what belongs to somebody else

HUES = ("#dbeafe", "#dcfce7", "#fef3c7", "#fce7f3", "#ede9fe", "#cffafe", "#ffedd5", "#e5e7eb")
# The border that goes with each fill: the same hue, dark enough to be seen on paper (3:1).
_EDGES = {
    "#dbeafe": "#7f9fd1",
    "#dcfce7": "#74b28a",
    "#fef3c7": "#c2a250",
    "#fce7f3": "#cf8fb2",
    "#ede9fe": "#a194d1",
    "#cffafe": "#66aebc",
    "#ffedd5": "#cf9c62",
    "#e5e7eb": "#9aa1ab",
}

STATE_INK = {State.ADDED: "#1a7f37", State.REMOVED: "#cf222e", State.CHANGED: "#9a6700", State.FAINT: "#8c959f"}
STATE_GLYPHS = {State.ADDED: "+", State.REMOVED: "−", State.CHANGED: "~"}


def assign_hues(names: Iterable[str]) -> Mapping[str, str]:
    """Return a header fill for each name, by sorted order; with more than eight names the hues repeat."""
    return {name: HUES[position % len(HUES)] for position, name in enumerate(sorted(set(names)))}


def dark_edge(fill: str) -> str:
    """Return the border colour that belongs to a header fill."""
    return _EDGES.get(fill, FRAME)
