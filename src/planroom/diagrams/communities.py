"""Communities of a design's tables: found in the relations, helped out by names, and called after what they hold."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.drawing.communities import communities
from planroom.drawing.graph import Cluster, Graph, Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["by_community", "clustered", "community_names", "divided"]

_ALONE = "few or no relations"
_OTHERS = "others"
_MANY_PARTS, _SMALLEST_PART = 12, 6  # of more parts than this, those with fewer tables are no frames of their own
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z_\W]+")
_SPREAD = 0.5  # a prefix of more than this share of all tables tells nothing
_COMMON = 0.7  # a prefix of at least this share of a community names it
_TELLING = 3  # letters that a beginning needs to tell anything
_NEARLY_ALL, _FEW = 0.75, 24  # a share of all tables, and a number, that are too much for one frame
_FEWEST = 3  # tables of one prefix that make a community without any relation


def clustered(graph: Graph) -> Graph:
    """Return the graph with frames: its own, else around what its colours tell apart, else around communities.

    What holds nearly everything is no part of it: instead, its communities are framed, and coloured.
    """
    if graph.clusters:
        return graph
    hues = {node.id: node.hue for node in graph.nodes if node.kind != "enum"}
    if len(set(hues.values())) < 2 or not graph.hue_meaning:
        return by_community(graph)
    name, count = Counter(hues.values()).most_common(1)[0]
    if count <= max(_FEW, _NEARLY_ALL * len(hues)):
        return replace(graph, clusters=_frames(graph.hue_meaning, hues, coloured=True))
    parts = community_names(_inside(graph, [node for node, hue in hues.items() if hue == name]))
    names = {node: f"{name}: {part}" if part in graph.hues else part for node, part in parts.items()}
    return _coloured(graph, {**hues, **names}, f"{graph.hue_meaning} and community")


def by_community(graph: Graph) -> Graph:
    """Return the graph with a frame around each community; where colours tell nothing yet, they tell communities."""
    names = community_names(graph)
    if graph.hue_meaning:
        return replace(graph, clusters=_frames("community", names, coloured=False))
    return _coloured(graph, names, "community")


def _coloured(graph: Graph, names: Mapping[str, str], meaning: str) -> Graph:
    return replace(
        graph,
        nodes=tuple(replace(node, hue=names.get(node.id, "")) for node in graph.nodes),
        clusters=_frames(meaning, names, coloured=True),
        hue_meaning=meaning,
        hues=tuple(sorted({*names.values()} - {""})),
    )


def divided(graph: Graph, largest: int) -> Graph:
    """Return the graph with frames of at most so many nodes, where relations and names give reason to divide."""
    clusters: list[Cluster] = []
    for cluster in graph.clusters:
        names = _parts(_inside(graph, cluster.nodes), largest) if len(cluster.nodes) > largest else {}
        if len(set(names.values())) < 2:
            clusters.append(cluster)
            continue
        for part in _frames(cluster.id, names, coloured=False):
            label = part.label if part.label == cluster.label else f"{cluster.label}: {part.label}"
            clusters.append(replace(part, label=label, hue=cluster.hue))
    return replace(graph, clusters=tuple(clusters))


def _parts(graph: Graph, largest: int) -> dict[str, str]:
    """Return the communities of a part of a graph; of many the small ones are put together."""
    names = community_names(graph, largest=largest)
    sizes = Counter(names.values())
    least = _SMALLEST_PART if len(sizes) > _MANY_PARTS else 1
    return {node: name if sizes[name] >= least else _OTHERS for node, name in names.items()}


def _inside(graph: Graph, nodes: Sequence[str]) -> Graph:
    """Return the part of a graph that has only these nodes."""
    inside = set(nodes)
    edges = (edge for edge in graph.edges if edge.tail in inside and edge.head in inside)
    return Graph(nodes=tuple(graph.by_id[node] for node in nodes), edges=tuple(edges))


def _frames(grouping: str, names: Mapping[str, str], *, coloured: bool) -> tuple[Cluster, ...]:
    members: dict[str, list[str]] = defaultdict(list)
    for node, name in names.items():
        if name:
            members[name].append(node)
    return tuple(
        Cluster(f"{grouping}:{name}", name, tuple(nodes), hue=name if coloured else "")
        for name, nodes in sorted(members.items())
    )


def community_names(graph: Graph, *, largest: int | None = None) -> dict[str, str]:
    """Return the name of the community of each node that is no enum, in the graph's order.

    A table that nothing relates goes where most tables with its name's first words are, if anywhere.
    """
    nodes = [node for node in graph.nodes if node.kind != "enum"]
    known = {node.id for node in nodes}
    ties = [(edge.tail, edge.head) for edge in graph.edges if edge.tail in known and edge.head in known]
    found = communities([node.id for node in nodes], ties, largest=largest)
    groups = [members for members in found if len(members) > 1]
    words = {node.id: _words(node.title) for node in nodes}
    alone = _join_by_name([members[0] for members in found if len(members) == 1], groups, words)
    names = _names(groups, ties, {node.id: node for node in nodes}, words)
    home = {node: name for name, members in zip(names, groups, strict=True) for node in members}
    return {node.id: home.get(node.id, _ALONE) for node in nodes} if alone else {n.id: home[n.id] for n in nodes}


def _words(title: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(title)) or (title,)


def _prefixes(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the beginnings of a name, the longest first."""
    return [tuple(words[:count]) for count in range(len(words), 0, -1)]


