"""A system as Mermaid text: a ``flowchart`` with subgraphs, or a ``sequenceDiagram``.

Source: the flowchart and sequence grammars of Mermaid 11. Every text is quoted or ends its line, and what either
grammar or HTML would read is written as an entity code (``#lt;``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._wording import box_lines, distinct, edge_lines
from planroom.drawing.graph import Cluster, Edge, End, Form, Graph, LineStyle, Node, Notation
from planroom.drawing.palette import FRAME, NO_HUE, OUTSIDE, assign_hues, dark_edge
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["whole_text"]

_SAFE = re.compile(r"[\w ,.:/()\[\]=+*?'|€→·×-]")
_TURN = re.compile(r"(?i:(direction) )")  # within a subgraph, the lexer takes "direction LR" for a statement anywhere
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9]+")
_FRAMES = {
    Form.TABLE: ("[", "]"), Form.BOX: ("[", "]"), Form.PERSON: ("([", "])"), Form.CYLINDER: ("[(", ")]"),
    Form.PIPE: ("[[", "]]"),
}  # fmt: skip
_BREAK = "<br/>"


def whole_text(graph: Graph) -> str:
    """Return the diagram in the graph's order."""
    names = distinct((node.id, f"n_{_NOT_IN_NAME.sub('_', node.id)}") for node in graph.nodes)
    lines = _sequence(graph, names) if graph.notation is Notation.SEQUENCE else _flowchart(graph, names)
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Return a text of one line in which nothing is read as a statement, markup or HTML."""
    plain = printable(" ".join(text.split()))
    coded = "".join(each if _SAFE.match(each) else f"#{ord(each)};" for each in plain) or "#32;"
    return _TURN.sub(r"\1#32;", coded)


def _flowchart(graph: Graph, names: Mapping[str, str]) -> Iterator[str]:
    yield "flowchart TB"
    if graph.summary:
        yield f"    accTitle: {_text(graph.summary)}"
    inside = {node for cluster in graph.clusters for node in cluster.nodes}
    yield from _clusters(graph, "", names, "    ")
    yield from (_node(node, names, "    ") for node in graph.nodes if node.id not in inside)
    yield from (_edge(edge, names) for edge in graph.edges)
    yield from _classes(graph, names)


def _clusters(graph: Graph, parent: str, names: Mapping[str, str], indent: str) -> Iterator[str]:
    for at, cluster in enumerate(graph.clusters):
        if cluster.parent == parent:
            yield f'{indent}subgraph c{at}["{_text(f"{cluster.label} {cluster.note}".strip())}"]'
            yield from _clusters(graph, cluster.id, names, f"{indent}    ")
            yield from (_node(graph.by_id[node], names, f"{indent}    ") for node in _own(graph, cluster))
            yield f"{indent}end"
            yield f"{indent}style c{at} fill:none,stroke:{FRAME},stroke-dasharray:4 3"


def _own(graph: Graph, cluster: Cluster) -> Iterator[str]:
    """Yield the nodes of a frame that no inner frame holds."""
    inner = {node for other in graph.clusters if other.parent == cluster.id for node in other.nodes}
    yield from (node for node in cluster.nodes if node not in inner)


def _node(node: Node, names: Mapping[str, str], indent: str) -> str:
    title, *others = map(_text, box_lines(node))
    opens, closes = _FRAMES[node.form]
    return f'{indent}{names[node.id]}{opens}"{_BREAK.join([f"<b>{title}</b>", *others])}"{closes}'


def _edge(edge: Edge, names: Mapping[str, str]) -> str:
    solid = edge.style is LineStyle.SOLID
    opens = "<" if edge.tail_end is not End.NONE else ""
    arrow = edge.head_end is not End.NONE
    line = ("-->" if arrow else "---") if solid else ("-.->" if arrow else "-.-")
    label = _BREAK.join(map(_text, edge_lines(edge)))
    words = f'|"{label}"|' if label else ""
    return f"    {names[edge.tail]} {opens}{line}{words} {names[edge.head]}"


def _classes(graph: Graph, names: Mapping[str, str]) -> Iterator[str]:
    hues = assign_hues([*graph.hues, *(node.hue for node in graph.nodes if node.hue)])
    fills: dict[str, list[str]] = {}
    for node in graph.nodes:
        fills.setdefault(OUTSIDE if node.external else hues.get(node.hue, NO_HUE), []).append(names[node.id])
    for at, (fill, members) in enumerate(sorted(fills.items())):
        yield f"    classDef f{at} fill:{fill},stroke:{dark_edge(fill)},color:#1f2328"
        yield f"    class {','.join(members)} f{at}"


def _sequence(graph: Graph, names: Mapping[str, str]) -> Iterator[str]:
    yield "sequenceDiagram"
    if graph.summary:
        yield f"    accTitle: {_text(graph.summary)}"
    for node in graph.nodes:
        word = "actor" if node.form is Form.PERSON else "participant"
        yield f"    {word} {names[node.id]} as {_BREAK.join(map(_text, box_lines(node)))}"
    for edge in graph.edges:
        line = "->>" if edge.style is LineStyle.SOLID else "-->>"
        yield f"    {names[edge.tail]}{line}{names[edge.head]}: {_BREAK.join(map(_text, edge_lines(edge))) or '#32;'}"
