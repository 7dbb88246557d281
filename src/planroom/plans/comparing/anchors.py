"""Where two plans hold on to each other: the nodes that read the same relation, function, CTE or index."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from planroom.plans.shapes import made_up, own_plan, stem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["anchor_name", "anchored"]

Key = tuple[str, ...]


def anchor_name(node: PlanNode) -> str:
    """Return what a node reads, in lower case as engines that keep the case are compared too; empty for nothing."""
    return (made_up(node) or node.relation or node.source).lower()


def anchored(old: Plan, new: Plan) -> dict[int, int]:
    """Return pairs of node numbers that read the same thing, the surest first; each node is in one pair at most.

    What must agree is loosened step by step: the sub-plan, the alias, the operator and index; then some of them; at
    last the relation alone, which finds a renamed alias. Several that agree are paired in order. Linear in the size.
    """
    olds, news = (_Readers(plan) for plan in (old, new))
    pairs: dict[int, int] = {}
    for key in _KEYS:
        waiting: dict[Key, deque[int]] = defaultdict(deque)
        for node in olds.readers:
            if node.number not in pairs:
                waiting[key(node, olds.within)].append(node.number)
        taken = set(pairs.values())
        for node in news.readers:
            if node.number not in taken and (found := waiting.get(key(node, news.within))):
                pairs[found.popleft()] = node.number
    return pairs


class _Readers:
    """The nodes of a plan that read something, and the sub-plan that each stands in."""

    def __init__(self, plan: Plan) -> None:
        self.within: dict[int, str] = {plan.root.number: ""}
        for node in plan.nodes:
            for child in node.children:
                self.within[child.number] = _subplan(child) if own_plan(child) else self.within[node.number]
        self.readers = [node for node in plan.nodes if anchor_name(node)]


def _subplan(node: PlanNode) -> str:
    """Return what is stable of a sub-plan's name: that of a CTE."""
    return node.subplan if node.subplan.startswith("CTE ") else node.relationship


def _alias(node: PlanNode) -> str:
    return "" if stem_of(node) else node.alias.lower()


def _keys() -> Iterable[Callable[[PlanNode, dict[int, str]], Key]]:
    yield lambda node, within: (within[node.number], anchor_name(node), _alias(node), node.operator, node.index)
    yield lambda node, within: (within[node.number], anchor_name(node), _alias(node))
    yield lambda node, _: (anchor_name(node), _alias(node), node.operator, node.index)
    yield lambda node, _: (anchor_name(node), _alias(node))
    yield lambda node, _: (anchor_name(node), node.operator, node.index)
    yield lambda node, _: (anchor_name(node),)


_KEYS = tuple(_keys())