def _join_by_name(singles: Sequence[str], groups: list[list[str]], words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Put single nodes where their name's beginning is at home, or together; return those that stay alone."""
    homes: dict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
    for at, members in enumerate(groups):
        for prefix, count in Counter(p for node in members for p in _prefixes(words[node])).items():
            homes[prefix][at] = count
    widest = _SPREAD * len(words)
    joined: dict[str, int] = {}
    for node in singles:
        for prefix in _prefixes(words[node]):
            at, count = min(homes.get(prefix, {-1: 0}).items(), key=lambda pair: (-pair[1], pair[0]))
            if count > 1 and 2 * count > homes[prefix].total() and homes[prefix].total() <= widest:
                joined[node] = at
                break
    for node, at in joined.items():
        groups[at].append(node)
    by_first: dict[str, list[str]] = defaultdict(list)
    for node in singles:
        if node not in joined:
            by_first[words[node][0]].append(node)
    gathered = [members for members in by_first.values() if _FEWEST <= len(members) <= widest]
    groups += gathered
    housed = {*joined, *(node for members in gathered for node in members)}
    return [node for node in singles if node not in housed]


def _names(
    groups: Sequence[Sequence[str]],
    ties: Iterable[tuple[str, str]],
    nodes: Mapping[str, Node],
    words: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """Return a name for each community: the beginning that its tables share, else its hub's; none twice."""
    home = {node: at for at, members in enumerate(groups) for node in members}
    inner: Counter[str] = Counter()
    for tail, head in ties:
        if home[tail] == home[head] and tail != head:
            inner.update((tail, head))
    names: dict[str, None] = {}
    for members in groups:
        hubs = sorted(members, key=lambda node: (-inner[node], node))
        shared = _shared_prefix(members, words)
        candidates = [*([shared] if shared else []), *(nodes[hub].title for hub in hubs), *hubs]
        names[next(name for name in candidates if name not in names)] = None
    return list(names)


def _shared_prefix(members: Sequence[str], words: Mapping[str, tuple[str, ...]]) -> str:
    """Return the longest beginning that most of the names share; empty for none."""
    counts = Counter(prefix for node in members for prefix in _prefixes(words[node]))
    enough = max(2.0, _COMMON * len(members))
    shared = max((prefix for prefix, count in counts.items() if count >= enough), key=len, default=())
    name = "_".join(shared)
    return name if len(name) >= _TELLING else ""
