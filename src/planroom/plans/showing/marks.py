"""What a drawing says of one node beside the node's own facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planroom.drawing.graph import State

__all__ = ["Mark", "Marks"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign at one node: that it was added, removed or changed, and a line that says how.

    Attributes:
        state: Added, removed and changed have their colour, glyph and word; plain marks carry the note alone, faint
            ones step back.
        note: One line below the node's own; empty for none.
    """

    state: State = State.PLAIN
    note: str = ""


Marks = Mapping[int, Mark]
"""The marks of a plan's nodes, by the node's number."""
