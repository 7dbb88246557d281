"""A poster: everything on one sheet, for what no page can hold.

Frames stand around contexts, schemas or communities. A relation within a frame is a line; one that leaves its frame is
named at its column, with the square of the grid where its table stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.diagrams.communities import clustered, divided
from planroom.diagrams.detail import keys_only, names_only, without_enums
from planroom.drawing.geometry import Point
from planroom.drawing.graph import Cell, Role
from planroom.drawing.sheet import homes, lay_out_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.drawing.graph import Edge, Graph, Node
    from planroom.drawing.layout import Layout

__all__ = ["framed", "poster"]

_LARGEST_FRAME = 100  # tables
_MOST_WITH_COLUMNS = 250  # tables
_MOST_WITH_KEYS = 2_500
_UNKNOWN = "M88"  # as wide as any square: the sheet is measured before its squares are known


def poster(graph: Graph, *, may_reduce: bool = True) -> tuple[Graph, Layout]:
    """Return a graph as it stands on a poster, and where.

    Args:
        graph: The whole graph.
        may_reduce: Above 250 tables keys alone are shown, above 2,500 names alone.
    """
    whole = framed(graph)
    whole = replace(_reduced(whole) if may_reduce else whole, clusters=whole.clusters)
    home = homes(whole)
    far = [edge for edge in whole.edges if home.get(edge.tail, -1) != home.get(edge.head, -1)]
    leaving: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edge in far:
        leaving[edge.head, edge.head_port].append(edge.tail)
    arriving = Counter(edge.tail for edge in far)
    near = [edge for edge in whole.edges if home.get(edge.tail, -1) == home.get(edge.head, -1)]
    layout = lay_out_sheet(_referring(whole, near, leaving, arriving, {}))
    squares = _squares(layout)
    shown = _referring(whole, near, leaving, arriving, squares)
    return replace(shown, caption=_caption(shown, has_far=bool(far))), layout


def framed(graph: Graph) -> Graph:
    """Return the graph of tables and views, with frames of a size that can be laid out and looked at."""
    return divided(clustered(without_enums(graph)), _LARGEST_FRAME)


def _reduced(graph: Graph) -> Graph:
    tables = len(graph.nodes)
    if tables <= _MOST_WITH_COLUMNS:
        return graph
    return keys_only(graph) if tables <= _MOST_WITH_KEYS else names_only(graph)


def _caption(graph: Graph, *, has_far: bool) -> str:
    told = "→ orders B3: a relation to the table orders in square B3. ← 4: so many relations come from other frames."
    return f"{graph.caption} {told}".strip() if has_far else graph.caption


def _squares(layout: Layout) -> dict[str, str]:
    """Return the square in which the head of each table lies."""
    grid = layout.grid
    return {
        node: grid.square(Point(box.x + box.width / 2, box.y), layout.width, layout.height)
        for node, box in layout.places
        if grid
    }


def _referring(
    graph: Graph,
    near: Sequence[Edge],
    leaving: Mapping[tuple[str, str], Sequence[str]],
    arriving: Mapping[str, int],
    squares: Mapping[str, str],
) -> Graph:
    """Return the graph without the edges between frames; what they lead to stands at their rows instead."""
    titles = {node.id: node.title for node in graph.nodes}

    def reference(node: Node, port: str) -> str:
        parents = dict.fromkeys(leaving.get((node.id, port), ()))
        return ", ".join(f"→ {titles[parent]} {squares.get(parent, _UNKNOWN)}" for parent in parents)

    def referring(node: Node) -> Node:
        width = max((len(row.cells) for row in node.rows), default=0)
        rows = tuple(
            replace(row, cells=(*row.cells, *[Cell()] * (width - len(row.cells)), Cell(words, Role.NOTE)))
            if (words := reference(node, row.port))
            else row
            for row in node.rows
        )
        count = arriving.get(node.id, 0)
        note = f"{node.note} ← {count}".strip() if count else node.note
        return replace(node, rows=rows, note=note)

    return replace(graph, nodes=tuple(map(referring, graph.nodes)), edges=tuple(near))
