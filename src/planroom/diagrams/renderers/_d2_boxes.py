"""A system as D2 text: shapes in nested containers, or a ``sequence_diagram``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._wording import box_lines, distinct, edge_lines
from planroom.drawing.graph import Cluster, Edge, End, Form, Graph, LineStyle, Node, Notation
from planroom.drawing.palette import FRAME, LINE, NO_HUE, OUTSIDE, assign_hues, dark_edge
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["box_lines_of", "quoted"]

_SHAPES = {
    Form.BOX: "rectangle",
    Form.TABLE: "rectangle",
    Form.PERSON: "person",
    Form.CYLINDER: "cylinder",
    Form.PIPE: "queue",
}


@lru_cache(maxsize=4096)
def quoted(text: str) -> str:
    """Return a D2 string in double quotes."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


def _lines_in(lines: tuple[str, ...]) -> str:
    return '"' + "\\n".join(quoted(line)[1:-1] for line in lines) + '"'


def box_lines_of(graph: Graph) -> Iterator[str]:
    """Yield the lines of a diagram in the graph's order."""
    keys = distinct(((node.id, node.id) for node in graph.nodes), str.casefold)
    homes = _homes(graph)
    paths = {node.id: ".".join([*homes.get(node.id, ()), quoted(keys[node.id])]) for node in graph.nodes}
    if graph.notation is Notation.SEQUENCE:
        yield "shape: sequence_diagram"
    for cluster in graph.clusters:
        path = ".".join(_path(graph, cluster))
        yield f"{path}: {quoted(f'{cluster.label} {cluster.note}'.strip())} {{"
        yield f"  style: {{fill: transparent; stroke: {quoted(FRAME)}; stroke-dash: 4; border-radius: 8}}"
        yield "}"
    yield from (line for node in graph.nodes for line in _node(graph, node, paths[node.id]))
    yield from (line for edge in graph.edges for line in _edge(edge, paths))


def _path(graph: Graph, cluster: Cluster) -> tuple[str, ...]:
    outer = next((other for other in graph.clusters if other.id == cluster.parent), None)
    at = graph.clusters.index(cluster)
    return (*(_path(graph, outer) if outer else ()), quoted(f"frame {at}"))


def _homes(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """Return the path of the innermost frame of each node; inner frames stand after outer ones."""
    return {node: _path(graph, cluster) for cluster in graph.clusters for node in cluster.nodes}


def _node(graph: Graph, node: Node, path: str) -> Iterator[str]:
    hues = assign_hues([*graph.hues, *(each.hue for each in graph.nodes if each.hue)])
    fill = OUTSIDE if node.external else hues.get(node.hue, NO_HUE)
    yield f"{path}: {_lines_in(box_lines(node))} {{"
    yield f"  shape: {_SHAPES[node.form]}"
    yield f"  style: {{fill: {quoted(fill)}; stroke: {quoted(dark_edge(fill))}; font-color: {quoted('#1f2328')}}}"
    yield "}"


def _edge(edge: Edge, paths: Mapping[str, str]) -> Iterator[str]:
    line = ("<" if edge.tail_end is not End.NONE else "-") + ("->" if edge.head_end is not End.NONE else "-")
    line = {"-->": "->", "<->": "<->", "--": "--", "<-": "<-"}[line]
    words = _lines_in(edge_lines(edge))
    yield f"{paths[edge.tail]} {line} {paths[edge.head]}: {words} {{"
    dash = "; stroke-dash: 5" if edge.style is not LineStyle.SOLID else ""
    yield f"  style: {{stroke: {quoted(LINE)}{dash}}}"
    yield "}"
