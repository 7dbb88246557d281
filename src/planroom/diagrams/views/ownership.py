"""Which container owns which tables, who answers for it, and which foreign keys lead from one to another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planroom.architecture import lift
from planroom.diagrams.views._architecture import graph_of, hue_of, seen
from planroom.diagrams.views.base import ArchitectureView
from planroom.drawing.graph import Cell, Cluster, Edge, End, LineStyle, Node, Role, Row, Sign
from planroom.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.architecture import Element, System
    from planroom.diagrams.views.base import Scope
    from planroom.drawing import Graph
    from planroom.model import Model

__all__ = ["OwnershipView"]

_NOBODY = "nobody"


class OwnershipView(ArchitectureView):
    """Containers with the tables that they own, in frames of their owners."""

    summary = "who owns which tables, and which foreign keys cross over"

    def graph(self, source: Scope) -> Graph:
        """Return the containers that own tables, and an edge where foreign keys lead from one's tables to another's.

        Raises:
            ModelError: The system knows no design, or owns nothing of it.
        """
        system, model = source.system, source.system.model
        if model is None or not system.ownership.owned:
            raise ModelError(
                "There is nothing owned to draw.",
                why="the system knows no design." if model is None else "no container owns a table of it.",
                fix='give the system a model, and its containers owns=["context:..."].',
            )
        containers = {each.id for each in system.elements.values() if each.is_container}
        _, shown = seen(source, containers)
        owned = {each: tables for each in shown if (tables := _tables(system, each, containers))}
        nodes = [_node(system, model, system.elements[each], tables) for each, tables in owned.items()]
        rest = system.ownership.unowned if source.include is None else ()
        if rest:
            nodes.append(Node(_NOBODY, _NOBODY, _rows(model, rest), kind="container", outline=LineStyle.DASHED))
        edges = _edges(model, {table: each for each, tables in owned.items() for table in tables})
        return graph_of(source, "ownership", nodes, edges, _frames(system, list(owned)))


def _tables(system: System, container: str, containers: set[str]) -> tuple[str, ...]:
    found = {
        table
        for element, tables in system.ownership.owned.items()
        if lift(system, system.elements[element], containers) == container
        for table in tables
    }
    return tuple(sorted(found))


def _node(system: System, model: Model, element: Element, tables: Sequence[str]) -> Node:
    return Node(
        element.id,
        element.name,
        _rows(model, tables),
        subtitle=element.label,
        hue=hue_of(system, element),
        kind="container",
    )


def _rows(model: Model, tables: Sequence[str]) -> tuple[Row, ...]:
    rows = []
    for name in tables:
        table = model.tables_by_id[name]
        personal = table.annotations.pii or any(column.annotations.pii for column in table.columns)
        signs = Cell(signs=(Sign.PERSONAL,) if personal else ())
        rows.append(
            Row((signs, Cell(name, Role.NAME), Cell(table.annotations.owner, Role.NOTE, right=True)), port=name)
        )
    return tuple(rows)


def _edges(model: Model, home: dict[str, str]) -> Iterator[Edge]:
    """Yield an edge for each pair of containers with foreign keys between them, in one direction or both."""
    ties: Counter[tuple[str, str]] = Counter()
    for relation in model.relations:
        child, parent = (home.get(model.roots.get(each, each), "") for each in (relation.child, relation.parent))
        if child and parent and child != parent:
            ties[child, parent] += 1
    for (child, parent), count in sorted(ties.items()):
        back = ties[parent, child]
        if back and parent < child:  # told with the other direction
            continue
        label = f"{count} foreign key{'s' * (count != 1)}" + (f", {back} back" if back else "")
        yield Edge(
            child,
            parent,
            tail_end=End.ARROW if back else End.NONE,
            head_end=End.ARROW,
            label=label,
            meaning="foreign keys",
        )


def _frames(system: System, order: Sequence[str]) -> Iterator[Cluster]:
    owners = dict.fromkeys(system.elements[each].owner for each in order)
    for owner in owners:
        members = tuple(each for each in order if system.elements[each].owner == owner)
        if owner:
            yield Cluster(f"owner:{owner}", owner, members, note="[owner]", kind="boundary")
