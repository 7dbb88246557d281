"""The pictures of a comparison: each tree with the sign of what became of a node and, below it, what it was."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from planroom.drawing.graph import State as Drawn
from planroom.plans.comparing.changes import State
from planroom.plans.comparing.text import headline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.plans.comparing.changes import NodeChange
    from planroom.plans.comparing.comparison import PlanComparison
    from planroom.plans.plan import Plan

__all__ = ["drawn", "drawn_alone"]

_SHOWING = "planroom.plans.showing"
_STATES = {
    State.SAME: Drawn.PLAIN, State.CHANGED: Drawn.CHANGED, State.ADDED: Drawn.ADDED, State.REMOVED: Drawn.REMOVED
}  # fmt: skip


def drawn(comparison: PlanComparison) -> Any:
    """Return the new plan as a tree, with what was removed where it was; None where trees are not drawn."""
    merged = comparison.merged
    notes = {number: _note(change, merged.joined.get(number, "")) for number, change in merged.changes.items()}
    changes = {number: change for number, change in merged.changes.items() if number not in merged.asides}
    return _tree(merged.plan, changes, notes, headline(comparison))


def drawn_alone(comparison: PlanComparison) -> tuple[Any, Any]:
    """Return the two plans as trees of their own, with the same signs."""
    pairing = comparison.pairing
    sides = (
        (comparison.old, pairing.of_old, comparison.names[0]),
        (comparison.new, pairing.of_new, comparison.names[1]),
    )
    trees = []
    for plan, changes, name in sides:
        told = {number: change for number, change in changes.items() if not pairing.is_aside(change)}
        notes = {number: _note(change, "") for number, change in told.items()} if plan is comparison.new else {}
        trees.append(_tree(plan, told, notes, name))
    return trees[0], trees[1]


def _tree(plan: Plan, changes: Mapping[int, NodeChange], notes: Mapping[int, str], title: str) -> Any:
    if find_spec(_SHOWING) is None:
        return None
    tree, marks = import_module(f"{_SHOWING}.tree"), import_module(f"{_SHOWING}.marks")
    told = {
        number: marks.Mark(_STATES[change.state], notes.get(number, ""))
        for number, change in changes.items()
        if change.state is not State.SAME
    }
    return tree.PlanTree(plan, "", told, (), title)


def _note(change: NodeChange, joined: str) -> str:
    return change.was or (f"of {joined}" if joined else "")
