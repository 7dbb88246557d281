"""One tree of two: the new plan, with what was removed put back where it was."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from planroom.plans.comparing.changes import NodeChange, Pairing, children_of
from planroom.plans.node import NO_BUFFERS
from planroom.plans.operators import Kind
from planroom.plans.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.plans.node import PlanNode

__all__ = ["Merged", "merged"]

Key = tuple[bool, int]
"""Whether it is a node of the new plan, and its number."""

_TOP = (True, 0)
_GONE: dict[str, Any] = {"self_cost": None, "self_ms": None, "self_buffers": NO_BUFFERS}
"""What a removed node has no share of: the new plan's amounts."""


@dataclass(frozen=True)
class Merged:
    """The merged tree.

    Attributes:
        plan: The tree, numbered anew; of a pair it holds the new node.
        changes: What became of each node, by its number in the tree.
        depths: How deep each node stands, by its number in the tree; the root 0.
        joined: What the joins joined that were removed, by their numbers in the tree: what was below them stands
            elsewhere.
        asides: The nodes by which one engine does in steps of its own what another does within a step.
    """

    plan: Plan
    changes: Mapping[int, NodeChange]
    depths: Mapping[int, int]
    joined: Mapping[int, str]
    asides: frozenset[int] = frozenset()


def merged(pairing: Pairing) -> Merged:
    """Return one tree in which every node of either plan stands once.

    A removed node with rows from one child stands between the new places of what was above and below it. A removed
    join stands, with what only it had below it, beside what took its place. Of another engine, the nodes are left out
    by which it does in steps of its own what this one does within a step.
    """
    if not pairing.matching.removed:  # the new tree holds everything, with its own numbers
        asides = frozenset(number for number, change in pairing.of_new.items() if pairing.is_aside(change))
        return Merged(pairing.new, pairing.of_new, _depths(pairing.new), {}, asides)
    order = list(_walk(_Slots(pairing), pairing))
    numbers = {key: at + 1 for at, (key, _) in enumerate(order)}
    below: dict[Key, list[PlanNode]] = defaultdict(list)
    ancestors: list[Key] = []
    parents: dict[Key, Key] = {}
    for key, depth in order:
        del ancestors[depth:]
        if ancestors:
            parents[key] = ancestors[-1]
        ancestors.append(key)
    for key, _ in reversed(order):
        children = tuple(reversed(below.pop(key, [])))
        node = replace(_node(pairing, key), number=numbers[key], children=children, **({} if key[0] else _GONE))
        below[parents.get(key, _TOP)].append(node)
    changes = {numbers[key]: _change(pairing, key) for key in numbers}
    plan = Plan(pairing.new.engine, below[_TOP][0], sql=pairing.new.sql, version=pairing.new.version)
    reads = pairing.reads[0]
    joined = {
        number: reads.below(change.old)
        for number, change in changes.items()
        if change.new is None and change.old is not None and change.old.kind is Kind.JOIN
    }
    asides = frozenset(number for number, change in changes.items() if pairing.is_aside(change))
    return Merged(plan, changes, {numbers[key]: depth for key, depth in order}, joined, asides)


def _node(pairing: Pairing, key: Key) -> PlanNode:
    return (pairing.new if key[0] else pairing.old).nodes[key[1] - 1]


def _change(pairing: Pairing, key: Key) -> NodeChange:
    return (pairing.of_new if key[0] else pairing.of_old)[key[1]]


def _depths(plan: Plan) -> dict[int, int]:
    depths = {plan.root.number: 0}
    for node in plan.nodes:
        depths.update((child.number, depths[node.number] + 1) for child in node.children)
    return depths


class _Slots:
    """Where the removed nodes go.

    Attributes:
        around: The removed node that stands around another node, by that.
        beside: The removed nodes that stand below a node after its own children.
    """

    def __init__(self, pairing: Pairing) -> None:
        self.around: dict[Key, Key] = {}
        self.beside: dict[Key, list[Key]] = defaultdict(list)
        self._pairing = pairing
        kept = _kept_below(pairing)
        for number in reversed(pairing.matching.removed):
            node, key = pairing.old.nodes[number - 1], (False, number)
            if len(kept[number]) == 1:
                self.around[self._key(kept[number][0])] = key
            elif kept[number]:
                self.beside[self._paired_above(node)].append(key)
            else:
                above = pairing.old.parents.get(number)
                self.beside[self._key(above.number) if above else self._root].append(key)

    def outermost(self, key: Key) -> Key:
        """Return what stands in the place of a node: itself, or the last of what is around it."""
        while key in self.around:
            key = self.around[key]
        return key

    @property
    def _root(self) -> Key:
        return (True, self._pairing.new.root.number)

    def _key(self, number: int) -> Key:
        """Return where a node of the old plan is in the merged tree."""
        partner = self._pairing.matching.pairs.get(number)
        return (True, partner) if partner else (False, number)

    def _paired_above(self, node: PlanNode) -> Key:
        above = self._pairing.old.parents.get(node.number)
        while above is not None and above.number not in self._pairing.matching.pairs:
            above = self._pairing.old.parents.get(above.number)
        return self._root if above is None else self._key(above.number)


def _walk(slots: _Slots, pairing: Pairing) -> Iterator[tuple[Key, int]]:
    """Yield the nodes of the merged tree from the top down, with their depths."""
    inside = {around: inner for inner, around in slots.around.items()}
    waiting: list[tuple[Key, int]] = [(slots.outermost((True, pairing.new.root.number)), 0)]
    while waiting:
        key, depth = waiting.pop()
        left_out = not key[0] and pairing.is_aside(pairing.of_old[key[1]])
        if not left_out:
            yield key, depth
        own = [(True, child.number) for child in pairing.new.nodes[key[1] - 1].children] if key[0] else []
        below = [slots.outermost(child) for child in own]
        below += [slots.outermost(child) for child in reversed(slots.beside[key])]
        below += [inside[key]] if key in inside else []
        waiting.extend((child, depth + (not left_out)) for child in reversed(below))


def _kept_below(pairing: Pairing) -> dict[int, list[int]]:
    """Return for each node of the old plan its children that are, or lead to, nodes of the new plan."""
    leads = dict.fromkeys(pairing.matching.pairs, True)
    kept: dict[int, list[int]] = {}
    for node in reversed(pairing.old.nodes):
        kept[node.number] = [child.number for child in children_of(node) if leads.get(child.number)]
        leads[node.number] = leads.get(node.number, False) or bool(kept[node.number])
    return kept
