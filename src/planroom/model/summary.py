"""What a model holds, in numbers: for cards, for the command line, for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model.model import Model
    from planroom.model.tables import Table, View

__all__ = ["Area", "areas", "counts"]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a design: a bounded context, or a schema where no context is declared.

    Attributes:
        tables: Number of tables; partitions count as their parent.
        columns: Number of the tables' columns.
        views: Number of views, materialised ones among them.
        rows: Sum of the rows that are declared; 0 when none are.
    """

    name: str
    tables: int
    columns: int
    views: int
    rows: int


def areas(model: Model) -> tuple[Area, ...]:
    """Return the areas of a design, by name."""
    tables: dict[str, list[Table]] = {}
    views: dict[str, list[View]] = {}
    for table in model.tables:
        mine = tables.setdefault(table.annotations.context or table.schema, [])
        mine += [] if table.partition_of else [table]
    for view in model.views:
        views.setdefault(view.annotations.context or view.schema, []).append(view)
    return tuple(_area(name, tables.get(name, []), views.get(name, [])) for name in sorted({*tables, *views}))


def _area(name: str, tables: list[Table], views: list[View]) -> Area:
    return Area(
        name=name,
        tables=len(tables),
        columns=sum(len(table.columns) for table in tables),
        views=len(views),
        rows=sum(table.annotations.rows or 0 for table in tables),
    )


def counts(model: Model) -> Mapping[str, int]:
    """Return how many there are of each kind of object, zeros included.

    Tables are counted without their partitions, which have a number of their own.
    """
    own = sum(not table.partition_of for table in model.tables)
    holders = model.tables_and_views
    return {
        "tables": own,
        "partitions": len(model.tables) - own,
        "relations": len(model.relations),
        "views": len(model.views),
        "contexts": len(model.contexts),
        "columns": sum(len(table.columns) for table in model.tables if not table.partition_of),
        "indexes": sum(len(each.indexes) for each in holders),
        "checks": sum(len(table.checks) for table in model.tables),
        "enums": len(model.enums),
        "domains": len(model.domains),
        "composite_types": len(model.composite_types) + len(model.range_types),
        "sequences": len(model.sequences),
        "routines": len(model.routines),
        "triggers": sum(len(each.triggers) for each in holders),
        "policies": sum(len(table.policies) for table in model.tables),
        "extensions": len(model.extensions),
    }
