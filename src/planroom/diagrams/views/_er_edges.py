"""The lines of an entity-relationship picture: relations, inheritance, and the uses of enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.diagrams.views._er_words import joined
from planroom.drawing.graph import Edge, End, LineStyle
from planroom.model import Cardinality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.diagrams.views._er_scene import Scene
    from planroom.model import Relation

__all__ = ["enum_edges", "inheritance_edges", "relation_edges"]

_ENDS = {
    Cardinality.EXACTLY_ONE: End.EXACTLY_ONE,
    Cardinality.ZERO_OR_ONE: End.ZERO_OR_ONE,
    Cardinality.ZERO_OR_MORE: End.ZERO_OR_MORE,
    Cardinality.ONE_OR_MORE: End.ONE_OR_MORE,
}
_THICK, _THIN, _FINE = 2.0, 1.1, 1.0
_LINKED_USES = 3  # an enum that more columns have stands alone: its lines would hide the relations


def relation_edges(scene: Scene) -> Iterator[Edge]:
    """Yield the lines of relations, from the referenced to the referencing table."""
    for relation in scene.relations:
        child, parent = scene.root[relation.child], scene.root[relation.parent]
        guessed = relation.score is not None
        yield Edge(
            tail=parent,
            head=child,
            tail_port=relation.referenced_columns[0] if relation.referenced_columns else "",
            head_port=relation.columns[0] if relation.columns else "",
            tail_end=_ENDS[relation.parent_cardinality],
            head_end=_ENDS[relation.child_cardinality],
            label=f"{relation.score:.2f}" if relation.score is not None else "",
            style=LineStyle.DASHED if guessed else LineStyle.SOLID,
            weight=_THICK if relation.identifying and not guessed else _THIN,
            meaning="inferred" if guessed else "identifying" if relation.identifying else "",
            tip=_relation_tip(relation),
        )


def inheritance_edges(scene: Scene) -> Iterator[Edge]:
    """Yield the lines from tables to those that inherit from them."""
    for table in scene.tables:
        for parent in table.inherits:
            if parent in scene.ids:
                yield Edge(parent, table.id, tail_end=End.GENERAL, tip=f"{table.id} inherits from {parent}")


def enum_edges(scene: Scene) -> Iterator[Edge]:
    """Yield the lines from enums to the columns that have their values, where they are few."""
    for kind, uses in scene.enum_uses.items():
        for table, column in uses if len(uses) <= _LINKED_USES else ():
            yield Edge(
                kind,
                table,
                head_port=column,
                style=LineStyle.DOTTED,
                weight=_FINE,
                meaning="has the values of",
                tip=f"{table}.{column} has the values of {kind}",
            )


def _relation_tip(relation: Relation) -> str:
    columns, referenced = ", ".join(relation.columns), ", ".join(relation.referenced_columns)
    way = f"{relation.child} ({columns}) references {relation.parent} ({referenced})"
    return joined(f"{relation.name}: {way}" if relation.name else way, relation.reason)
