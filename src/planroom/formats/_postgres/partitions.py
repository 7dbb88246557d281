"""Partitions: made from their parent where that gives the same catalog, else made alone and attached.

``CREATE TABLE ... PARTITION OF`` lets the server choose the names of the indexes that the partition derives from its
parent. Where the model has other names, the partition is made with its own indexes first; attaching it then finds
them, as PostgreSQL's manual describes under ALTER TABLE ... ATTACH PARTITION.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.ddl.naming import columns_part, default_name, index_column_names
from planroom.formats._postgres.columns import not_null_name
from planroom.model import Exclusion, PrimaryKey, Unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Index, Model, Table

__all__ = ["Partitions"]

_Indexed = PrimaryKey | Unique | Exclusion


@dataclass(frozen=True)
class Partitions:
    """What must be known about the whole model to write one of its partitions."""

    model: Model

    def parent(self, table: Table) -> Table | None:
        """Return the partitioned table that a table belongs to, if the model has it."""
        return self.model.tables_by_id.get(table.partition_of.parent) if table.partition_of else None

    def attached(self, table: Table) -> bool:
        """Whether a partition has to be made alone and attached, for its catalog entries to be its own."""
        parent = self.parent(table)
        return parent is not None and not (self._columns_derive(table, parent) and self._names_derive(table, parent))

    def _columns_derive(self, table: Table, parent: Table) -> bool:
        same_order = [column.name for column in table.columns] == [column.name for column in parent.columns]
        return same_order and all(
            column.generated == above.generated
            and (column.nullable or above.nullable or not_null_name(table, column) == not_null_name(parent, above))
            for column, above in zip(table.columns, parent.columns, strict=True)
        )

    def _names_derive(self, table: Table, parent: Table) -> bool:
        """Whether the server would give the derived keys and indexes the names that they have."""
        above = {each.name: each for each in _derivable(parent)}
        derived = [each for each in _derivable(table) if each.parent]
        if len({each.parent for each in derived}) != len(derived):
            return False
        return all(each.parent in above and self._derives(table, each, above[each.parent]) for each in derived)

    def _derives(self, table: Table, own: _Indexed | Index, parent: _Indexed | Index) -> bool:
        name = _derived_name(table, parent)
        taken_by_others = self._names[table.schema, name] > 1
        same = own.storage == parent.storage and own.tablespace == parent.tablespace
        return own.name == name and same and not taken_by_others and not getattr(parent, "only", False)

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], int]:
        """How many relations and constraints of a schema bear a name."""
        found: Counter[tuple[str, str]] = Counter()
        for table in self.model.tables:
            found.update((table.schema, name) for name in _all_names(table))
        found.update((each.schema, each.name) for each in self.model.sequences)
        found.update((each.schema, each.name) for each in self.model.views)
        found.update((each.schema, each.name) for each in self.model.composite_types)
        for view in self.model.views:
            found.update((view.schema, index.name) for index in view.indexes)
        return found


def _derivable(table: Table) -> Iterator[_Indexed | Index]:
    yield from table.keys
    yield from table.exclusions
    yield from table.indexes


def _all_names(table: Table) -> Iterator[str]:
    yield table.name
    yield from (each.name for each in _derivable(table))
    yield from (each.name for each in table.checks)
    yield from (each.name for each in table.foreign_keys)
    yield from (not_null_name(table, column) for column in table.columns if not column.nullable)


def _derived_name(table: Table, parent: _Indexed | Index) -> str:
    """Return the name that the server gives a partition's part of a parent's key or index, if it is free."""
    match parent:
        case PrimaryKey():
            return default_name(table.name, "", "pkey")
        case Unique():
            return default_name(table.name, _joined([*parent.columns, *parent.include]), "key")
        case Exclusion():
            parts = [each.column.column or "expr" for each in parent.elements]
            return default_name(table.name, _joined([*parts, *parent.include]), "excl")
    from planroom.ddl.indexes import naming_parts

    return default_name(table.name, _joined(naming_parts(parent)), "idx")


def _joined(names: list[str]) -> str:
    return columns_part(index_column_names(names))
