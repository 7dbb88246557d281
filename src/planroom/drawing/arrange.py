"""planroom's own placing: boxes into a given number of columns, related ones near each other.

It needs no Graphviz, takes about the same time for deep graphs as for flat ones, and keeps to a width. Three steps:
columns by longest path, improved by moving single boxes; then order and heights together, by letting each item
move to where its ties pull it, sweep by sweep; the best sweep is kept.

Source: the sweeps are the barycentre method of Sugiyama, Tagawa and Toda (1981), in coordinates instead of ranks.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from planroom.drawing.columns import (
    BOX_GAP,
    NO_BLOCKS,
    Columns,
    Item,
    Lane,
    Tie,
    heights_of,
    lanes_of,
    settle,
    ties_of,
)
from planroom.drawing.links import ranks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.drawing.links import Link
    from planroom.drawing.measure import Shape

__all__ = ["arrange"]

# What a link costs by the number of columns it spans; beyond the last, each further column costs 1.
_SPAN_COST = (1.4, 0.0, 1.5, 2.6)
_SWEEPS = 20
_PAIRS_COUNTED = 120  # above this many legs in a gutter crossings are not counted, only lengths
_CROSSING = 40.0  # a crossing is as bad as this many pixels of height


def arrange(
    nodes: Sequence[str],
    links: Sequence[Link],
    shapes: Mapping[str, Shape],
    count: int,
    blocks: Mapping[str, str] = NO_BLOCKS,
    *,
    evenly: float = 0.6,
) -> Columns:
    """Return the nodes in at most ``count`` columns; those of one block stand together in one column.

    Args:
        nodes: The nodes of one connected part.
        links: The links between them.
        shapes: Their sizes.
        count: The most columns.
        blocks: The cluster of each node that has one.
        evenly: How much columns of even height count against short ways.
    """
    units = {node: blocks.get(node) or node for node in nodes}
    heights: dict[str, float] = defaultdict(float)
    for node in nodes:
        heights[units[node]] += shapes[node].height + BOX_GAP
    pairs = [(units[link.tail], units[link.head]) for link in links]
    at = _assign(heights, pairs, count, max(evenly, 2.0) if len(heights) < len(nodes) else evenly)
    column = {node: at[units[node]] for node in nodes}
    ties = ties_of(links, column)
    stacks: list[list[Item]] = [[] for _ in range(max(column.values()) + 1)]
    for node in nodes:
        stacks[column[node]].append(node)
    for lane in lanes_of(links, column):
        stacks[lane.column].append(lane)
    return _order(stacks, ties, shapes, blocks)


def _assign(height: Mapping[str, float], pairs: Sequence[tuple[str, str]], count: int, evenly: float) -> dict[str, int]:
    """Return a column for each unit: related ones near each other, columns of about the same height."""
    nodes = list(height)
    rank = ranks(nodes, pairs)
    depth = max(rank.values()) + 1
    count = max(1, min(count, len(nodes)))
    column = {node: rank[node] * count // max(depth, count) for node in nodes}
    tied = defaultdict(list)
    for tail, head in pairs:
        if tail != head:
            tied[tail].append(head)
            tied[head].append(tail)
    heights = [0.0] * count
    for node in nodes:
        heights[column[node]] += height[node]
    fair = sum(heights) / count
    balance = max(1.0, evenly * len(pairs) / count)

    def cost(node: str, at: int) -> float:
        others = heights[at] - (height[node] if column[node] == at else 0.0)
        crowd = balance * ((others + height[node]) ** 2 - others**2) / fair**2
        return crowd + sum(_span_cost(abs(at - column[other])) for other in tied[node])

    for _ in range(12):
        moved = False
        for node in nodes:
            best = min(range(count), key=lambda at: (round(cost(node, at), 6), abs(at - column[node]), at))
            if best != column[node] and cost(node, best) < cost(node, column[node]) - 1e-6:
                heights[column[node]] -= height[node]
                heights[best] += height[node]
                column[node], moved = best, True
        if not moved:
            break
    used = {at: place for place, at in enumerate(sorted(set(column.values())))}
    return {node: used[at] for node, at in column.items()}


def _span_cost(span: int) -> float:
    return _SPAN_COST[span] if span < len(_SPAN_COST) else _SPAN_COST[-1] + span - len(_SPAN_COST) + 1


def _order(
    stacks: list[list[Item]], ties: Sequence[Tie], shapes: Mapping[str, Shape], blocks: Mapping[str, str]
) -> Columns:
    """Find an order and heights by sweeping to and fro; keep the best."""
    pulls: dict[Item, list[tuple[float, Item, float]]] = defaultdict(list)
    for tie in ties:
        pulls[tie.first].append((tie.first_y, tie.second, tie.second_y))
        pulls[tie.second].append((tie.second_y, tie.first, tie.first_y))
    column = {item: at for at, stack in enumerate(stacks) for item in stack}
    tops: dict[Item, float] = {}
    for stack in stacks:
        stack.sort(key=lambda item: _block(item, blocks))
        _place(stack, shapes, [0.0] * len(stack), tops, None, blocks)
    limit = max(_bottom(stack, shapes, tops) for stack in stacks) * 1.04
    legs = _legs(ties, column)
    best: tuple[float, list[list[Item]], dict[Item, float]] | None = None
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        one_sided = sweep < _SWEEPS // 2
        for at in range(len(stacks)) if forward else range(len(stacks) - 1, -1, -1):
            towards = -1 if forward else 1
            wishes = {item: _wish(item, pulls[item], tops, column, towards if one_sided else 0) for item in stacks[at]}
            stacks[at] = _sorted(stacks[at], wishes, shapes, blocks)
            _place(stacks[at], shapes, [wishes[item] for item in stacks[at]], tops, limit, blocks)
        cost = _cost(ties, legs, tops)
        if best is None or cost < best[0] - 1e-6:
            best = (cost, [list(stack) for stack in stacks], dict(tops))
    assert best is not None  # noqa: S101  (there is at least one sweep)
    return Columns(tuple(tuple(stack) for stack in best[1]), best[2])


def _place(
    stack: Sequence[Item],
    shapes: Mapping[str, Shape],
    wishes: Sequence[float],
    tops: dict[Item, float],
    limit: float | None,
    blocks: Mapping[str, str],
) -> None:
    heights = heights_of(stack, shapes)
    tops.update(zip(stack, settle(stack, heights, wishes, limit=limit, blocks=blocks), strict=True))


def _block(item: Item, blocks: Mapping[str, str]) -> str:
    return blocks.get(item, "") if isinstance(item, str) else ""


def _sorted(
    stack: Sequence[Item], wishes: Mapping[Item, float], shapes: Mapping[str, Shape], blocks: Mapping[str, str]
) -> list[Item]:
    """Return a column in the order of its items' wished middles, each block in one piece."""
    heights = heights_of(stack, shapes)
    middle = {item: round(wishes[item] + height / 2, 3) for item, height in zip(stack, heights, strict=True)}
    in_block: dict[str, list[float]] = defaultdict(list)
    for item in stack:
        if _block(item, blocks):
            in_block[_block(item, blocks)].append(middle[item])
    mean = {block: sum(found) / len(found) for block, found in in_block.items()}

    def key(item: Item) -> tuple[float, str, float, tuple[str, ...]]:
        block = _block(item, blocks)
        return mean.get(block, middle[item]), block, middle[item], _name(item)

    return sorted(stack, key=key)


