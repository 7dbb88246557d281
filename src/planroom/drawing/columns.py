"""Boxes in columns, and the ways that cross them: the frame on which every ER picture stands.

A column is a stack of items from top to bottom: boxes, and lanes that keep room for a link which has to
cross the column. `Columns` says which items stand where; `settle` finds the heights nearest to what each item
wishes, without overlap and without changing the order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.drawing.links import Link, Net
    from planroom.drawing.measure import Shape

__all__ = [
    "BOX_GAP",
    "FRAME_LABEL",
    "FRAME_PAD",
    "LANE",
    "NO_BLOCKS",
    "Columns",
    "Item",
    "Lane",
    "Tie",
    "heights_of",
    "lanes_of",
    "settle",
    "ties_of",
]

BOX_GAP = 26.0
FRAME_PAD = 14.0  # between a cluster's boxes and its frame
FRAME_LABEL = 20.0  # above them, for its label
LANE = 10.0  # the height that one crossing link keeps free


@dataclass(frozen=True, slots=True)
class Lane:
    """Room for one net to cross one column."""

    net: Net
    column: int


Item = str | Lane
NO_BLOCKS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tie:
    """One leg of a link between two items of the same or of neighbouring columns, with its end heights."""

    first: Item
    first_y: float
    second: Item
    second_y: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Items by column from left to right, each from top to bottom, and the top of each item."""

    stacks: tuple[tuple[Item, ...], ...]
    tops: Mapping[Item, float]


def lanes_of(links: Sequence[Link], column: Mapping[str, int]) -> dict[Lane, list[Link]]:
    """Return the lanes that the links need, with the links that use each."""
    lanes: dict[Lane, list[Link]] = defaultdict(list)
    for link in links:
        low, high = sorted((column[link.tail], column[link.head]))
        for crossed in range(low + 1, high):
            lanes[Lane(link.net, crossed)].append(link)
    return lanes


def ties_of(links: Sequence[Link], column: Mapping[str, int]) -> list[Tie]:
    """Return the legs of all links, each leg once."""
    ties: dict[Tie, None] = {}
    for link in links:
        step = 1 if column[link.head] > column[link.tail] else -1
        crossed = range(column[link.tail] + step, column[link.head], step) if link.tail != link.head else ()
        stops: list[tuple[Item, float]] = [
            (link.tail, link.tail_y),
            *((Lane(link.net, at), LANE / 2) for at in crossed if column[link.tail] != column[link.head]),
            (link.head, link.head_y),
        ]
        for (first, first_y), (second, second_y) in pairwise(stops):
            if first != second:
                ties[Tie(first, first_y, second, second_y)] = None
    return list(ties)


def heights_of(stack: Sequence[Item], shapes: Mapping[str, Shape]) -> list[float]:
    """Return the height of each item of a column."""
    return [LANE if isinstance(item, Lane) else shapes[item].height for item in stack]


def _gap(above: Item, below: Item, blocks: Mapping[str, str]) -> float:
    lanes = isinstance(above, Lane) + isinstance(below, Lane)
    plain = (BOX_GAP, 7.0, 0.0)[lanes]
    ends, begins = (blocks.get(item, "") if isinstance(item, str) else "" for item in (above, below))
    if ends == begins:
        return plain
    return max(plain, (FRAME_PAD + 8 if ends else 0) + (FRAME_PAD + FRAME_LABEL + 4 if begins else 0))


def settle(
    stack: Sequence[Item],
    heights: Sequence[float],
    wishes: Sequence[float],
    *,
    limit: float | None = None,
    blocks: Mapping[str, str] = NO_BLOCKS,
) -> list[float]:
    """Return the tops nearest to the wishes (least squares), keeping the order and the gaps.

    Source: isotonic regression by pooling adjacent violators; with fixed gaps the problem reduces to it.

    Args:
        stack: The items, from top to bottom.
        heights: Their heights.
        wishes: The tops that they would like.
        limit: The column's greatest height, where the items fit into it.
        blocks: The cluster of each box; where one begins or ends there is room for its frame.
    """
    offsets, place = [], 0.0
    for at, item in enumerate(stack):
        place += _gap(stack[at - 1], item, blocks) if at else 0.0
        offsets.append(place)
        place += heights[at]
    pools: list[list[float]] = []  # sum, count
    for wish, offset in zip(wishes, offsets, strict=True):
        pools.append([wish - offset, 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += count
    spare = None if limit is None else max(0.0, limit - place)
    levels = [
        total / count if spare is None else min(max(total / count, 0.0), spare)
        for total, count in pools
        for _ in range(int(count))
    ]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]
