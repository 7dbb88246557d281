"""Communities: nodes that are tied to each other more than to the rest.

Weights are whole numbers and every choice among equals goes to the node or community that comes first, so the result
is exact and the same everywhere. Time grows with the number of ties.

Source: Blondel, Guillaume, Lambiotte, Lefebvre, "Fast unfolding of communities in large networks" (2008); the queue of
nodes to look at again is that of Traag, Waltman, van Eck, "From Louvain to Leiden" (2019).
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from planroom.drawing.links import components

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["communities", "modularity"]

_Near = list[dict[int, int]]


def communities(
    nodes: Sequence[str], ties: Iterable[tuple[str, str]], *, largest: int | None = None
) -> list[list[str]]:
    """Return the nodes in communities, each of them connected; the order of the nodes is kept.

    Args:
        nodes: The nodes; their order decides among equals.
        ties: Pairs of nodes; a pair that is repeated counts as often. Ties of a node with itself mean nothing.
        largest: Divide larger communities again, as long as that finds parts; None for as they come.

    Example:
        >>> communities("abcdef", [*zip("abcdef", "bcaefd"), ("c", "d")])
        [['a', 'b', 'c'], ['d', 'e', 'f']]
    """
    pairs = list(ties)
    found = _connected(nodes, pairs, _louvain(nodes, pairs))
    return found if largest is None else _divided(found, pairs, largest)


def modularity(groups: Iterable[Iterable[str]], ties: Iterable[tuple[str, str]]) -> float:
    """Return the share of ties within groups, less what chance would put there; 1 at most, 0 for chance.

    Source: Newman, Girvan, "Finding and evaluating community structure in networks" (2004).
    """
    group = {node: at for at, members in enumerate(groups) for node in members}
    degree: dict[int, int] = defaultdict(int)
    inside = total = 0
    for tail, head in ties:
        if tail != head:
            total += 1
            inside += group[tail] == group[head]
            degree[group[tail]] += 1
            degree[group[head]] += 1
    return inside / total - sum(each * each for each in degree.values()) / (4 * total * total) if total else 0.0


def _divided(found: Sequence[list[str]], pairs: Sequence[tuple[str, str]], largest: int) -> list[list[str]]:
    """Return the communities, those that are too large divided by the ties within them."""
    home = {node: at for at, members in enumerate(found) for node in members}
    inside: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for tail, head in pairs:
        if home[tail] == home[head]:
            inside[home[tail]].append((tail, head))
    divided: list[list[str]] = []
    for at, members in enumerate(found):
        parts = communities(members, inside[at]) if len(members) > largest else [members]
        divided += _divided(parts, inside[at], largest) if len(parts) > 1 else parts
    return divided


def _connected(nodes: Sequence[str], pairs: Iterable[tuple[str, str]], home: Sequence[int]) -> list[list[str]]:
    """Return the communities in connected parts: moving single nodes may have torn one apart."""
    group = dict(zip(nodes, home, strict=True))
    return components(nodes, [pair for pair in pairs if group[pair[0]] == group[pair[1]]])


def _louvain(nodes: Sequence[str], pairs: Iterable[tuple[str, str]]) -> list[int]:
    """Return the number of each node's community."""
    place = {node: at for at, node in enumerate(nodes)}
    near: _Near = [{} for _ in nodes]
    for tail, head in pairs:
        one, other = place[tail], place[head]
        if one != other:
            near[one][other] = near[one].get(other, 0) + 1
            near[other][one] = near[other].get(one, 0) + 1
    near = [dict(sorted(each.items())) for each in near]  # the order in which the ties came must not count
    home = list(range(len(nodes)))
    loops = [0] * len(nodes)
    while True:
        moved = _numbered(_move(near, loops))
        if max(moved, default=-1) + 1 == len(near):
            return home
        home = [moved[at] for at in home]
        near, loops = _merged(near, loops, moved)


def _move(near: _Near, loops: Sequence[int]) -> list[int]:
    """Move single nodes to the neighbouring community that gains most, until none gains."""
    degree = [sum(ties.values()) + loop for ties, loop in zip(near, loops, strict=True)]
    whole = sum(degree)
    load = list(degree)
    home = list(range(len(near)))
    waiting = deque(home)
    queued = [True] * len(near)
    while waiting:
        node = waiting.popleft()
        queued[node] = False
        best = _best_home(node, near[node], home, load, degree[node], whole)
        if best == home[node]:
            continue
        load[home[node]] -= degree[node]
        load[best] += degree[node]
        home[node] = best
        for other in near[node]:
            if home[other] != best and not queued[other]:
                queued[other] = True
                waiting.append(other)
    return home


def _best_home(
    node: int, ties: dict[int, int], home: Sequence[int], load: Sequence[int], degree: int, whole: int
) -> int:
    """Return the community in which the node gains most; its own unless another is truly better."""
    own = home[node]
    weight = {own: 0}
    for other, count in ties.items():
        weight[home[other]] = weight.get(home[other], 0) + count
    best, most = own, weight[own] * whole - degree * (load[own] - degree)
    for each in sorted(weight):
        gain = weight[each] * whole - degree * load[each]
        if each != own and gain > most:
            best, most = each, gain
    return best


def _numbered(home: Sequence[int]) -> list[int]:
    """Return the communities numbered from 0 in the order of their first nodes."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(each, len(numbers)) for each in home]


def _merged(near: _Near, loops: Sequence[int], home: Sequence[int]) -> tuple[_Near, list[int]]:
    """Return the graph whose nodes are the communities; a tie within one counts at both of its ends."""
    count = max(home) + 1
    merged: _Near = [{} for _ in range(count)]
    inner = [0] * count
    for node, ties in enumerate(near):
        own = home[node]
        inner[own] += loops[node]
        for other, weight in ties.items():
            if home[other] == own:
                inner[own] += weight
            else:
                merged[own][home[other]] = merged[own].get(home[other], 0) + weight
    return merged, inner
