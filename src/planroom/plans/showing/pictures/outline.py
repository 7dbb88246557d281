"""An outline: one row a box, the longest branch straight down, side branches indented.

A box below which most of the tree lies stays under its parent, so the indentation grows by one only where a subtree is
at most half of what it hangs from: no deeper than the logarithm of the number of boxes, however deep the plan. Forty
nested loops make a straight line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.plans.showing.folding import View

__all__ = ["Place", "outline"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands in an outline.

    Attributes:
        at: The box's place in the view.
        row: Its row from the top, from 0.
        indent: By how many steps it is indented.
        branch: Whether it hangs to the side of its parent's line.
    """

    at: int
    row: int
    indent: int
    branch: bool


def outline(view: View) -> list[Place]:
    """Return the places of all boxes of a view, from the top down."""
    sizes = _sizes(view)
    found: list[Place] = []
    waiting = [(0, 0, False)]
    while waiting:
        at, indent, branch = waiting.pop()
        found.append(Place(at, len(found), indent, branch))
        below = _in_order(view, at, sizes)
        straight = below[-1] if below and not _has_likes(view, below) else -1
        waiting.extend(reversed([(child, indent + (child != straight), child != straight) for child in below]))
    return found


def _sizes(view: View) -> Sequence[int]:
    found = [1] * len(view.entries)
    for at in range(len(found) - 1, 0, -1):
        found[view.entries[at].parent] += found[at]
    return found


def _in_order(view: View, at: int, sizes: Sequence[int]) -> Sequence[int]:
    """Return the children with the largest last; with a fold of like ones among them, as they stand."""
    children = view.entries[at].children
    if len(children) < 2 or _has_likes(view, children):
        return children
    last = max(children, key=lambda child: (sizes[child], child))
    return [*(child for child in children if child != last), last]


def _has_likes(view: View, children: Sequence[int]) -> bool:
    """Whether one stands for others like it: then all hang to the side, the fold below what it is like."""
    return any(fold.alike for child in children if (fold := view.entries[child].fold))
