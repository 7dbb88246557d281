"""Where two plans hold on to each other: the nodes that read the same relation, function, CTE or index."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from typing import TYPE_CHECKING

from planroom.plans.shapes import made_up, own_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["anchor_name", "anchored"]

Key = tuple[str, ...]
_NUMBERED = re.compile(r"_\d+$")


def anchor_name(node: PlanNode) -> str:
    """Return what a node reads, in lower case as engines that keep the case are compared too; empty for nothing."""
    return (made_up(node) or node.relation or node.source).lower()


def anchored(old: Plan, new: Plan) -> dict[int, int]:
    """Return pairs of node numbers that read the same thing, the surest first; each node is in one pair at most.

    What must agree is loosened step by step: the sub-plan, the alias, the operator and index; then some of them; at
    last the relation alone, which finds a renamed alias. Several that agree are paired in order. Linear in the size.
    """
    told = all(any(map(_is_numbered, plan.nodes)) for plan in (old, new))
    olds, news = (_Readers(plan, numbered=told) for plan in (old, new))
    pairs: dict[int, int] = {}
    for key in _KEYS:
        waiting: dict[Key, deque[int]] = defaultdict(deque)
        for node in olds.readers:
            if node.number not in pairs:
                waiting[key(node, olds)].append(node.number)
        taken = set(pairs.values())
        for node in news.readers:
            if node.number not in taken and (found := waiting.get(key(node, news))):
                pairs[found.popleft()] = node.number
    return pairs


class _Readers:
    """The nodes of a plan that read something.

    Attributes:
        readers: These nodes, from the top down.
        within: The sub-plan that a node stands in, by its number; empty for the plan itself.
        alias: The alias of a node, by its number. A number that the engine put behind it counts only where both plans
            have such: in a plan that was read from its shape it is not told.
    """

    def __init__(self, plan: Plan, *, numbered: bool) -> None:
        self.within: dict[int, str] = {plan.root.number: ""}
        for node in plan.nodes:
            for child in node.children:
                self.within[child.number] = _subplan(child) if own_plan(child) else self.within[node.number]
        self.readers = [node for node in plan.nodes if anchor_name(node)]
        self.alias = {node.number: _alias(node, numbered=numbered) for node in self.readers}


def _subplan(node: PlanNode) -> str:
    """Return what is stable of a sub-plan's name: that of a CTE."""
    return node.subplan if node.subplan.startswith("CTE ") else node.relationship


def _alias(node: PlanNode, *, numbered: bool) -> str:
    alias = node.alias.lower()
    return _NUMBERED.sub("", alias) if _is_numbered(node) and not numbered else alias


def _is_numbered(node: PlanNode) -> bool:
    return node.alias != node.relation and bool(_NUMBERED.search(node.alias))


def _keys() -> Iterable[Callable[[PlanNode, _Readers], Key]]:
    yield lambda node, by: (by.within[node.number], anchor_name(node), by.alias[node.number], node.operator, node.index)
    yield lambda node, by: (by.within[node.number], anchor_name(node), by.alias[node.number])
    yield lambda node, by: (anchor_name(node), by.alias[node.number], node.operator, node.index)
    yield lambda node, by: (anchor_name(node), by.alias[node.number])
    yield lambda node, _: (anchor_name(node), node.operator, node.index)
    yield lambda node, _: (anchor_name(node),)


_KEYS = tuple(_keys())
