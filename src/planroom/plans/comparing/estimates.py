"""Rows that are expected, or came, in other numbers than before: said where it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from planroom.plans.comparing.measures import shown_cost
from planroom.plans.comparing.naming import worded
from planroom.plans.operators import Kind

if TYPE_CHECKING:
    from planroom.plans.comparing.changes import NodeChange, Pairing
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["estimate_moves"]

_FACTOR = 2.0
_FEWEST = 10  # rows; below, a factor says little
_MOST_TOLD = 3
_ONE_RESULT = frozenset({Kind.SCAN, Kind.INDEX_SCAN, Kind.JOIN, Kind.AGGREGATE, Kind.DISTINCT, Kind.FILTER})

Rows = Callable[["PlanNode"], float | None]


def estimate_moves(pairing: Pairing) -> Iterator[str]:
    """Yield the three places where the expected rows, and those where the measured rows, differ most."""
    yield from _moves(pairing, "rows expected", lambda node: node.estimated_rows)
    if pairing.old.analyzed and pairing.new.analyzed:
        yield from _moves(pairing, "rows measured", lambda node: node.total_rows)


def _moves(pairing: Pairing, what: str, rows: Rows) -> Iterator[str]:
    shared = _below_gathers(pairing.old), _below_gathers(pairing.new)
    factors = {
        change.node.number: factor
        for change in pairing.changes
        if change.old and change.new and (factor := _factor(change, rows, shared)) >= _FACTOR
    }
    begins = [number for number in factors if not _below(pairing.new.nodes[number - 1]) & factors.keys()]
    reads = pairing.reads[1]
    for number in sorted(begins, key=lambda each: (-factors[each], each))[:_MOST_TOLD]:
        new, old = pairing.new.nodes[number - 1], pairing.of_new[number].old
        before, after = rows(old) if old else None, rows(new)
        if before is not None and after is not None:
            numbers = f"{shown_cost(before)} → {shown_cost(after)} ({_times(before, after)})"
            yield f"{what} of {worded(new, reads)}: {numbers}"
    if len(begins) > _MOST_TOLD:
        yield f"{what} differ in {len(begins) - _MOST_TOLD} more places"


def _below(node: PlanNode) -> set[int]:
    """Return the numbers of the nodes right below, past those that give on what they get."""
    found, waiting = set(), list(node.children)
    while waiting:
        child = waiting.pop()
        found.add(child.number)
        if child.kind not in _ONE_RESULT:
            waiting.extend(child.children)
    return found


def _factor(change: NodeChange, rows: Rows, shared: Sequence[set[int]]) -> float:
    old, new = change.old, change.new
    if old is None or new is None or new.kind not in _ONE_RESULT or not _same_unit(old, new, shared):
        return 1.0
    before, after = rows(old), rows(new)
    if before is None or after is None or max(before, after) < _FEWEST:
        return 1.0
    low, high = sorted((max(before, 1.0), max(after, 1.0)))
    return high / low


def _same_unit(old: PlanNode, new: PlanNode, shared: Sequence[set[int]]) -> bool:
    """Whether the rows of two nodes are counted alike: per execution, and by all processes or by each."""
    again = (old.estimated_loops > 1, new.estimated_loops > 1)
    each_process = (old.number in shared[0], new.number in shared[1])
    return again[0] == again[1] and each_process[0] == each_process[1] and (not again[0] or old.title == new.title)


def _below_gathers(plan: Plan) -> set[int]:
    """Return the numbers of the nodes whose rows are those of one process."""
    found: set[int] = set()
    for node in plan.nodes:
        if node.kind is Kind.GATHER or node.number in found:
            found.update(child.number for child in node.children)
    return found


def _times(before: float, after: float) -> str:
    if not before or not after:
        return "from none" if after else "none any more"
    return f"× {after / before:.3g}"
