"""Two trees matched node by node.

Plans are no arbitrary trees: what they read gives them names. So the match starts at the nodes that read the same
relation, and grows upwards: nodes above the same set of anchors stand for the same intermediate result, whatever the
order of their sides, and whatever was put between them. The cost is linear but for the alignment of the few nodes that
stand between the same two sets. Tree edit distance (Zhang and Shasha, SIAM J. Comput. 18(6), 1989) is at least
quadratic, forbids crossing, and takes a swapped join for a removed and an added one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.plans.comparing.alignment import aligned
from planroom.plans.comparing.anchors import anchored
from planroom.plans.operators import Kind
from planroom.plans.shapes import own_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["Matching", "match"]

_MOST_STEPS_UP = 8


@dataclass(frozen=True, slots=True)
class Matching:
    """Which node of one plan is which of the other, by number; each node is in one pair at most.

    Attributes:
        pairs: From the old plan's numbers to the new plan's.
        removed: Numbers of the old plan without a partner, in order.
        added: Numbers of the new plan without a partner, in order.
        old_sets, new_sets: By number, what stands for the set of paired readers at and below a node; 0 for none. Equal
            numbers are equal sets.
    """

    pairs: Mapping[int, int]
    removed: tuple[int, ...]
    added: tuple[int, ...]
    old_sets: Mapping[int, int] = field(repr=False, compare=False)
    new_sets: Mapping[int, int] = field(repr=False, compare=False)


def match(old: Plan, new: Plan) -> Matching:
    """Return which nodes of two plans stand for each other."""
    pairs = _Pairs()
    for left, right in anchored(old, new).items():
        pairs.add(left, right)
    old_sets = _sets(old, {number: at for at, number in enumerate(pairs.there)})
    new_sets = _sets(new, {number: at for at, number in enumerate(pairs.there.values())})
    _grow(_chains(old, old_sets), _chains(new, new_sets), pairs)
    _pair_what_stands_above(old, new, pairs)
    _pair_what_stands_below(old, new, pairs, _Sets(old_sets, new_sets))
    return Matching(
        dict(sorted(pairs.there.items())),
        tuple(node.number for node in old.nodes if node.number not in pairs.there),
        tuple(node.number for node in new.nodes if node.number not in pairs.back),
        old_sets,
        new_sets,
    )


class _Pairs:
    """Pairs found so far, from both sides."""

    def __init__(self) -> None:
        self.there: dict[int, int] = {}
        self.back: dict[int, int] = {}

    def add(self, old: int, new: int) -> None:
        self.there[old], self.back[new] = new, old


# -- upwards from the anchors ------------------------------------------------------------------------------------------


def _grow(olds: Mapping[int, list[PlanNode]], news: Mapping[int, list[PlanNode]], pairs: _Pairs) -> None:
    """Pair the nodes that stand above the same anchors."""
    for signature, chain in olds.items():
        if other := news.get(signature):
            free = [node for node in chain if node.number not in pairs.there]
            for left, right in aligned(free, [node for node in other if node.number not in pairs.back]):
                pairs.add(left.number, right.number)


def _sets(plan: Plan, anchors: Mapping[int, int]) -> dict[int, int]:
    """Return what stands for the set of anchors at and below each node.

    It is the sum of large numbers, one an anchor: equal sums are equal sets, but for one chance in 2**100. What a
    sub-plan reads counts within it alone.
    """
    below = dict.fromkeys(range(1, len(plan.nodes) + 1), 0)
    for node in reversed(plan.nodes):
        if node.number in anchors:
            below[node.number] += _large(anchors[node.number])
        below[node.number] += sum(below[child.number] for child in node.children if not own_plan(child))
    return below


def _chains(plan: Plan, sets: Mapping[int, int]) -> dict[int, list[PlanNode]]:
    """Return the nodes by their set, from the top down."""
    chains: dict[int, list[PlanNode]] = defaultdict(list)
    for node in plan.nodes:
        if sets[node.number]:
            chains[sets[node.number]].append(node)
    return chains


def _large(number: int) -> int:
    return int.from_bytes(hashlib.blake2b(number.to_bytes(8), digest_size=16).digest())


# -- the rest: by what stands around them ------------------------------------------------------------------------------


def _pair_what_stands_above(old: Plan, new: Plan, pairs: _Pairs) -> None:
    """Pair nodes of one kind whose sides partly agree, from the bottom up: joins in another order."""
    for node in reversed(old.nodes):
        if node.number in pairs.there:
            continue
        found = [
            candidate
            for child in node.children
            for candidate in _free_above(new, pairs, pairs.there.get(child.number, 0))
            if candidate.operator == node.operator and candidate.relationship == node.relationship
        ]
        if found and _agree(node, found[0], pairs):
            pairs.add(node.number, found[0].number)


def _free_above(plan: Plan, pairs: _Pairs, number: int) -> Iterator[PlanNode]:
    """Yield the unpaired nodes right above a node."""
    for _ in range(_MOST_STEPS_UP):
        above = plan.parents.get(number) if number else None
        if above is None or above.number in pairs.back:
            return
        yield above
        number = above.number


def _agree(old: PlanNode, new: PlanNode, pairs: _Pairs) -> bool:
    """Whether most children of a node went where another's are."""
    there = {child.number for child in new.children}
    shared = sum(pairs.there.get(child.number) in there for child in old.children)
    return 2 * shared > max(len(old.children), len(new.children))


@dataclass(frozen=True, slots=True)
class _Sets:
    """What each node of either plan stands above."""

    old: Mapping[int, int]
    new: Mapping[int, int]

    def fit(self, old: PlanNode, new: PlanNode) -> bool:
        """Whether two nodes may stand for each other: joins of other sides are other joins."""
        if own_plan(old) != own_plan(new):
            return False
        return old.kind is not Kind.JOIN or self.old[old.number] == self.new[new.number]


def _pair_what_stands_below(old: Plan, new: Plan, pairs: _Pairs, sets: _Sets) -> None:
    """Pair the unpaired children of pairs, from the top down: by operator, then by what they do."""
    if old.root.number not in pairs.there and new.root.number not in pairs.back:
        for left, right in aligned([old.root], [new.root], fit=sets.fit):
            pairs.add(left.number, right.number)
    for node in old.nodes:
        if node.number in pairs.there:
            _pair_children(node, new.nodes[pairs.there[node.number] - 1], pairs, sets)


def _pair_children(old: PlanNode, new: PlanNode, pairs: _Pairs, sets: _Sets) -> None:
    free = [child for child in old.children if child.number not in pairs.there]
    others = [child for child in new.children if child.number not in pairs.back]
    if free and others:
        for left, right in aligned(free, others, fit=sets.fit):
            pairs.add(left.number, right.number)
