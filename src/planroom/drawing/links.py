"""What a layout needs to know of a graph: which boxes are tied, at which heights, and how deep the ties go."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from planroom.drawing.graph import Graph
    from planroom.drawing.measure import Shape

__all__ = ["Link", "Net", "components", "links_of", "ranks"]

Net = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An edge as a layout sees it.

    Attributes:
        index: The edge's place in ``graph.edges``.
        tail, head: Node ids.
        tail_y, head_y: Where it ends, from the top of each box.
        net: Links of one net leave their tail together and share their way until they part.
        free_tail, free_head: It ends at the box, not at a row: the end may move up and down a little.
    """

    index: int
    tail: str
    head: str
    tail_y: float
    head_y: float
    net: Net
    free_tail: bool = False
    free_head: bool = False


def links_of(graph: Graph, shapes: Mapping[str, Shape]) -> tuple[Link, ...]:
    """Return the edges as links; edges that leave the same row in the same way are one net."""
    links = []
    seen: Counter[tuple[str, str]] = Counter()
    for index, edge in enumerate(graph.edges):
        seen[edge.tail, edge.head] += 1
        tail, head = shapes[edge.tail], shapes[edge.head]
        look = (edge.tail_end, edge.style, f"{edge.weight:.1f}", edge.state)
        parallel = "" if edge.tail_port else str(seen[edge.tail, edge.head])
        own = str(index) if edge.label else parallel
        links.append(
            Link(
                index,
                edge.tail,
                edge.head,
                float(round(tail.port(edge.tail_port))),
                float(round(head.port(edge.head_port))),
                (edge.tail, edge.tail_port, *look, own),
                free_tail=not edge.tail_port,
                free_head=not edge.head_port,
            )
        )
    return tuple(links)


def components(nodes: Sequence[str], groups: Iterable[Collection[str]]) -> list[list[str]]:
    """Return the nodes in connected parts, each group of nodes being connected; order is kept."""
    parent = {node: node for node in nodes}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for group in groups:
        first, *others = group
        for other in others:
            parent[root(other)] = root(first)
    parts: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        parts[root(node)].append(node)
    return list(parts.values())


def ranks(nodes: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return each node's rank: its longest way from a node that nothing leads to.

    Ties that would close a circle, found by walking from the nodes in their order, are left out.
    """
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for tail, head in dict.fromkeys(pairs):
        if tail != head:
            following[tail].append(head)
    order, backward = _finishing_order(nodes, following)
    rank = dict.fromkeys(nodes, 0)
    for node in reversed(order):
        for other in following[node]:
            if (node, other) not in backward:
                rank[other] = max(rank[other], rank[node] + 1)
    return rank


def _finishing_order(
    nodes: Sequence[str], following: Mapping[str, Sequence[str]]
) -> tuple[list[str], set[tuple[str, str]]]:
    """Walk depth first, without recursion; return the nodes as they are finished, and the ties back."""
    order: list[str] = []
    backward: set[tuple[str, str]] = set()
    unseen, open_, done = 0, 1, 2
    mark = dict.fromkeys(nodes, unseen)
    for start in nodes:
        if mark[start] != unseen:
            continue
        mark[start] = open_
        stack = [(start, iter(following[start]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if mark[other] == open_:
                    backward.add((node, other))
                elif mark[other] == unseen:
                    mark[other] = open_
                    stack.append((other, iter(following[other])))
                    break
            else:
                mark[node] = done
                order.append(node)
                stack.pop()
    return order, backward
