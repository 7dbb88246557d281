"""What became of each node: the same, changed, added or removed, and in what."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.plans.comparing.anchors import anchor_name
from planroom.plans.comparing.matching import Matching, match
from planroom.plans.comparing.naming import Reads, called
from planroom.plans.operators import Kind
from planroom.plans.shapes import made_up, own_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["Facet", "NodeChange", "Pairing", "State", "children_of"]

_WORK = frozenset({Kind.SCAN, Kind.INDEX_SCAN, Kind.JOIN, Kind.WINDOW, Kind.SET_OPERATION, Kind.MODIFY})
_SCANS = frozenset({Kind.SCAN, Kind.INDEX_SCAN})


class State(enum.StrEnum):
    """What became of a node."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"

    @property
    def glyph(self) -> str:
        """The sign that stands before it."""
        return {"same": " ", "changed": "~", "added": "+", "removed": "−"}[self]


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing in which two paired nodes differ.

    Attributes:
        name: ``operator``, ``index``, ``relation``, ``sides`` or ``place``.
        old, new: What it was and is, in words.
    """

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node and its partner in the other plan; one of them is None where it has none."""

    old: PlanNode | None
    new: PlanNode | None
    facets: tuple[Facet, ...] = ()

    @property
    def state(self) -> State:
        """What became of it."""
        if self.old is None or self.new is None:
            return State.ADDED if self.old is None else State.REMOVED
        return State.CHANGED if self.facets else State.SAME

    @property
    def was(self) -> str:
        """What a changed node was, in words; empty for any other."""
        if self.old is None or self.new is None or not self.facets:
            return ""
        if called(self.old) != called(self.new):
            return f"was {called(self.old)}"
        told = (each for each in self.facets if each.name != "sides")
        first = next((f"{each.name} was {each.old or 'none'}" for each in told), "")
        return first or "sides swapped"

    @property
    def node(self) -> PlanNode:
        """The node as it is now, or was when it is gone."""
        node = self.new or self.old
        assert node is not None  # noqa: S101  (a change is of some node)
        return node


@dataclass(frozen=True)
class Pairing:
    """Two plans and what became of each node."""

    old: Plan
    new: Plan

    @cached_property
    def matching(self) -> Matching:
        """Which node is which."""
        return match(self.old, self.new)

    @property
    def across(self) -> bool:
        """Whether the plans are of different engines, so that operators agree in what they do and not in name."""
        return self.old.engine != self.new.engine

    @cached_property
    def changes(self) -> tuple[NodeChange, ...]:
        """What became of every node: those of the new plan in its order, then the removed ones."""
        back = {there: here for here, there in self.matching.pairs.items()}
        current = (
            NodeChange(self.old.nodes[back[node.number] - 1], node, self._facets(back[node.number], node))
            if node.number in back
            else NodeChange(None, node)
            for node in self.new.nodes
        )
        gone = (NodeChange(self.old.nodes[number - 1], None) for number in self.matching.removed)
        return (*current, *gone)

    @cached_property
    def reads(self) -> tuple[Reads, Reads]:
        """What the nodes of either plan read; between engines, by the relations' own names."""
        return Reads(self.old, self.across), Reads(self.new, self.across)

    @cached_property
    def of_new(self) -> Mapping[int, NodeChange]:
        """What became of each node of the new plan, by number."""
        return {each.new.number: each for each in self.changes if each.new is not None}

    @cached_property
    def of_old(self) -> Mapping[int, NodeChange]:
        """What became of each node of the old plan, by number."""
        return {each.old.number: each for each in self.changes if each.old is not None}

    def is_aside(self, change: NodeChange) -> bool:
        """Whether only one of two engines has a node because it puts its work into other steps."""
        alone = change.state in {State.ADDED, State.REMOVED}
        return self.across and alone and (change.node.kind not in _WORK or bool(made_up(change.node)))

    def _facets(self, number: int, new: PlanNode) -> tuple[Facet, ...]:
        old = self.old.nodes[number - 1]
        return tuple(self._across(old, new) if self.across else self._within(old, new))

    def _within(self, old: PlanNode, new: PlanNode) -> Iterator[Facet]:
        if old.title != new.title:
            yield Facet("operator", old.title, new.title)
        if (old.join_type or "Inner") != (new.join_type or "Inner") and old.title == new.title:
            yield Facet("join type", old.join_type, new.join_type)
        if old.index != new.index:
            yield Facet("index", old.index, new.index)
        if anchor_name(old) != anchor_name(new):
            yield Facet("relation", old.target, new.target)
        elif old.schema and new.schema and old.schema != new.schema:
            yield Facet("schema", old.schema, new.schema)
        if self.swapped(old, new):
            yield Facet("sides", *("", "swapped"))
        if own_plan(old) != own_plan(new):
            yield Facet("place", old.relationship, new.relationship)

    def _across(self, old: PlanNode, new: PlanNode) -> Iterator[Facet]:
        if old.kind is not new.kind and not {old.kind, new.kind} <= _SCANS:
            yield Facet("operator", old.title, new.title)
        elif {old.kind, new.kind} == _SCANS:
            yield Facet("operator", str(old.kind), str(new.kind))
        if self.swapped(old, new):
            yield Facet("sides", *("", "swapped"))

    def swapped(self, old: PlanNode, new: PlanNode) -> bool:
        """Whether two paired joins have their sides the other way round."""
        before = [self.matching.old_sets[child.number] for child in children_of(old)]
        after = [self.matching.new_sets[child.number] for child in children_of(new)]
        return len(before) == len(after) == 2 and before == after[::-1] and before[0] != before[1]


def children_of(node: PlanNode) -> tuple[PlanNode, ...]:
    """Return the children that give the node its rows: sub-plans of their own left out."""
    return tuple(child for child in node.children if not own_plan(child))
