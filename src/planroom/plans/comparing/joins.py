"""Joins in words: in which order, and which side is which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.comparing.changes import children_of
from planroom.plans.comparing.naming import Reads, reader
from planroom.plans.operators import Kind
from planroom.plans.shapes import made_up

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["join_order", "side_move", "sides_across"]

_MOST_JOINED = 8


def join_order(plan: Plan, *, tables: bool = False) -> str:
    """Return how a plan joins what it reads: ``(orders ⋈ items) ⋈ customers``, outer sides first.

    With many relations it is their order alone, as the plan reads them. What a sub-plan reads is left out.

    Args:
        plan: The plan.
        tables: Whether to call relations by their own names, not by their aliases.
    """
    texts: dict[int, str] = {}
    relations: dict[int, tuple[str, ...]] = {}
    for node in reversed(plan.nodes):
        sides = [child for child in children_of(node) if relations[child.number]]
        own = (reader(node, tables=tables),) if (node.relation or node.source) and not made_up(node) else ()
        relations[node.number] = (*own, *(name for side in sides for name in relations[side.number]))
        parts = [*own, *(texts[side.number] for side in sides)]
        texts[node.number] = _joined(parts, join=node.kind is Kind.JOIN)
    names = relations[plan.root.number]
    if len(names) > _MOST_JOINED:
        return ", ".join(names[:_MOST_JOINED]) + f" and {len(names) - _MOST_JOINED} more"
    whole = texts[plan.root.number]
    return whole[1:-1] if len(names) > 1 else whole


def _joined(parts: list[str], *, join: bool) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"({(' ⋈ ' if join else ', ').join(parts)})"


def sides_across(old: PlanNode, new: PlanNode, reads: Reads, names: tuple[str, str]) -> str:
    """Return which engine has which side of a join outside."""
    outer, inner = (reads.below(child) for child in children_of(new))
    if "hash" in new.operator.lower() and "hash" in old.operator.lower():
        return f"{names[1]} builds the hash table on {inner}, {names[0]} on {outer}"
    return f"{outer} is the outer side of a join in {names[1]}, and the inner one in {names[0]}"


def side_move(old: PlanNode, new: PlanNode, reads: Reads) -> str:
    """Return what it means that the sides of a join are swapped."""
    outer, inner = (reads.below(child) for child in children_of(new))
    if new.operator in {"Hash Join", "HASH_JOIN"} and old.operator in {"Hash Join", "HASH_JOIN"}:
        return f"the hash table is built on {inner} now, not on {outer}"
    if "Nested Loop" in new.operator:
        return f"the Nested Loop runs over {outer} now, and looks {inner} up"
    return f"the sides of {new.title} are swapped: {outer} is the outer side now"
