"""A system as Graphviz DOT text: nodes in nested clusters. A sequence is numbered edges."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._wording import box_lines, edge_lines
from planroom.drawing.graph import Cluster, Edge, End, Form, Graph, LineStyle, Node
from planroom.drawing.palette import FRAME, LINE, NO_HUE, OUTSIDE, assign_hues, dark_edge
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["box_lines_of"]

_SHAPES = {Form.CYLINDER: "cylinder", Form.PERSON: "box", Form.PIPE: "cds"}
_FONT = 'fontname="Helvetica,Arial,sans-serif"'


def box_lines_of(graph: Graph) -> Iterator[str]:
    """Yield the lines of a diagram in the graph's order."""
    hues = assign_hues([*graph.hues, *(node.hue for node in graph.nodes if node.hue)])
    inside = {node for cluster in graph.clusters for node in cluster.nodes}
    yield f"digraph {_quoted(graph.title or 'diagram')} {{"
    yield f"  graph [label={_quoted(graph.summary)}, labelloc=b, {_FONT}, fontsize=12]"
    yield f'  node [shape=box, style="rounded,filled", {_FONT}, fontsize=12]'
    yield f'  edge [dir=both, color="{LINE}", {_FONT}, fontsize=11]'
    yield from _clusters(graph, "", hues, "  ")
    yield from (f"  {_node(node, hues)}" for node in graph.nodes if node.id not in inside)
    yield from (f"  {_edge(edge)}" for edge in graph.edges)
    yield "}"


def _quoted(text: str) -> str:
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _clusters(graph: Graph, parent: str, hues: Mapping[str, str], indent: str) -> Iterator[str]:
    for at, cluster in enumerate(graph.clusters):
        if cluster.parent == parent:
            heading = _quoted(f"{cluster.label} {cluster.note}".strip())
            look = f'labeljust=l; style="rounded,dashed"; color="{FRAME}"'
            yield f"{indent}subgraph cluster_{at} {{ label={heading}; {look}"
            yield from _clusters(graph, cluster.id, hues, f"{indent}  ")
            yield from (f"{indent}  {_node(graph.by_id[node], hues)}" for node in _own(graph, cluster))
            yield f"{indent}}}"


def _own(graph: Graph, cluster: Cluster) -> Iterator[str]:
    inner = {node for other in graph.clusters if other.parent == cluster.id for node in other.nodes}
    yield from (node for node in cluster.nodes if node not in inner)


def _node(node: Node, hues: Mapping[str, str]) -> str:
    fill = OUTSIDE if node.external else hues.get(node.hue, NO_HUE)
    title, *others = (escape(printable(line), quote=True) for line in box_lines(node))
    label = "<BR/>".join([f"<B>{title}</B>", *others])
    shape = f", shape={_SHAPES[node.form]}" if node.form in _SHAPES else ""
    plain = ', style="filled"' if node.form in {Form.CYLINDER, Form.PIPE} else ""
    return (
        f'{_quoted(node.id)} [label=<{label}>, fillcolor="{fill}", color="{dark_edge(fill)}"{shape}{plain}, '
        f"tooltip={_quoted(node.tip)}]"
    )


def _edge(edge: Edge) -> str:
    words = "\\n".join(_quoted(line)[1:-1] for line in edge_lines(edge))
    style = "" if edge.style is LineStyle.SOLID else f", style={edge.style}"
    ends = (f"arrow{name}={'none' if end is End.NONE else 'normal'}"
            for name, end in (("tail", edge.tail_end), ("head", edge.head_end)))  # fmt: skip
    return f'{_quoted(edge.tail)} -> {_quoted(edge.head)} [label="{words}", {", ".join(ends)}{style}]'