def _bottom(stack: Sequence[Item], shapes: Mapping[str, Shape], tops: Mapping[Item, float]) -> float:
    return tops[stack[-1]] + heights_of(stack[-1:], shapes)[0] if stack else 0.0


def _wish(
    item: Item,
    pulls: Sequence[tuple[float, Item, float]],
    tops: Mapping[Item, float],
    column: Mapping[Item, int],
    towards: int,
) -> float:
    """Return the top that would make the item's ties level; ties within the column count half."""
    total = weight = 0.0
    for own_y, other, other_y in pulls:
        side = column[other] - column[item]
        if towards and side not in {towards, 0}:
            continue
        share = 0.5 if side == 0 else 1.0
        total += share * (tops[other] + other_y - own_y)
        weight += share
    return total / weight if weight else tops[item]


def _name(item: Item) -> tuple[str, ...]:
    return ("", *item.net) if isinstance(item, Lane) else ("box", item)


def _legs(ties: Sequence[Tie], column: Mapping[Item, int]) -> list[list[Tie]]:
    """Return the legs between neighbouring columns, by gutter."""
    legs: dict[int, list[Tie]] = defaultdict(list)
    for tie in ties:
        low, high = column[tie.first], column[tie.second]
        if low != high:
            legs[min(low, high)].append(tie if low < high else Tie(tie.second, tie.second_y, tie.first, tie.first_y))
    return [found for found in legs.values() if len(found) <= _PAIRS_COUNTED]


def _cost(ties: Sequence[Tie], legs: Sequence[Sequence[Tie]], tops: Mapping[Item, float]) -> float:
    length = sum(abs(tops[tie.first] + tie.first_y - tops[tie.second] - tie.second_y) for tie in ties)
    return length + _CROSSING * sum(_crossings(gutter, tops) for gutter in legs)


def _crossings(gutter: Sequence[Tie], tops: Mapping[Item, float]) -> int:
    ends = [(tops[tie.first] + tie.first_y, tops[tie.second] + tie.second_y) for tie in gutter]
    return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(ends, 2))
