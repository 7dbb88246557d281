"""The order of a script: nothing before what it needs, and beyond that the order that reads best.

Needs come in strengths, because cycles happen: a function's body may name the table whose default calls the function.
A weak need that would close a cycle is dropped; what was asked for by it is then said later in the script (a foreign
key, a default) or not checked (a function's body).
"""

from __future__ import annotations

import enum
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

__all__ = ["Needs", "Strength", "arranged"]


class Strength(enum.IntEnum):
    """How much something is needed; the lower, the sooner a need is given up."""

    BODY = 1
    REFERENCE = 2
    PART = 3
    HARD = 4


Needs = dict[str, dict[str, Strength]]
"""For each object in reading order: what it needs, and how much."""

_Edges = dict[str, set[str]]


def arranged(needs: Mapping[str, Mapping[str, Strength]]) -> list[str]:
    """Return the objects so that each stands after what it needs, as close to the given order as that allows.

    Needs of objects that are not there, and of oneself, count for nothing. Hard needs that form a cycle cannot all be
    met; then the given order decides.
    """
    kept: _Edges = {node: set() for node in needs}
    for strength in sorted(Strength, reverse=True):
        _add(kept, _edges(needs, strength))
    return list(_depth_first(kept))


def _edges(needs: Mapping[str, Mapping[str, Strength]], strength: Strength) -> list[tuple[str, str]]:
    return [
        (node, need)
        for node, wanted in needs.items()
        for need, how_much in sorted(wanted.items())
        if how_much == strength and need in needs and need != node
    ]


def _add(kept: _Edges, edges: Sequence[tuple[str, str]]) -> None:
    """Add the edges that close no cycle; only those inside a strongly connected part need a search."""
    trial: _Edges = {node: set(targets) for node, targets in kept.items()}
    for node, need in edges:
        trial[node].add(need)
    part = _components(trial)
    doubtful = [(node, need) for node, need in edges if part[node] == part[need]]
    for node, need in edges:
        if part[node] != part[need]:
            kept[node].add(need)
    for node, need in doubtful:
        if not _reaches(kept, need, node, part):
            kept[node].add(need)


def _reaches(edges: _Edges, start: str, goal: str, part: Mapping[str, int]) -> bool:
    """Whether ``goal`` can be reached from ``start`` within one strongly connected part."""
    seen, stack = {start}, [start]
    while stack:
        node = stack.pop()
        if node == goal:
            return True
        fresh = {each for each in edges[node] if part[each] == part[goal]} - seen
        seen |= fresh
        stack.extend(fresh)
    return False


def _components(edges: _Edges) -> dict[str, int]:
    """Return the number of the strongly connected part of each node (Kosaraju's algorithm, without recursion)."""
    backwards: dict[str, list[str]] = defaultdict(list)
    for node, needs in edges.items():
        for need in needs:
            backwards[need].append(node)
    part: dict[str, int] = {}
    for number, root in enumerate(reversed(list(_depth_first(edges)))):
        stack = [root] if root not in part else []
        while stack:
            node = stack.pop()
            if node not in part:
                part[node] = number
                stack.extend(each for each in backwards[node] if each not in part)
    return part


def _depth_first(edges: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield the nodes in the order in which a depth-first search leaves them: needs first."""
    place = {node: number for number, node in enumerate(edges)}
    entered: set[str] = set()
    for root in edges:
        if root in entered:
            continue
        entered.add(root)
        stack: list[tuple[str, Iterator[str]]] = [(root, _in_order(edges[root], place))]
        while stack:
            node, rest = stack[-1]
            following = next((each for each in rest if each not in entered), None)
            if following is None:
                stack.pop()
                yield node
            else:
                entered.add(following)
                stack.append((following, _in_order(edges[following], place)))


def _in_order(nodes: Iterable[str], place: Mapping[str, int]) -> Iterator[str]:
    return iter(sorted(nodes, key=place.__getitem__))
