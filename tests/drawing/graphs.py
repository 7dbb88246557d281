"""Graphs to lay out, made without any model."""

from __future__ import annotations

from hypothesis import strategies as st

from planroom.drawing import Cell, Edge, End, Graph, Node, Row


def node(name: str, rows: int = 3) -> Node:
    return Node(name, name, tuple(Row((Cell(f"{name}_{at}"),), port=f"p{at}") for at in range(rows)))


def chain(count: int, *, back: int = 3) -> Graph:
    """A graph as deep as it is long, in which every node is tied to one further back too."""
    nodes = tuple(node(f"n{at}", rows=2) for at in range(count))
    near = [Edge(f"n{at - 1}", f"n{at}", "p0", "p1", End.EXACTLY_ONE, End.ZERO_OR_MORE) for at in range(1, count)]
    far = [Edge(f"n{at // back}", f"n{at}", "p0", "p1", End.ZERO_OR_ONE, End.ZERO_OR_MORE) for at in range(1, count)]
    return Graph(nodes, (*near, *far), title="chain")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph of up to 14 nodes: with loops, parallel edges, ends with and without ports."""
    sizes = draw(st.lists(st.integers(0, 6), min_size=1, max_size=14))
    nodes = tuple(node(f"n{at}", rows) for at, rows in enumerate(sizes))
    picks = st.integers(0, len(nodes) - 1)
    edges = []
    for tail, head, tail_row, head_row, end in draw(
        st.lists(st.tuples(picks, picks, st.integers(0, 9), st.integers(0, 9), st.sampled_from(End)), max_size=24)
    ):
        ports = [f"p{row}" if row < sizes[at] else "" for at, row in ((tail, tail_row), (head, head_row))]
        edges.append(Edge(f"n{tail}", f"n{head}", *ports, End.EXACTLY_ONE, end))
    return Graph(nodes, tuple(edges))
