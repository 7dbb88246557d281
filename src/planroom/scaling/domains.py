"""By how much the set of values of a column grows: what the model says of keys, references, and closed domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.generating.spreading import begins
from planroom.scaling.value_order import MOMENTS
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model import Column, Model, ObjectId, Table
    from planroom.scaling.type_layouts import Layouts

__all__ = ["CLOSED", "GROWS", "KEY", "MOMENT", "REFERENCE", "Domain", "Domains"]

CLOSED, KEY, REFERENCE, GROWS, MOMENT = "closed", "key", "reference", "grows", "moment"
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Domain:
    """How the set of values of a column changes.

    Attributes:
        kind: `CLOSED`, `KEY`, `REFERENCE`, `GROWS` or `MOMENT`.
        factor: How many times as many values there are; 1 for none more.
        declared: The model says so; else it is what is usual.
        parent: Of a reference, the table that it refers to.
    """

    kind: str
    factor: float = 1.0
    declared: bool = True
    parent: ObjectId = ""


class Domains:
    """Tells how the values of columns change when tables do.

    Args:
        model: The design.
        factors: How many times as many rows tables have, by id; partitions have that of their root.
        layouts: How types are stored.
    """

    def __init__(self, model: Model, factors: Mapping[ObjectId, float], layouts: Layouts) -> None:
        self._model, self._factors, self._layouts = model, factors, layouts
        self._references: dict[tuple[ObjectId, str], tuple[ObjectId, str]] = {}
        for table in model.tables:
            for key in sorted(table.foreign_keys, key=lambda each: -len(each.columns)):
                for column, other in zip(key.columns, key.referenced_columns, strict=False):
                    self._references[table.id, column] = (key.referenced_table, other)

    def factor_of(self, table: ObjectId) -> float:
        """Return how many times as many rows a table has."""
        return self._factors.get(self._model.roots.get(table, table), 1.0)

    def of(self, table: Table, column: Column) -> Domain:
        """Return how the values of a column change."""
        said = column.annotations.domain
        if said == "closed":
            return Domain(CLOSED)
        root = self._model.tables_by_id.get(self._model.roots[table.id], table)
        reference = self._references.get((table.id, column.name)) or self._references.get((root.id, column.name))
        if reference:
            return Domain(REFERENCE, self._referenced(reference), parent=reference[0])
        own = self.factor_of(table.id)
        if self._is_key(root, column) or self._is_key(table, column):
            return Domain(KEY, own)
        if self._layouts.of(column.type).name in MOMENTS:
            declared = said == "grows"
            return Domain(MOMENT if declared or _is_appended(column) else CLOSED, own, declared)
        return Domain(GROWS, own) if said == "grows" else Domain(CLOSED, declared=False)

    def _referenced(self, reference: tuple[ObjectId, str]) -> float:
        """Return the factor of the table at the end of a chain of references."""
        for _ in range(_MOST_STEPS):
            table = self._model.tables_by_id.get(reference[0])
            following = self._references.get(reference)
            if table is None or following is None or following[0] == reference[0]:
                break
            reference = following
        return self.factor_of(reference[0])

    @staticmethod
    def _is_key(table: Table, column: Column) -> bool:
        if column.identity or (column.default and column.default.text.lower().startswith("nextval(")):
            return True
        if any(each.columns == (column.name,) for each in table.keys):
            return True
        return any(
            each.unique and not each.predicate and [part.column for part in each.columns] == [column.name]
            for each in table.indexes
        )


def _is_appended(column: Column) -> bool:
    default = column.default.text.lower() if column.default else ""
    return begins(column.name) or "now()" in default or "current_" in default or bool(column.annotations.follows)
