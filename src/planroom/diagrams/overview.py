"""An overview of a graph that is too large to read: groups of nodes, and how many edges join them.

Groups are the frames that were asked for, else the graph's contexts or schemas; where it has neither, the communities
that its relations form.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from planroom.diagrams.communities import clustered
from planroom.drawing.graph import Cell, Edge, Graph, Node, Role, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["overview"]

_MOST_GROUPS = 24
_MOST_TIES = 32
_NAMES_SHOWN = 5


def overview(graph: Graph, *, asked: bool = False) -> Graph:
    """Return a graph of groups; its caption says what was done and how to see more.

    Args:
        graph: The whole graph.
        asked: It was asked for, not chosen because the whole would be too small to read.
    """
    degree: Counter[str] = Counter()
    for edge in graph.edges:
        degree[edge.tail] += 1
        degree[edge.head] += 1
    graph = clustered(graph)
    nodes = [node for node in graph.nodes if node.kind != "enum"]
    labels = {node: cluster.label for cluster in graph.clusters for node in cluster.nodes}
    group = _merged({node.id: labels.get(node.id, "") for node in nodes})
    ties = _ties(graph, group)
    strongest = sorted(sorted(ties), key=lambda pair: -ties[pair])[:_MOST_TIES]
    how = f"by {graph.clusters[0].id.partition(':')[0]}" if graph.clusters else "of everything"
    hues = {cluster.label: cluster.hue for cluster in graph.clusters}
    return Graph(
        nodes=tuple(_group_nodes(nodes, group, degree, hues)),
        edges=tuple(_tie(pair, ties[pair]) for pair in sorted(strongest)),
        title=graph.title,
        subtitle=graph.subtitle,
        summary=f"{graph.summary}; overview {how}",
        caption=_caption(graph, how, len(ties), asked=asked),
        hues=graph.hues,
    )


def _caption(graph: Graph, how: str, ties: int, *, asked: bool) -> str:
    parts = [
        graph.caption,
        f"Overview {how}." if asked else f"Overview {how}: the whole picture would be too small to read.",
        "Numbers in boxes and on lines count relations." if ties else "",
        f"The {_MOST_TIES} strongest of {ties} ties are drawn." if ties > _MOST_TIES else "",
        "focus='<table>' shows a table and its neighbours; overview=False draws everything.",
    ]
    return " ".join(part for part in parts if part)


def _merged(group: Mapping[str, str]) -> dict[str, str]:
    """Return the groups, the smallest put together when there are too many to draw."""
    sizes = Counter(group.values())
    largest = sorted(sorted(sizes), key=lambda name: -sizes[name])
    kept = set(largest if len(largest) <= _MOST_GROUPS else largest[: _MOST_GROUPS - 1])
    rest = f"{len(largest) - len(kept)} smaller groups"
    return {node: (name or "none") if name in kept else rest for node, name in group.items()}


def _ties(graph: Graph, group: Mapping[str, str]) -> Counter[tuple[str, str]]:
    ties: Counter[tuple[str, str]] = Counter()
    for edge in graph.edges:
        if edge.tail in group and edge.head in group and group[edge.tail] != group[edge.head]:
            first, second = sorted((group[edge.tail], group[edge.head]))
            ties[first, second] += 1
    return ties


def _group_nodes(
    nodes: Sequence[Node],
    group: Mapping[str, str],
    degree: Counter[str],
    hues: Mapping[str, str],
) -> list[Node]:
    members: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        members[group[node.id]].append(node)
    return [
        Node(
            id=name,
            title=name,
            rows=tuple(_member_rows(inside, degree)),
            note=_count(inside),
            hue=hues.get(name, ""),
            kind="group",
            tip=", ".join(node.title for node in inside),
        )
        for name, inside in sorted(members.items())
    ]


def _count(inside: Sequence[Node]) -> str:
    views = sum(node.kind == "view" for node in inside)
    counts = ((len(inside) - views, "table"), (views, "view"))
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count)


def _member_rows(inside: Sequence[Node], degree: Counter[str]) -> list[Row]:
    ordered = sorted(inside, key=lambda node: (-degree[node.id], node.title))
    shown = ordered if len(ordered) <= _NAMES_SHOWN + 1 else ordered[:_NAMES_SHOWN]
    rows = [Row((Cell(node.title), Cell(str(degree[node.id]), Role.NOTE, right=True)), tip=node.tip) for node in shown]
    if len(shown) < len(ordered):
        rows.append(Row((Cell(f"{len(ordered) - len(shown)} more", Role.NOTE),)))
    return rows


def _tie(pair: tuple[str, str], count: int) -> Edge:
    return Edge(*pair, label=str(count), weight=1.0 + min(3.0, math.log2(count) * 0.6), tip=f"{count} relations")
