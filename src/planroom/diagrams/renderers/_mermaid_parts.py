"""A Mermaid diagram in parts, where one would be larger than those who draw it allow.

GitHub, GitLab and JupyterLab leave Mermaid's limits as they are, and a diagram cannot change them from within: a longer
text is replaced by an error. A part holds some tables whole, and every relation in which they are the referencing
side; a table of another part is there as a name. So the parts together hold each table and each relation once.

Source: Mermaid 11, ``maxTextSize`` and ``maxEdges`` in ``config.schema.yaml``. It counts UTF-16 units. Only flowcharts
are held to ``maxEdges`` today; parts keep to it all the same, since nobody can read more.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planroom.diagrams.overview import overview
from planroom.diagrams.renderers import _mermaid_boxes
from planroom.diagrams.renderers._mermaid_script import Script, diagram_text, script_of, whole_text
from planroom.diagrams.renderers._wording import distinct
from planroom.drawing.graph import Cluster, Notation
from planroom.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.drawing.graph import Graph

__all__ = ["MOST_EDGES", "MOST_TEXT", "Part", "fits", "length", "parts_of"]

MOST_TEXT = 100_000  # UTF-16 units
MOST_EDGES = 500
_FRAME = 1_000  # units for the first lines of a part and the colours of states
_LONGEST_TITLE = 200
_OVERVIEW, _LOOSE = "overview", "other tables"


@dataclass(frozen=True, slots=True)
class Part:
    """One diagram of several that belong together.

    Attributes:
        name: What it shows, such as a context; ``overview`` for the first.
        text: The diagram.
    """

    name: str
    text: str


def length(text: str) -> int:
    """Return a text's length as Mermaid counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(text: str, edges: int) -> bool:
    """Whether a diagram is within Mermaid's limits."""
    return length(text) < MOST_TEXT and edges <= MOST_EDGES


def parts_of(graph: Graph) -> tuple[Part, ...]:
    """Return a graph as diagrams that are each within Mermaid's limits: one if that will do, else an overview first.

    A picture of a system is always one.

    Raises:
        FormatError: A single table is too large; the message names it.
    """
    if graph.notation is not Notation.TABLES:
        return (Part(graph.title or "diagram", _mermaid_boxes.whole_text(graph)),)
    script, whole = script_of(graph), whole_text(graph)
    if fits(whole, len(graph.edges)):
        return (Part(graph.title or "diagram", whole),)
    members = _members(graph, script)
    homes = {node: name for name, nodes in members.items() for node in nodes}
    relations: dict[str, list[str]] = defaultdict(list)
    for _, head, line in script.relations:
        relations[homes[head]].append(line)
    parts = (Part(name, _part_text(graph, script, name, nodes, relations[name])) for name, nodes in members.items())
    return (Part(_OVERVIEW, _overview_text(graph, homes)), *parts)


def _part_text(graph: Graph, script: Script, name: str, nodes: Sequence[str], relations: Sequence[str]) -> str:
    states = {script.states[node] for node in nodes}
    return diagram_text(_title(graph, name), (script.entities[node] for node in nodes), relations, states)


def _title(graph: Graph, name: str) -> str:
    return f"{graph.title}: {name}"[:_LONGEST_TITLE]


def _overview_text(graph: Graph, homes: Mapping[str, str]) -> str:
    """Return the overview in which each part is a box: one of the graph as if the parts were its contexts."""
    inside: dict[str, list[str]] = defaultdict(list)
    for node, name in homes.items():
        inside[name].append(node)
    by_part = replace(
        graph,
        nodes=tuple(replace(node, hue=homes.get(node.id, "")) for node in graph.nodes),
        clusters=tuple(Cluster(f"part:{name}", name, tuple(nodes), hue=name) for name, nodes in inside.items()),
        hue_meaning="part",
        hues=tuple(sorted(inside)),
    )
    return whole_text(replace(overview(by_part, asked=True), summary=_title(graph, _OVERVIEW)))


def _members(graph: Graph, script: Script) -> Mapping[str, list[str]]:
    """Return the nodes of each part: a cluster, context or schema, or a share of one that is too large."""
    sizes, order = _sizes(script), _from_hubs(script)
    parts: list[tuple[str, list[str]]] = []
    for group, nodes in _groups(graph):
        shares = list(_shares(nodes, sizes))
        if len(shares) > 1:  # what is near one hub stays together as far as it can
            shares = list(_shares(sorted(nodes, key=order.__getitem__), sizes))
        for at, share in enumerate(shares, 1):
            hub = graph.by_id[min(share, key=order.__getitem__)].title
            name = group if len(shares) == 1 else f"{group} ({at} of {len(shares)})"
            parts.append((name if group else f"around {hub}", share))
    names = distinct([("", _OVERVIEW), *((str(at), name) for at, (name, _) in enumerate(parts))])
    return {names[str(at)]: nodes for at, (_, nodes) in enumerate(parts)}


def _groups(graph: Graph) -> list[tuple[str, list[str]]]:
    """Return name and nodes of each cluster, context or schema; all nodes without a name where there is none."""
    framed = {node: cluster.label for cluster in graph.clusters for node in cluster.nodes}
    members: dict[str, list[str]] = defaultdict(list)
    for node in graph.nodes:
        if node.kind != "enum":
            members[framed.get(node.id, _LOOSE) if framed else node.hue].append(node.id)
    return sorted(members.items())


def _from_hubs(script: Script) -> Mapping[str, int]:
    """Return the place of each node when the most related come first, each followed by what is near it."""
    near: dict[str, list[str]] = {node: [] for node in script.entities}
    for tail, head, _ in script.relations:
        near[tail].append(head)
        near[head].append(tail)
    place: dict[str, int] = {}
    for hub in sorted(near, key=lambda node: (-len(near[node]), node)):
        waiting = deque([hub])
        while waiting:
            node = waiting.popleft()
            if node not in place:
                place[node] = len(place)
                waiting.extend(near[node])
    return place


def _sizes(script: Script) -> Mapping[str, tuple[int, int]]:
    """Return what each node adds to the part that it is in: units of text, and relations."""
    units = {node: length(text) + 1 for node, text in script.entities.items()}
    edges = dict.fromkeys(units, 0)
    for _, head, line in script.relations:
        units[head] += length(line) + 1
        edges[head] += 1
    return {node: (units[node], edges[node]) for node in units}


def _shares(nodes: Sequence[str], sizes: Mapping[str, tuple[int, int]]) -> Iterator[list[str]]:
    """Yield the nodes in their order, as many at a time as one part may hold."""
    share: list[str] = []
    units = edges = 0
    for node in nodes:
        more_units, more_edges = sizes[node]
        if more_units > MOST_TEXT - _FRAME:
            raise FormatError(
                f"{node} alone is too large for a Mermaid diagram.",
                why=f"its text has {more_units:,} characters; Mermaid draws {MOST_TEXT:,}.",
                fix="leave it out with exclude, draw keys only with detail='keys', or write another format.",
            )
        if share and (units + more_units > MOST_TEXT - _FRAME or edges + more_edges > MOST_EDGES):
            yield share
            share, units, edges = [], 0, 0
        share.append(node)
        units, edges = units + more_units, edges + more_edges
    if share:
        yield share
