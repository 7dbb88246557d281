"""Flows between what a view shows: each end lifted to the nearest ancestor that is visible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from planroom.architecture.flows import Element, Flow
    from planroom.architecture.system import System

__all__ = ["Lifted", "lift", "lifted_flows"]

_MOST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Lifted:
    """The flows between two visible elements in one direction and manner, as one.

    Attributes:
        source, target: Ids of visible elements.
        flows: What it stands for; at least one.
    """

    source: str
    target: str
    flows: tuple[Flow, ...]

    @property
    def sync(self) -> bool:
        """Whether the source waits."""
        return self.flows[0].relation.sync

    @property
    def words(self) -> str:
        """What is said, the first few of many."""
        return _some(flow.relation.what for flow in self.flows)

    @property
    def protocol(self) -> str:
        """How it is said."""
        return _some(flow.relation.protocol for flow in self.flows)

    @property
    def data(self) -> tuple[str, ...]:
        """What is carried."""
        return tuple(dict.fromkeys(each for flow in self.flows for each in flow.relation.data))

    @property
    def pii(self) -> tuple[str, ...]:
        """The classes of personal data that it carries."""
        return tuple(sorted({each for flow in self.flows for each in flow.pii}))

    @property
    def encrypted(self) -> bool | None:
        """Whether all of it is encrypted; None where nobody said so of some."""
        told = {flow.encrypted for flow in self.flows}
        return False if False in told else None if None in told else True


def _some(texts: Iterable[str]) -> str:
    known = list(dict.fromkeys(text for text in texts if text))
    more = f", +{len(known) - _MOST_WORDS}" if len(known) > _MOST_WORDS else ""
    return ", ".join(known[:_MOST_WORDS]) + more


def lift(system: System, element: Element, visible: Collection[str]) -> str:
    """Return the id of the nearest visible one among an element and what it is part of; empty for none."""
    return next((each.id for each in system.line_of(element) if each.id in visible), "")


def lifted_flows(system: System, flows: Iterable[Flow], visible: Collection[str]) -> tuple[Lifted, ...]:
    """Return the flows between visible elements, in the order of the relations.

    What would lead from an element to itself, or to an element and what that is part of, is left out.
    """
    found: dict[tuple[str, str, bool], list[Flow]] = {}
    for flow in flows:
        source, target = lift(system, flow.source, visible), lift(system, flow.target, visible)
        if source and target and source != target:
            found.setdefault((source, target, flow.relation.sync), []).append(flow)
    return tuple(Lifted(source, target, tuple(of)) for (source, target, _), of in found.items())
