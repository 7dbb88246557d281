"""Pictures of the package ``diagrams``, drawn by planroom: no ``dot`` binary, no file, no path, always the same bytes.

A ``with Diagram(...)`` block runs ``dot`` at its end and writes a file into the current folder. Within `capture` it
does neither: what it holds becomes a `Diagram` of planroom's.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planroom.diagrams.diagram import Diagram
from planroom.drawing.graph import Cluster, Edge, End, Form, Graph, LineStyle, Node, Notation
from planroom.errors import MissingExtraError, PlanroomError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Captured", "capture"]

_WORD_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PEOPLE = frozenset({"User", "Users", "Person", "Client"})
_STORES = frozenset({"database", "inmemory", "storage"})
_QUEUES = frozenset({"queue", "integration"})


@dataclass
class Captured:
    """What a block drew.

    Attributes:
        diagrams: One for each ``with Diagram(...)`` within the block, in their order.
    """

    diagrams: list[Diagram] = field(default_factory=list)

    @property
    def diagram(self) -> Diagram:
        """The last of them.

        Raises:
            PlanroomError: Nothing was drawn.
        """
        if not self.diagrams:
            raise PlanroomError("Nothing was drawn.", why="the block holds no `with Diagram(...)`.")
        return self.diagrams[-1]


@contextmanager
def capture() -> Iterator[Captured]:
    """Catch what ``with Diagram(...)`` blocks of the package ``diagrams`` draw.

    Raises:
        MissingExtraError: The package is not installed.

    Example:
        >>> from diagrams import Diagram
        >>> from diagrams.onprem.database import PostgreSQL
        >>> with capture() as caught:
        ...     with Diagram("Shop"):
        ...         orders = PostgreSQL("orders")
        >>> print(caught.diagram)
        flowchart TB
            accTitle: Shop: 1 node, 0 edges
            n_1[("<b>orders</b>")]
            classDef f0 fill:#f6f8fa,stroke:#8c959f,color:#1f2328
            class n_1 f0
        <BLANKLINE>
    """
    try:
        import diagrams
    except ImportError:
        raise MissingExtraError.of("Drawing a `with Diagram(...)` block", "diagrams", "icons") from None
    caught = Captured()
    recorder = _Recorder(diagrams)
    with recorder.installed(caught):
        yield caught


class _Recorder:
    """Stands in for the parts of the package that speak to Graphviz, and writes down what they are told."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.nodes: list[Any] = []
        self.edges: list[tuple[Any, Any, Any]] = []
        self.clusters: list[Any] = []

    @contextmanager
    def installed(self, caught: Captured) -> Iterator[None]:
        module, recorder = self.module, self
        kept = {
            (module.Node, "__init__"): module.Node.__init__,
            (module.Cluster, "__init__"): module.Cluster.__init__,
            (module.Diagram, "connect"): module.Diagram.connect,
            (module.Diagram, "__enter__"): module.Diagram.__enter__,
            (module.Diagram, "__exit__"): module.Diagram.__exit__,
        }

        def node(self: Any, *args: Any, **named: Any) -> None:
            kept[module.Node, "__init__"](self, *args, **named)
            recorder.nodes.append(self)

        def cluster(self: Any, *args: Any, **named: Any) -> None:
            kept[module.Cluster, "__init__"](self, *args, **named)
            recorder.clusters.append(self)

        def connect(_: Any, tail: Any, head: Any, edge: Any) -> None:
            recorder.edges.append((tail, head, dict(edge.attrs)))

        def enter(self: Any) -> Any:
            recorder.nodes, recorder.edges, recorder.clusters = [], [], []
            return kept[module.Diagram, "__enter__"](self)

        def leave(self: Any, kind: Any, *_: Any) -> None:
            module.setdiagram(None)
            if kind is None:
                caught.diagrams.append(Diagram(recorder.graph(self.name), may_reduce=False))

        for owner, name in kept:
            replacement = {"connect": connect, "__enter__": enter, "__exit__": leave}.get(name)
            setattr(owner, name, replacement or (node if owner is module.Node else cluster))
        try:
            yield
        finally:
            for (owner, name), method in kept.items():
                setattr(owner, name, method)

    def graph(self, title: str) -> Graph:
        """Return what was written down, named by the order in which it was made: the package's own ids are random."""
        ids = {id(node): str(at) for at, node in enumerate(self.nodes, 1)}
        frames = {id(each): f"frame:{at}" for at, each in enumerate(self.clusters, 1)}
        nodes = tuple(_node(node, ids[id(node)]) for node in self.nodes)
        edges = tuple(_edge(ids[id(tail)], ids[id(head)], attrs) for tail, head, attrs in self.edges)
        counts = f"{len(nodes)} node{'s' * (len(nodes) != 1)}, {len(edges)} edge{'s' * (len(edges) != 1)}"
        clusters = tuple(filter(lambda each: each.nodes, (self._frame(each, ids, frames) for each in self.clusters)))
        return Graph(
            nodes, edges, clusters, title=title, summary=f"{title or 'Diagram'}: {counts}", notation=Notation.BOXES
        )

    def _frame(self, cluster: Any, ids: dict[int, str], frames: dict[int, str]) -> Cluster:
        members = tuple(ids[id(node)] for node in self.nodes if cluster in _around(node))
        parent = frames.get(id(cluster._parent), "") if cluster._parent else ""  # noqa: SLF001  (it has no other name)
        return Cluster(frames[id(cluster)], str(cluster.label), members, parent=parent, kind="boundary")


def _around(node: Any) -> Iterator[Any]:
    cluster = node._cluster  # noqa: SLF001  (it has no other name)
    while cluster is not None:
        yield cluster
        cluster = cluster._parent  # noqa: SLF001


def _node(node: Any, name: str) -> Node:
    kind = type(node).__name__
    title, *others = str(node.label or _WORD_BREAK.sub(" ", kind)).split("\n")
    path = node._load_icon() if node._icon else ""  # noqa: SLF001
    return Node(
        name, title, text=" ".join(others), kind="element", form=_form(node, kind), icon=f"file:{path}" if path else ""
    )


def _form(node: Any, kind: str) -> Form:
    group = str(node._type or "")  # noqa: SLF001
    if kind in _PEOPLE:
        return Form.PERSON
    if group in _STORES or kind == "Database":
        return Form.CYLINDER
    return Form.PIPE if group in _QUEUES else Form.BOX


def _edge(tail: str, head: str, attributes: dict[str, Any]) -> Edge:
    way = attributes.get("dir", "none")
    style = {"dashed": LineStyle.DASHED, "dotted": LineStyle.DOTTED}.get(str(attributes.get("style")), LineStyle.SOLID)
    return Edge(
        tail,
        head,
        tail_end=End.ARROW if way in {"back", "both"} else End.NONE,
        head_end=End.ARROW if way in {"forward", "both"} else End.NONE,
        label=" ".join(str(attributes.get("label", "")).split()),
        style=style,
    )
