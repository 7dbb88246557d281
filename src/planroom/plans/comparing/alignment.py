"""Two short rows of nodes laid side by side, in order: what is left out on one side was put in on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.comparing.anchors import anchor_name
from planroom.plans.operators import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.plans.node import PlanNode

    Fit = Callable[[PlanNode, PlanNode], bool]

__all__ = ["aligned"]

_MOST_CELLS = 40_000  # of the table; longer rows are laid side by side as they come
_ONLY_THEMSELVES = frozenset({Kind.MATERIALIZE, Kind.OTHER, Kind.PROJECT})  # a Hash is no Memoize


def _always(old: PlanNode, new: PlanNode) -> bool:  # noqa: ARG001
    return True


def aligned(old: Sequence[PlanNode], new: Sequence[PlanNode], *, fit: Fit = _always) -> list[tuple[PlanNode, PlanNode]]:
    """Return the pairs of the best alignment that keeps the order.

    Args:
        old: A row of nodes.
        new: Another.
        fit: Whether two nodes may be paired at all.
    """
    first, last, shorter = 0, 0, min(len(old), len(new))
    while first < shorter and _same(old[first], new[first]) and fit(old[first], new[first]):
        first += 1
    while last < shorter - first and _same(old[-1 - last], new[-1 - last]) and fit(old[-1 - last], new[-1 - last]):
        last += 1
    return [
        *zip(old[:first], new[:first], strict=True),
        *_by_table(old[first : len(old) - last], new[first : len(new) - last], fit),
        *zip(old[len(old) - last :], new[len(new) - last :], strict=True),
    ]


def _same(old: PlanNode, new: PlanNode) -> bool:
    return old.title == new.title and old.relationship == new.relationship and anchor_name(old) == anchor_name(new)


def _likeness(old: PlanNode, new: PlanNode, fit: Fit) -> int:
    """Return how much two nodes are alike; 0 when they cannot stand for each other."""
    if old.operator != new.operator and (old.kind is not new.kind or old.kind in _ONLY_THEMSELVES):
        return 0
    if bool(anchor_name(old)) != bool(anchor_name(new)) or not fit(old, new):
        return 0
    return 4 + 3 * (old.operator == new.operator) + (old.title == new.title) + (old.relationship == new.relationship)


def _by_table(old: Sequence[PlanNode], new: Sequence[PlanNode], fit: Fit) -> list[tuple[PlanNode, PlanNode]]:
    """Return the heaviest common subsequence: the textbook's dynamic programme."""
    if not old or not new:
        return []
    if len(old) * len(new) > _MOST_CELLS:
        return [(left, right) for left, right in zip(old, new, strict=False) if _likeness(left, right, fit)]
    weights = [[_likeness(left, right, fit) for right in new] for left in old]
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row in range(len(old) - 1, -1, -1):
        for column in range(len(new) - 1, -1, -1):
            weight = weights[row][column]
            together = weight + best[row + 1][column + 1] if weight else 0
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    pairs, row, column = [], 0, 0
    while row < len(old) and column < len(new):
        weight = weights[row][column]
        if weight and best[row][column] == weight + best[row + 1][column + 1]:
            pairs.append((old[row], new[column]))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs
