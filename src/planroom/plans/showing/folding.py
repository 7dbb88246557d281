"""Which nodes of a plan are shown, and which stand folded in a group that says how many they are.

Children that are alike (same operators all the way down, whatever they work on) are folded when they are many, as the
partitions of a table are: the heaviest stands for them. Where a plan is still too large to be read, its branches are
shown whole from the heaviest down, as long as there is room, and those that are left stand folded, whole too.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan
    from planroom.plans.showing.weights import Weights

__all__ = ["MOST", "Entry", "Fold", "View", "view_of"]

MOST = 112  # boxes: the outline of so many is some four screens high, which is the most that is looked at
_FEW = 4  # children that are alike and still shown one by one


@dataclass(frozen=True, slots=True)
class Fold:
    """Nodes that share one box.

    Attributes:
        tops: The topmost nodes of what is folded, in plan order.
        numbers: The numbers of all folded nodes, those below the tops too.
        alike: Whether they are like the sibling before them; else they are light parts of a large plan.
    """

    tops: tuple[PlanNode, ...]
    numbers: tuple[int, ...]
    alike: bool

    @property
    def rows_carried(self) -> float | None:
        """The rows that the tops give on together, as far as they are told."""
        told = [rows for rows in (top.rows_carried for top in self.tops) if rows is not None]
        return sum(told) if told else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One box: a node, or a fold; by its place in the view it knows its parent and children.

    Attributes:
        node: The node; of a fold, its first.
        fold: What is folded; None for a node.
        parent: The parent's place in the view; -1 for the root.
        children: The places of its children, in the plan's order.
    """

    node: PlanNode
    fold: Fold | None
    parent: int
    children: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a plan, from the top down; the root is the first."""

    entries: tuple[Entry, ...]

    @property
    def folded(self) -> int:
        """How many nodes are not shown by themselves."""
        return sum(len(entry.fold.numbers) for entry in self.entries if entry.fold)


def view_of(plan: Plan, weights: Weights, *, signs: Mapping[int, str] | None = None, most: int = MOST) -> View:
    """Return what is shown of a plan.

    Args:
        plan: The plan.
        weights: What decides which of several like children stands for them, and which branches are light.
        signs: A word for each node that has something to show; nodes with different signs are never alike, and a
            branch with a sign goes before those without.
        most: How many boxes there may be, about.
    """
    marked = signs or {}
    alike = _alike(plan, weights, _shapes(plan, marked))
    shown = _branches(plan, weights, alike, _signed_below(plan, marked), most)
    return _built(plan, alike, shown)


# -- what is alike ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Alike:
    """Which children stand for others, and which are stood for."""

    others: dict[int, list[PlanNode]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    def visible(self, node: PlanNode) -> Iterator[PlanNode]:
        return (child for child in node.children if child.number not in self.hidden)


def _shapes(plan: Plan, signs: Mapping[int, str]) -> Sequence[int]:
    """Return a number for each node's subtree; like subtrees have the same."""
    known: dict[tuple[object, ...], int] = {}
    found = [0] * len(plan.nodes)
    for node in reversed(plan.nodes):
        below = tuple(found[child.number - 1] for child in node.children)
        key = (node.title, node.relationship, bool(node.subplan), node.never_executed, signs.get(node.number), below)
        found[node.number - 1] = known.setdefault(key, len(known))
    return found


def _alike(plan: Plan, weights: Weights, shapes: Sequence[int]) -> _Alike:
    found = _Alike()
    for node in plan.nodes:
        groups: dict[int, list[PlanNode]] = defaultdict(list)
        for child in node.children if len(node.children) > _FEW else ():
            groups[shapes[child.number - 1]].append(child)
        for group in groups.values():
            if len(group) > _FEW:
                first = max(group, key=lambda each: (weights.inclusive[each.number - 1], -each.number))
                found.others[first.number] = [each for each in group if each is not first]
                found.hidden |= {each.number for each in found.others[first.number]}
    return found


def _signed_below(plan: Plan, signs: Mapping[int, str]) -> Sequence[bool]:
    found = [node.number in signs for node in plan.nodes]
    for node in reversed(plan.nodes):
        found[node.number - 1] |= any(found[child.number - 1] for child in node.children)
    return found


