"""A system as PlantUML text: a component diagram with nested rectangles, or a sequence diagram, in the look of C4.

It needs no library: what C4's macros would draw is written out, so that it works without a network.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._plantuml_words import aliases_of, text
from planroom.diagrams.renderers._wording import box_lines, edge_lines
from planroom.drawing.graph import Cluster, Edge, End, Form, Graph, LineStyle, Node, Notation
from planroom.drawing.palette import FRAME, LINE, NO_HUE, OUTSIDE, assign_hues

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["whole_text"]

_STYLE = f"""\
skinparam shadowing false
skinparam defaultTextAlignment center
skinparam wrapWidth 200
skinparam rectangle {{
  BorderColor {FRAME}
  RoundCorner 12
}}
skinparam database {{
  BorderColor {FRAME}
}}
skinparam queue {{
  BorderColor {FRAME}
}}
skinparam arrowColor {LINE}"""
_WORDS = {
    Form.BOX: "rectangle", Form.TABLE: "rectangle", Form.PERSON: "actor", Form.CYLINDER: "database", Form.PIPE: "queue",
}  # fmt: skip
_WIDTH = 32  # characters a line
_BREAK = "\\n"


def whole_text(graph: Graph) -> str:
    """Return the diagram in the graph's order."""
    lines = _sequence(graph) if graph.notation is Notation.SEQUENCE else _boxes(graph)
    return "\n".join(lines) + "\n"


def _head(graph: Graph) -> Iterator[str]:
    yield "@startuml"
    yield _STYLE
    if graph.title:
        yield f"title {text(graph.title)}"


def _tail(graph: Graph) -> Iterator[str]:
    if graph.summary or graph.caption:
        yield f"caption {text(f'{graph.summary}. {graph.caption}'.strip())}"
    yield "@enduml"


def _boxes(graph: Graph) -> Iterator[str]:
    aliases = aliases_of(graph)
    fills = _fills(graph)
    inside = {node for cluster in graph.clusters for node in cluster.nodes}
    yield from _head(graph)
    yield from _clusters(graph, "", aliases, fills, "")
    yield from (_node(node, aliases, fills, "") for node in graph.nodes if node.id not in inside)
    yield from (_edge(edge, aliases) for edge in graph.edges)
    yield from _tail(graph)


def _fills(graph: Graph) -> Mapping[str, str]:
    hues = assign_hues([*graph.hues, *(node.hue for node in graph.nodes if node.hue)])
    return {node.id: OUTSIDE if node.external else hues.get(node.hue, NO_HUE) for node in graph.nodes}


def _clusters(
    graph: Graph, parent: str, aliases: Mapping[str, str], fills: Mapping[str, str], indent: str
) -> Iterator[str]:
    for at, cluster in enumerate(graph.clusters):
        if cluster.parent == parent:
            heading = text(f"{cluster.label} {cluster.note}".strip())
            yield f'{indent}rectangle "{heading}" as c_{at} #ffffff {{'
            yield from _clusters(graph, cluster.id, aliases, fills, f"{indent}  ")
            yield from (_node(graph.by_id[node], aliases, fills, f"{indent}  ") for node in _own(graph, cluster))
            yield f"{indent}}}"


def _own(graph: Graph, cluster: Cluster) -> Iterator[str]:
    inner = {node for other in graph.clusters if other.parent == cluster.id for node in other.nodes}
    yield from (node for node in cluster.nodes if node not in inner)


def _node(node: Node, aliases: Mapping[str, str], fills: Mapping[str, str], indent: str) -> str:
    return f'{indent}{_WORDS[node.form]} "{_words(node)}" as {aliases[node.id]} {fills[node.id]}'


def _words(node: Node) -> str:
    title, *others = box_lines(node)
    lines = [f"<b>{text(title)}</b>", *(text(part) for line in others for part in textwrap.wrap(line, _WIDTH))]
    return _BREAK.join(lines)


def _edge(edge: Edge, aliases: Mapping[str, str]) -> str:
    dashed = ",dashed" if edge.style is not LineStyle.SOLID else ""
    left, right = ("<" if edge.tail_end is not End.NONE else ""), (">" if edge.head_end is not End.NONE else "")
    words = _BREAK.join(map(text, edge_lines(edge)))
    return f"{aliases[edge.tail]} {left}-[{LINE}{dashed}]-{right} {aliases[edge.head]}" + (
        f" : {words}" if words else ""
    )


def _sequence(graph: Graph) -> Iterator[str]:
    aliases, fills = aliases_of(graph), _fills(graph)
    yield from _head(graph)
    for node in graph.nodes:
        word = {Form.PERSON: "actor", Form.CYLINDER: "database"}.get(node.form, "participant")
        yield f'{word} "{_words(node)}" as {aliases[node.id]} {fills[node.id]}'
    for edge in graph.edges:
        line = "->" if edge.style is LineStyle.SOLID else "-->"
        yield f"{aliases[edge.tail]} {line} {aliases[edge.head]} : {_BREAK.join(map(text, edge_lines(edge)))}"
    yield from _tail(graph)
