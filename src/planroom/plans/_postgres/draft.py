"""The nodes of a document in a row, with their parents: what charging works on before nodes are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["GATHERS", "Draft", "below", "drafts_of"]

GATHERS = frozenset({"Gather", "Gather Merge"})


class Draft:
    """A node that is not made yet.

    Attributes:
        at: Its place in the row, from 0; the node's number is one more.
        raw: The engine's object.
        parent: The parent's place, -1 at the top.
        children: The children's places.
        last: The place of the last node below it, its own when there is none.
    """

    __slots__ = ("at", "children", "last", "loops", "parent", "raw", "relationship")

    def __init__(self, at: int, raw: Mapping[str, Any], parent: int) -> None:
        self.at = at
        self.raw = raw
        self.parent = parent
        self.children: Sequence[int] = ()
        self.last = at
        self.loops = float(raw.get("Actual Loops") or 0.0)
        self.relationship = str(raw.get("Parent Relationship", ""))

    @property
    def own_plan(self) -> bool:
        """Whether it is run when its value is needed, not when its parent asks for rows: an InitPlan or CTE."""
        return self.relationship == "InitPlan"


def drafts_of(root: Mapping[str, Any]) -> list[Draft]:
    """Return the nodes from the top down, children in the engine's order; deep plans do not recurse."""
    row: list[Draft] = []
    children: dict[int, list[int]] = {}
    waiting: list[tuple[Mapping[str, Any], int]] = [(root, -1)]
    while waiting:
        raw, parent = waiting.pop()
        draft = Draft(len(row), raw, parent)
        row.append(draft)
        if parent >= 0:
            children[parent].append(draft.at)
        if plans := raw.get("Plans"):
            draft.children = children[draft.at] = []
            waiting.extend([(child, draft.at) for child in reversed(plans)])
    for at in reversed(children):
        row[at].last = row[row[at].children[-1]].last
        if len(row[at].children) == 1 and row[at].raw.get("Node Type") == "ModifyTable":
            _as_today(row[at + 1])
    return row


def _as_today(only: Draft) -> None:
    """Call the one node that feeds a modification its outer side: up to version 13, there was one a table."""
    if only.relationship == "Member":
        only.relationship = "Outer"


def below(row: Sequence[Draft], at: int) -> Iterator[Draft]:
    """Yield a node and all below it."""
    return (row[place] for place in range(at, row[at].last + 1))