# -- what there is room for ------------------------------------------------------------------------------------------


def _branches(plan: Plan, weights: Weights, alike: _Alike, signed: Sequence[bool], most: int) -> set[int]:
    """Return the numbers of the nodes that are shown: whole branches, the heaviest first, while there is room.

    Those with a sign may take as much again.
    """
    parents = plan.parents
    branch = _start(_branch(plan.root, weights, alike), alike, most)
    shown: set[int] = set()
    room = most
    pending: dict[int, int] = defaultdict(int)  # by parent: how many children still share its fold
    waiting: list[tuple[bool, float, int]] = []
    while True:
        shown |= {node.number for node in branch}
        room -= _boxes(branch, alike)
        for child in (child for node in branch for child in alike.visible(node) if child.number not in shown):
            pending[parents[child.number].number] += 1
            heapq.heappush(waiting, (not signed[child.number - 1], -weights.inclusive[child.number - 1], child.number))
        while waiting:
            unsigned, _, number = heapq.heappop(waiting)
            branch = _branch(plan.nodes[number - 1], weights, alike)
            last = pending[parents[number].number] == 1
            if _boxes(branch, alike) - last <= room + (0 if unsigned else most):
                break
        else:
            return shown
        pending[parents[number].number] -= 1
        room += last


def _branch(top: PlanNode, weights: Weights, alike: _Alike) -> list[PlanNode]:
    """Return the nodes from one downwards, always into the heaviest child."""
    found = [top]
    while children := list(alike.visible(found[-1])):
        found.append(max(children, key=lambda each: (weights.inclusive[each.number - 1], -each.number)))
    return found


def _start(branch: list[PlanNode], alike: _Alike, most: int) -> list[PlanNode]:
    """Return as much of the first branch as there is room for, one node at least."""
    taken, room = 1, most
    for node in branch:
        room -= _boxes([node], alike)
        if room < 0:
            break
        taken += node is not branch[0]
    return branch[:taken]


def _boxes(branch: Sequence[PlanNode], alike: _Alike) -> int:
    """Return how many boxes a branch takes: its nodes, a fold of what hangs from each, and folds of likes."""
    sides = sum(len(list(alike.visible(node))) > 1 for node in branch)
    return len(branch) + sides + sum(child.number in alike.others for node in branch for child in node.children)


# -- the view --------------------------------------------------------------------------------------------------------


def _built(plan: Plan, alike: _Alike, shown: set[int]) -> View:
    """Return the entries with their places: nodes in the plan's order, a fold after what it belongs to."""
    row: list[tuple[PlanNode, Fold | None, int]] = []
    waiting: list[tuple[PlanNode, Fold | None, int]] = [(plan.root, None, -1)]
    while waiting:
        node, fold, above = waiting.pop()
        at = len(row)
        row.append((node, fold, above))
        if fold is None:
            waiting.extend(reversed([(each, group, at) for each, group in _below(node, alike, shown)]))
    children: dict[int, list[int]] = defaultdict(list)
    for at, (_, _, above) in enumerate(row):
        children[above].append(at)
    return View(tuple(Entry(node, fold, above, tuple(children[at])) for at, (node, fold, above) in enumerate(row)))


def _below(node: PlanNode, alike: _Alike, shown: set[int]) -> list[tuple[PlanNode, Fold | None]]:
    """Return what stands below a node: its children, or folds of them; a fold of one leaf would save nothing."""
    light = [child for child in node.children if child.number not in shown and child.number not in alike.hidden]
    if len(light) == 1 and not light[0].children and light[0].number not in alike.others:
        light = []
    left_out = {child.number for child in light}
    found: list[tuple[PlanNode, Fold | None]] = []
    for child in node.children:
        if child.number in alike.hidden:
            continue
        if child.number in left_out:
            if child is light[0]:
                tops = [each for top in light for each in (top, *alike.others.get(top.number, ()))]
                found.append((tops[0], _fold(tops, alike=False)))
            continue
        found.append((child, None))
        if others := alike.others.get(child.number):
            found.append((others[0], _fold(others, alike=True)))
    return found


def _fold(tops: Sequence[PlanNode], *, alike: bool) -> Fold:
    return Fold(tuple(tops), tuple(each.number for top in tops for each in top.walk()), alike)
