"""A tidy tree: parents centred above their children, subtrees as close as their outlines allow, in linear time.

Sources: Reingold, Tilford, "Tidier Drawings of Trees", IEEE TSE 7(2), 1981; Buchheim, Jünger, Leipert, "Improving
Walker's Algorithm to Run in Linear Time", GD 2002. Here an outline is a list with the deepest level first, so that two
join in as many steps as the shallower is deep: over the whole tree no more than it has nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.drawing.geometry import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["tidy"]


@dataclass(slots=True)
class _Side:
    """One side of an outline: a coordinate a level, the deepest first; ``shift`` is to be added to each."""

    levels: list[float] = field(default_factory=list)
    shift: float = 0.0

    def over(self, deeper: _Side) -> _Side:
        """Return the outline whose upper levels are this one's and whose lower ones are the deeper one's."""
        start, change = len(deeper.levels) - len(self.levels), self.shift - deeper.shift
        for at, value in enumerate(self.levels):
            deeper.levels[start + at] = value + change
        return deeper


@dataclass(slots=True)
class _Outline:
    left: _Side = field(default_factory=_Side)
    right: _Side = field(default_factory=_Side)


def tidy(
    sizes: Sequence[tuple[float, float]],
    children: Sequence[Sequence[int]],
    *,
    gap: float = 18.0,
    level_gap: float = 34.0,
) -> list[Box]:
    """Return a place for each box of a tree; the first is the root, and every parent comes before its children.

    Args:
        sizes: The width and height of each box, in pixels.
        children: The places of each box's children in ``sizes``, from left to right.
        gap: The least room between boxes side by side.
        level_gap: The room between one level and the next.
    """
    parents = [-1] * len(sizes)
    for at, below in enumerate(children):
        for child in below:
            parents[child] = at
    lefts = _across(sizes, children, gap)
    tops = _down(sizes, parents, level_gap)
    first = min(lefts)
    return [
        Box(left - first, top, width, height) for left, top, (width, height) in zip(lefts, tops, sizes, strict=True)
    ]


def _across(sizes: Sequence[tuple[float, float]], children: Sequence[Sequence[int]], gap: float) -> list[float]:
    outlines: dict[int, _Outline] = {}
    own = [0.0] * len(sizes)  # the box's left side in the frame of its subtree
    moved = [0.0] * len(sizes)  # the frame's place in the frame of the parent's subtree
    for at in range(len(sizes) - 1, -1, -1):
        outline = _Outline()
        for child in children[at]:
            below = outlines.pop(child)
            moved[child] = _apart(outline.right, below.left, gap)
            outline = _joined(outline, below, moved[child])
        width = sizes[at][0]
        own[at] = _middle(children[at], own, moved, sizes) - width / 2
        outline.left.levels.append(own[at] - outline.left.shift)
        outline.right.levels.append(own[at] + width - outline.right.shift)
        outlines[at] = outline
    for at, placed in enumerate(children):
        for child in placed:
            moved[child] += moved[at]
    return [left + shift for left, shift in zip(own, moved, strict=True)]


def _middle(
    children: Sequence[int], own: Sequence[float], moved: Sequence[float], sizes: Sequence[tuple[float, float]]
) -> float:
    if not children:
        return 0.0
    ends = [own[child] + moved[child] + sizes[child][0] / 2 for child in (children[0], children[-1])]
    return sum(ends) / 2


def _apart(right: _Side, left: _Side, gap: float) -> float:
    """Return how far the outline on the right must move to stand clear of the one on its left."""
    common = min(len(right.levels), len(left.levels))
    change = right.shift - left.shift + gap
    pairs = zip(right.levels[len(right.levels) - common :], left.levels[len(left.levels) - common :], strict=True)
    return max((here - there + change for here, there in pairs), default=0.0)


def _joined(one: _Outline, other: _Outline, by: float) -> _Outline:
    other.left.shift += by
    other.right.shift += by
    deeper = len(other.left.levels) > len(one.left.levels)
    return _Outline(
        left=one.left.over(other.left) if deeper else one.left,
        right=other.right if deeper else other.right.over(one.right),
    )


def _down(sizes: Sequence[tuple[float, float]], parents: Sequence[int], level_gap: float) -> list[float]:
    depths = [0] * len(sizes)
    heights: list[float] = []
    for at, parent in enumerate(parents):
        depths[at] = depths[parent] + 1 if parent >= 0 else 0
        if depths[at] == len(heights):
            heights.append(0.0)
        heights[depths[at]] = max(heights[depths[at]], sizes[at][1])
    tops = [0.0]
    for height in heights:
        tops.append(tops[-1] + height + level_gap)
    return [tops[depth] for depth in depths]
