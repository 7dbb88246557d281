"""Who waits for whom: the synchronous relations between containers, and systems around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind, lifted_flows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.architecture import System

__all__ = ["circles", "longest_from", "waiting"]


def waiting(system: System) -> Mapping[str, tuple[str, ...]]:
    """Return whom each container and other system waits for, by id, in the order of the elements.

    People are left out: they wait, but nobody waits for them.
    """
    made = {each.parent for each in system.elements.values() if each.is_container}
    visible = {
        each.id
        for each in system.elements.values()
        if each.kind not in {Kind.PERSON, Kind.COMPONENT} and each.id not in made
    }
    found: dict[str, dict[str, None]] = {each: {} for each in system.elements if each in visible}
    for flow in lifted_flows(system, system.flows, visible):
        if flow.sync:
            found[flow.source][flow.target] = None
    return {source: tuple(targets) for source, targets in found.items()}


def circles(following: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return a circle through each group of elements that all reach each other, each group once."""
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in following:
        if start in seen:
            continue
        back = _way_back(start, following)
        if back:
            group = {each for each in _reached(start, following) if start in _reached(each, following)}
            seen |= group
            found.append(back)
    return found


def _reached(start: str, following: Mapping[str, Sequence[str]]) -> set[str]:
    reached: set[str] = set()
    open_ = list(following[start])
    while open_:
        each = open_.pop()
        if each not in reached:
            reached.add(each)
            open_ += following[each]
    return reached


def _way_back(start: str, following: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the shortest circle through an element, beginning with it; empty for none."""
    before: dict[str, str] = {}
    open_ = [start]
    for at in open_:
        for each in following[at]:
            if each == start:
                way = [at]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return tuple(reversed(way))
            if each not in before:
                before[each] = at
                open_.append(each)
    return ()


def longest_from(start: str, following: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a longest chain from an element in which every element is new to it.

    Each element's own longest chain is found once; where a circle closes, the chain ends.
    """
    best: dict[str, list[str]] = {}

    def chain(at: str, open_: frozenset[str]) -> list[str]:
        if at not in best:
            tails = [chain(each, open_ | {each}) for each in following[at] if each not in open_]
            best[at] = [at, *max(tails, key=len, default=[])]
        return best[at]

    return chain(start, frozenset({start}))
