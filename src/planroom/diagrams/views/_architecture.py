"""What the views of a system have in common: nodes, edges and frames of elements, and the graph around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind, Predicate, chosen, lift, lifted_flows
from planroom.drawing.graph import Cluster, Edge, End, Form, Graph, LineStyle, Node, Notation, Sign

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from planroom.architecture import Chosen, Element, Lifted, System
    from planroom.diagrams.views.base import Scope

__all__ = ["CONTEXT", "edge_of", "frame_of", "graph_of", "node_of", "reached", "seen"]

CONTEXT = "context"
_FORMS = {Kind.PERSON: Form.PERSON, Kind.QUEUE: Form.PIPE}
WAITS, GOES_ON = "waits for the answer", "does not wait"


def node_of(system: System, element: Element, *, note: str = "") -> Node:
    """Return an element as a node; the hue is the bounded context that it owns, as in an ER picture."""
    form = _FORMS.get(element.kind, Form.CYLINDER if element.kind.stores else Form.BOX)
    return Node(
        id=element.id,
        title=element.name,
        subtitle=element.label,
        text=element.description,
        note=note,
        hue=hue_of(system, element),
        kind=element.id.partition(":")[0],
        form=form,
        icon=element.icon or element.technology,
        external=element.external,
        tip=_tip(system, element),
    )


def hue_of(system: System, element: Element) -> str:
    """Return the one bounded context whose tables an element, or what it is part of, owns; else nothing."""
    if system.model is None:
        return ""
    for each in system.line_of(element):
        tables = system.ownership.owned.get(each.id, ())
        contexts = {system.model.tables_by_id[table].annotations.context for table in tables} - {""}
        if contexts:
            return contexts.pop() if len(contexts) == 1 else ""
    return ""


def _tip(system: System, element: Element) -> str:
    tables = system.ownership.owned.get(element.id, ())
    facts = [
        element.id,
        f"owner {element.owner}" if element.owner else "",
        f"tags {', '.join(element.tags)}" if element.tags else "",
        f"owns {', '.join(tables)}" if tables else "",
    ]
    return "; ".join(filter(None, facts)) + (f" — {element.description}" if element.description else "")


def edge_of(lifted: Lifted, *, label: str | None = None, note: str | None = None) -> Edge:
    """Return flows between two visible elements as an edge."""
    signs: tuple[Sign, ...] = (Sign.PERSONAL,) if lifted.pii else ()
    if lifted.pii and lifted.encrypted is False:
        signs += (Sign.OPEN,)
    facts = [
        "; ".join(f"{flow.name}: {flow.relation.what or 'uses'}" for flow in lifted.flows),
        f"data: {', '.join(lifted.data)}" if lifted.data else "",
        f"personal data: {', '.join(lifted.pii)}" if lifted.pii else "",
    ]
    return Edge(
        lifted.source,
        lifted.target,
        head_end=End.ARROW,
        label=(lifted.words or "uses") if label is None else label,
        note=lifted.protocol if note is None else note,
        style=LineStyle.SOLID if lifted.sync else LineStyle.DASHED,
        meaning=WAITS if lifted.sync else GOES_ON,
        signs=signs,
        tip=". ".join(filter(None, facts)),
    )


def frame_of(element: Element, nodes: Iterable[str], parent: str = "") -> Cluster:
    """Return the frame of an element that is shown by what it is made of."""
    kind = element.id.partition(":")[0]
    return Cluster(element.id, element.name, tuple(nodes), parent=parent, note=f"[{element.label}]", kind=kind)


def seen(scope: Scope, within: Collection[str]) -> tuple[Chosen, list[str]]:
    """Return what a scope keeps, and of the elements that a view could show those that are kept, in order.

    An element stays when it is kept, or something that it stands for is.
    """
    kept = chosen(scope.system, scope.include)
    stands = {lift(scope.system, scope.system.elements[each], within) for each in kept.elements}
    return kept, [each for each in scope.system.elements if each in within and each in stands]


def reached(flows: Iterable[Lifted], centre: Collection[str]) -> Iterator[Lifted]:
    """Yield the flows with an end in the centre."""
    yield from (flow for flow in flows if flow.source in centre or flow.target in centre)


def graph_of(
    scope: Scope,
    what: str,
    nodes: Iterable[Node],
    edges: Iterable[Edge],
    clusters: Iterable[Cluster] = (),
    *,
    title: str = "",
    caption: str = "",
    notation: Notation = Notation.BOXES,
) -> Graph:
    """Return the graph of a view, with its heading; what nothing leads to or from stays."""
    nodes, edges = tuple(nodes), tuple(edges)
    contexts = scope.system.model.contexts if scope.system.model is not None else ()
    counts = f"{_count(len(nodes), 'element')} · {_count(len(edges), 'relation')}"
    words = str(scope.include) if isinstance(scope.include, Predicate) else ""
    chosen_by = f"Only {words}." if words else ""
    name = title or scope.system.name
    return Graph(
        nodes=nodes,
        edges=edges,
        clusters=tuple(clusters),
        title=f"{name}: {what}",
        subtitle=counts,
        summary=f"{what[:1].upper()}{what[1:]} of {name}: {counts.replace(' · ', ', ')}",
        caption=" ".join(filter(None, (caption, chosen_by))),
        hue_meaning=CONTEXT if any(node.hue for node in nodes) else "",
        hues=contexts,
        notation=notation,
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def lifted_within(scope: Scope, kept: Chosen, visible: Collection[str]) -> tuple[Lifted, ...]:
    """Return the kept flows between visible elements."""
    return lifted_flows(scope.system, kept.flows, visible)
