"""The same graph with less in it: keys only, names only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.drawing.graph import Graph, Node, Row, Sign

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["keys_only", "names_only", "without_enums"]

_KEYS = {Sign.PRIMARY_KEY, Sign.FOREIGN_KEY, Sign.UNIQUE}


def keys_only(graph: Graph) -> Graph:
    """Return the graph with the rows that are keys or at which edges end; enums are left out."""
    kept = _without_enums(graph)
    ends = {(edge.tail, edge.tail_port) for edge in kept.edges} | {(edge.head, edge.head_port) for edge in kept.edges}
    nodes = (replace(node, rows=tuple(row for row in node.rows if _is_key(node, row, ends))) for node in kept.nodes)
    return replace(kept, nodes=tuple(nodes), caption=_with(graph, "Key columns only; detail='columns' shows all."))


def names_only(graph: Graph) -> Graph:
    """Return the graph with nothing but names; enums are left out."""
    kept = _without_enums(graph)
    return replace(
        kept,
        nodes=tuple(replace(node, rows=()) for node in kept.nodes),
        edges=tuple(replace(edge, tail_port="", head_port="") for edge in kept.edges),
        caption=_with(graph, "Names only; focus='<table>' shows a table with its columns and neighbours."),
    )


def without_enums(graph: Graph) -> Graph:
    """Return the graph without the boxes of enums; the columns still name them."""
    kept = _without_enums(graph)
    return replace(kept, caption=_with(graph, "The values of enums are left out.")) if kept is not graph else graph


def _with(graph: Graph, words: str) -> str:
    return f"{graph.caption} {words}".strip()


def _is_key(node: Node, row: Row, ends: Collection[tuple[str, str]]) -> bool:
    return (node.id, row.port) in ends or any(sign in _KEYS for cell in row.cells for sign in cell.signs)


def _without_enums(graph: Graph) -> Graph:
    enums = {node.id for node in graph.nodes if node.kind == "enum"}
    if not enums:
        return graph
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id not in enums),
        edges=tuple(edge for edge in graph.edges if edge.tail not in enums and edge.head not in enums),
    )
