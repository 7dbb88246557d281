"""A Graph as D2 text: ``sql_table`` shapes, joined column to column.

Every key and every value is a double-quoted string, in which D2 finds no keyword, dot, glob, spread or import; within
one, the backslash, the quote and the ``$`` of a substitution are escaped. D2 does not tell ``Users`` from ``users``:
the second gets a number. A type that is called like its
column is given a blank, because D2 takes the same word for no label.

Source: the D2 language tour, "SQL tables", "Strings", "Connections"; tried with D2 0.7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.diagrams.renderers._d2_boxes import box_lines_of, quoted
from planroom.diagrams.renderers._wording import (
    distinct,
    field_of,
    is_inferred,
    label_of,
    marked,
    remark_of,
    state_words,
    subheading,
    words_of,
)
from planroom.diagrams.renderers.base import Renderer
from planroom.drawing.graph import Edge, End, Graph, LineStyle, Node, Notation, Row
from planroom.drawing.palette import HAIRLINE, INK, LINE, STATE_INK, assign_hues

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["D2Renderer"]

_ENDS = {
    End.NONE: "none",
    End.EXACTLY_ONE: "cf-one-required",
    End.ZERO_OR_ONE: "cf-one",
    End.ZERO_OR_MORE: "cf-many",
    End.ONE_OR_MORE: "cf-many-required",
    End.ARROW: "arrow",
    End.GENERAL: "triangle",
}
_DASHES = {LineStyle.DASHED: 5, LineStyle.DOTTED: 2}


class D2Renderer(Renderer):
    """D2 tables, in containers where the graph has clusters."""

    suffixes = (".d2",)

    def render(self, graph: Graph) -> str:
        """Return the diagram in the graph's order; comments are tooltips."""
        lines = _lines(graph) if graph.notation is Notation.TABLES else box_lines_of(graph)
        return "\n".join(lines) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    hues = assign_hues([*graph.hues, *(node.hue for node in graph.nodes if node.hue)])
    homes = {node: at for at, cluster in enumerate(graph.clusters) for node in cluster.nodes}
    frames = distinct(((str(at), cluster.label) for at, cluster in enumerate(graph.clusters)), str.casefold)
    names = distinct(((node.id, node.id) for node in graph.nodes), str.casefold)
    paths = {
        node.id: f"{quoted(frames[str(homes[node.id])])}.{quoted(names[node.id])}"
        if node.id in homes
        else quoted(names[node.id])
        for node in graph.nodes
    }
    keys = {node.id: _keys(node) for node in graph.nodes}
    yield "direction: right"
    if graph.title:
        yield f"title: {quoted(graph.title)} {{shape: text; near: top-center; style.font-size: 24}}"
    for at in range(len(graph.clusters)):
        yield f"{quoted(frames[str(at)])}: {{style: {{fill: transparent; stroke-dash: 4; border-radius: 8}}}}"
    for node in graph.nodes:
        yield from _table(node, paths[node.id], keys[node.id], hues.get(node.hue, HAIRLINE))
    for edge in graph.edges:
        yield from _connection(edge, paths, keys)


def _keys(node: Node) -> Mapping[str, str]:
    """Return what each row is called, by its port, or by its words where no edge can end at it."""
    rows = dict.fromkeys(row.port or words_of(row) for row in node.rows)
    return distinct(((words, words) for words in rows), str.casefold)


def _table(node: Node, path: str, keys: Mapping[str, str], fill: str) -> Iterator[str]:
    beside = subheading(node)
    title = marked(f"{node.title} ({beside})" if beside else node.title, node.state)
    yield f"{path}: {quoted(title)} {{"
    yield "  shape: sql_table"
    yield f"  style: {{fill: {quoted(fill)}; font-color: {quoted(STATE_INK.get(node.state, INK))}{_outline(node)}}}"
    if remark := remark_of(node):
        yield f"  tooltip: {quoted(remark)}"
    yield from (f"  {_row(row, keys[row.port or words_of(row)])}" for row in node.rows)
    yield "}"


def _row(row: Row, key: str) -> str:
    field, happened = field_of(row), state_words(row.state)
    facts = [*(field.keys if field else ()), *([happened] if happened else [])]
    constraint = f" {{constraint: [{'; '.join(map(quoted, facts))}]}}" if facts else ""
    kind = f"{field.kind}{' ?' if field.nullable else ''}" if field else ""
    return f"{quoted(key)}: {quoted(f'{kind} ' if kind == key else kind)}{constraint}"


def _outline(node: Node) -> str:
    dash = _DASHES.get(node.outline)
    return f"; stroke-dash: {dash}" if dash else ""


def _connection(edge: Edge, paths: Mapping[str, str], keys: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    tail, head = _end(edge.tail, edge.tail_port, paths, keys), _end(edge.head, edge.head_port, paths, keys)
    yield f"{tail} <-> {head}: {quoted(marked(label_of(edge), edge.state))} {{"
    yield f"  source-arrowhead: {{shape: {_ENDS[edge.tail_end]}}}"
    yield f"  target-arrowhead: {{shape: {_ENDS[edge.head_end]}}}"
    dash = _DASHES.get(edge.style)
    width = 1 if is_inferred(edge) else max(1, round(edge.weight))
    dashed = f"; stroke-dash: {dash}" if dash else ""
    yield f"  style: {{stroke: {quoted(STATE_INK.get(edge.state, LINE))}; stroke-width: {width}{dashed}}}"
    yield "}"


def _end(node: str, port: str, paths: Mapping[str, str], keys: Mapping[str, Mapping[str, str]]) -> str:
    return f"{paths[node]}.{quoted(keys[node][port])}" if port and port in keys[node] else paths[node]
