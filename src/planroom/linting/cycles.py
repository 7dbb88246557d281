"""Cycles in a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["cycles"]


def cycles(graph: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield one shortest cycle for each set of nodes that all reach each other; a node alone is none.

    Source: R. E. Tarjan, "Depth-first search and linear graph algorithms", 1972; iterative, so of any depth.
    """
    for component in _components(graph):
        if len(component) > 1:
            yield _shortest(graph, min(component), frozenset(component))


def _components(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in graph:
        work = [(root, iter(graph.get(root, ())))] if root not in index else []
        while work:
            node, following = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            for other in following:
                if other not in index:
                    work.append((other, iter(graph.get(other, ()))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = _popped(stack, node)
                    on_stack.difference_update(component)
                    yield component


def _popped(stack: list[str], node: str) -> list[str]:
    component = []
    while True:
        component.append(stack.pop())
        if component[-1] == node:
            return component


def _shortest(graph: Mapping[str, Sequence[str]], start: str, within: frozenset[str]) -> tuple[str, ...]:
    """Return the shortest way from a node back to itself."""
    came_from: dict[str, str] = {}
    frontier = [start]
    while frontier:
        following = []
        for node in frontier:
            for other in graph.get(node, ()):
                if other == start and node != start:  # a row that refers to itself is no circle of tables
                    return _way(came_from, start, node)
                if other in within and other not in came_from:
                    came_from[other] = node
                    following.append(other)
        frontier = following
    return (start,)


def _way(came_from: Mapping[str, str], start: str, end: str) -> tuple[str, ...]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
