"""Tables, their columns, and the relations between them."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING

from planroom.diagrams.communities import by_community
from planroom.diagrams.detail import keys_only, names_only
from planroom.diagrams.views._er_edges import enum_edges, inheritance_edges, relation_edges
from planroom.diagrams.views._er_nodes import enum_nodes, table_nodes, view_nodes
from planroom.diagrams.views._er_scene import scene_of
from planroom.diagrams.views._er_words import caption, counts, summary
from planroom.diagrams.views.base import View as BaseView
from planroom.drawing.graph import Cluster, Graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planroom.diagrams.views._er_scene import Scene
    from planroom.model import Model, Relation

__all__ = ["Detail", "ErView", "er_graph"]

COMMUNITY = "community"  # a grouping that is found, not declared


class Detail(StrEnum):
    """How much of a table is drawn."""

    COLUMNS = "columns"
    KEYS = "keys"
    NAMES = "names"


class ErView(BaseView["Model"]):
    """The entity-relationship picture of a whole model."""

    def graph(self, source: Model) -> Graph:
        """Return the graph of all tables with all columns."""
        return er_graph(source)


def er_graph(
    model: Model,
    *,
    focus: str | Sequence[str] | None = None,
    hops: int = 1,
    detail: Detail = Detail.COLUMNS,
    cluster: str | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    views: bool = True,
    relations: Iterable[Relation] = (),
) -> Graph:
    """Return the ER picture of a model as a graph; see `planroom.diagrams.er` for the arguments.

    Edges lead from the referenced to the referencing table. Partitions are folded into the table that they
    are parts of, with their relations.
    """
    focused = [focus] if isinstance(focus, str) else list(focus or ())
    scene = scene_of(model, focused, hops, include, exclude, views=views and not focused, inferred=tuple(relations))
    graph = Graph(
        nodes=(*table_nodes(scene), *view_nodes(scene), *enum_nodes(scene)),
        edges=(*relation_edges(scene), *inheritance_edges(scene), *enum_edges(scene)),
        clusters=() if cluster == COMMUNITY else _clusters(scene, cluster),
        title=model.name,
        subtitle=counts(scene),
        summary=summary(scene),
        caption=caption(scene, focused, hops),
        hue_meaning=scene.grouping,
        hues=scene.hues,
    )
    if cluster == COMMUNITY:
        graph = by_community(graph)
    if detail is Detail.COLUMNS:
        return graph
    return keys_only(graph) if detail is Detail.KEYS else names_only(graph)


def _clusters(scene: Scene, grouping: str | None) -> tuple[Cluster, ...]:
    members: dict[str, list[str]] = defaultdict(list)
    for thing in scene.things if grouping else ():
        members[scene.group(thing, grouping or "")].append(thing.id)
    return tuple(
        Cluster(f"{grouping}:{name}", name, tuple(nodes), hue=name if grouping == scene.grouping else "")
        for name, nodes in sorted(members.items())
        if name
    )
