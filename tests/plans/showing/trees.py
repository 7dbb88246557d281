"""Plans made by hand, numbered as a reader numbers them."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import strategies as st

from planroom.plans import Plan, PlanNode


def node(operator: str, *children: PlanNode, **fields: Any) -> PlanNode:
    """Return a node that costs 1 and gives 10 rows unless it says otherwise."""
    return PlanNode(0, operator, children=children, **{"self_cost": 1.0, "estimated_rows": 10.0, **fields})


def scan(relation: str, **fields: Any) -> PlanNode:
    """Return a scan of a table."""
    return node("Seq Scan", relation=relation, **fields)


def plan(root: PlanNode, **fields: Any) -> Plan:
    """Return a plan whose nodes are numbered from the top down."""
    numbers = count(1)

    def numbered(each: PlanNode) -> PlanNode:
        number = next(numbers)
        return replace(each, number=number, children=tuple(map(numbered, each.children)))

    return Plan(engine=fields.pop("engine", "postgres"), root=numbered(root), **fields)


def chain(length: int) -> Plan:
    """Return nested loops, each with one inner scan; made from below, so that it may be deep."""
    total = 2 * length + 1
    below = PlanNode(length + 1, "Seq Scan", relation="t", self_cost=1.0, estimated_rows=1.0, relationship="Outer")
    for level in range(length, 0, -1):
        inner = PlanNode(total - level + 1, "Index Scan", relation="u", self_cost=1.0, relationship="Inner")
        below = PlanNode(level, "Nested Loop", children=(below, inner), self_cost=1.0, relationship="Outer")
    return Plan(engine="postgres", root=below)


def partitions(number: int, *, of: str = "Append") -> Plan:
    """Return a scan of a table with so many partitions; the third costs most."""
    scans = (scan(f"p{at}", self_cost=5.0 if at == 2 else 1.0, estimated_rows=10.0 + at) for at in range(number))
    return plan(node(of, *scans, self_cost=0.5))


def grown(shape: Any) -> PlanNode:
    """Return the tree that nested lists draw."""
    return node("Append" if shape else "Result", *map(grown, shape), self_cost=1.0 + len(shape))


shapes = st.recursive(st.just([]), lambda below: st.lists(below, max_size=7), max_leaves=60)
