"""The triggers of a plan, and whether each ran within a node's time or after the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.plans.plan import Trigger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.plans.node import PlanNode

__all__ = ["triggers_of"]


def triggers_of(document: Mapping[str, Any], root: PlanNode) -> tuple[Trigger, ...]:
    """Return the triggers in the engine's order.

    The engine does not say whether a trigger fires before or after. One that serves a constraint fires after; another
    counts as after when its time fits into what the run took beyond the tree, the longest first, and else lies within
    the modification of its table.
    """
    raw = document.get("Triggers") or ()
    if not raw:
        return ()
    changes = [node for node in root.walk() if node.operator == "ModifyTable"]
    beyond = _beyond(document, root)
    outside: set[int] = set()
    for at in sorted(
        range(len(raw)), key=lambda at: ("Constraint Name" not in raw[at], -float(raw[at].get("Time") or 0.0))
    ):
        time = float(raw[at].get("Time") or 0.0)
        if "Constraint Name" in raw[at] or time <= beyond or not changes:
            outside.add(at)
            beyond -= time
    # The text format leaves the table out when there is no other.
    only = changes[0].relation if len(changes) == 1 and not changes[0].targets else ""
    return tuple(
        Trigger(
            # The text format names a constraint's trigger by its constraint alone; its own name holds but an OID.
            name="" if "Constraint Name" in each else str(each.get("Trigger Name", "")),
            constraint=str(each.get("Constraint Name", "")),
            relation=str(each.get("Relation", only)),
            time_ms=each.get("Time"),
            calls=float(each.get("Calls") or 0.0),
            inside=0 if at in outside else _change_of(each, changes).number,
        )
        for at, each in enumerate(raw)
    )


def _beyond(document: Mapping[str, Any], root: PlanNode) -> float:
    tree = (root.total_ms or 0.0) * (root.loops or 0.0)
    return max(0.0, float(document.get("Execution Time") or 0.0) - tree)


def _change_of(trigger: Mapping[str, Any], changes: list[PlanNode]) -> PlanNode:
    relation = trigger.get("Relation")
    return next((node for node in changes if relation and relation in (node.relation, *node.targets)), changes[0])
