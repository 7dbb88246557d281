"""The boxes of an entity-relationship picture: tables, views and enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.diagrams.views._er_rows import column_row, key_signs, leading_columns, partition_row
from planroom.diagrams.views._er_words import joined, short_count
from planroom.drawing.graph import Cell, LineStyle, Node, Role, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.diagrams.views._er_scene import Scene
    from planroom.model import Enum, Table

__all__ = ["enum_nodes", "table_nodes", "view_nodes"]

_LABELS_SHOWN = 7  # of an enum


def table_nodes(scene: Scene) -> Iterator[Node]:
    """Yield the boxes of tables."""
    for table in scene.tables:
        stacked = sum(root == table.id for root in scene.root.values()) - 1 if table.partitioning else 0
        yield Node(
            id=table.id,
            title=table.name,
            rows=(*_column_rows(scene, table), *partition_row(table, stacked)),
            subtitle=table.schema if scene.many_schemas else "",
            note=f"{short_count(table.annotations.rows)} rows" if table.annotations.rows is not None else "",
            hue=scene.group(table, scene.grouping),
            stacked=stacked,
            tip=_table_tip(table),
            strong=table.id in scene.strong,
        )


def _column_rows(scene: Scene, table: Table) -> Iterator[Row]:
    marks = key_signs(table, scene.foreign_columns.get(table.id, frozenset()))
    indexed = leading_columns(table)
    for column in table.columns:
        yield column_row(column, marks.get(column.name, ()), indexed=column.name in indexed)


def view_nodes(scene: Scene) -> Iterator[Node]:
    """Yield the boxes of views."""
    for view in scene.views:
        yield Node(
            id=view.id,
            title=view.name,
            rows=tuple(column_row(column, (), indexed=False, plain=True) for column in view.columns),
            subtitle=view.schema if scene.many_schemas else "",
            note="materialised" if view.materialised else "",
            hue=scene.group(view, scene.grouping),
            kind="view",
            outline=LineStyle.DASHED,
            tip=joined(f"view {view.id}", view.comment),
        )


def enum_nodes(scene: Scene) -> Iterator[Node]:
    """Yield the boxes of the enums that drawn columns use."""
    for kind in scene.model.enums:
        if kind.id in scene.enum_uses:
            yield _enum_node(kind, many_schemas=scene.many_schemas)


def _enum_node(kind: Enum, *, many_schemas: bool) -> Node:
    shown = kind.labels if len(kind.labels) <= _LABELS_SHOWN + 1 else kind.labels[:_LABELS_SHOWN]
    rows = [Row((Cell(label, Role.TYPE),)) for label in shown]
    if len(shown) < len(kind.labels):
        rows.append(Row((Cell(f"{len(kind.labels) - len(shown)} more", Role.NOTE),), tip=", ".join(kind.labels)))
    return Node(
        id=kind.id,
        title=kind.name,
        rows=tuple(rows),
        subtitle=kind.schema if many_schemas else "",
        note="enum",
        kind="enum",
        outline=LineStyle.SOLID,
        tip=joined(f"enum {kind.id}: {', '.join(kind.labels)}", kind.comment),
    )


def _table_tip(table: Table) -> str:
    facts = [f"table {table.id}"]
    facts += [f"{table.annotations.rows:,} rows"] if table.annotations.rows is not None else []
    facts += [f"unique ({', '.join(key.columns)})" for key in table.unique_constraints]
    facts += [f"check {check.expression}" for check in table.checks]
    facts += [f"index {index.name} ({', '.join(map(str, index.columns))})" for index in table.indexes]
    return joined("; ".join(facts), table.comment)
