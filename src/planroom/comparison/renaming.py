"""Values of the old model in the names of the new one, so that what refers to something renamed is not changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from planroom.comparison.newnames import NameMap, rewritten
from planroom.ddl.naming import default_name
from planroom.model import Column, Partition, Table, View
from planroom.sqltext import DataType, Expression

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["REFERENCES", "Place", "implied_names", "in_new_names"]

Place = Table | View | None
"""The old table or view that a value belongs to, whose columns it names without saying so."""

_NOTHING: Mapping[str, str] = {}


def in_new_names(value: Any, names: NameMap, place: Place, *, holder: Any = None, field: str = "") -> Any:
    """Return a value of the old model as it reads in the new model's names.

    Args:
        value: Any value of the old model.
        names: What is called otherwise now.
        place: The table or view that it belongs to.
        holder: The object or value whose field it is.
        field: The name of that field; it says what a plain text refers to.
    """
    if not names:
        return value
    if isinstance(value, str):
        renamer = REFERENCES.get(field)
        return renamer(value, names, place, holder) if renamer else value
    if isinstance(value, tuple):
        return tuple(in_new_names(each, names, place, holder=holder, field=field) for each in value)
    if isinstance(value, Expression):
        return Expression(value.text, rewritten(value.canonical, names, _own_columns(names, place)))
    if isinstance(value, DataType):
        schema, name = names.objects.get((value.schema, value.name), (value.schema, value.name))
        return dataclasses.replace(value, schema=schema, name=name)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _inside(value, names, place)
    return value


def _inside(value: Any, names: NameMap, place: Place) -> Any:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.compare}
    changed = {name: in_new_names(held, names, place, holder=value, field=name) for name, held in fields.items()}
    return dataclasses.replace(value, **{name: new for name, new in changed.items() if new is not fields[name]})


def _own_columns(names: NameMap, place: Place) -> Mapping[str, str]:
    return names.columns.get(place.id, _NOTHING) if place else _NOTHING


# What a text refers to, by the field that it stands in.


def _column(value: str, names: NameMap, place: Place, _: Any) -> str:
    return _own_columns(names, place).get(value, value)


def _referenced_column(value: str, names: NameMap, _: Place, holder: Any) -> str:
    return names.columns.get(holder.referenced_table, _NOTHING).get(value, value)


def _id(value: str, names: NameMap, *_: Any) -> str:
    return names.ids.get(value, value)


def _column_id(value: str, names: NameMap, *_: Any) -> str:
    table, dot, column = value.rpartition(".")
    return names.column_ids.get(value) or f"{names.ids.get(table, table)}{dot}{column}"


def _part(value: str, names: NameMap, place: Place, _: Any) -> str:
    return names.parts.get(place.id, _NOTHING).get(value, value) if place else value


def _parent(value: str, names: NameMap, place: Place, holder: Any) -> str:
    """A partition's parent is a table; the parent of its index is an index of that table."""
    if isinstance(holder, Partition):
        return _id(value, names)
    belongs = place.partition_of.parent if isinstance(place, Table) and place.partition_of else ""
    return names.parts.get(belongs, _NOTHING).get(value, value)


def _schema(value: str, names: NameMap, *_: Any) -> str:
    return names.schemas.get(value, value)


def _type_text(value: str, names: NameMap, *_: Any) -> str:
    return rewritten(value, names, _NOTHING)


REFERENCES: Mapping[str, Callable[[str, NameMap, Place, Any], str]] = {
    "clustered_on": _part,
    "column": _column,
    "columns": _column,
    "function": _id,
    "include": _column,
    "inherits": _id,
    "of_type": _id,
    "on_delete_columns": _column,
    "options": _id,
    "owned_by": _column_id,
    "parent": _parent,
    "referenced_columns": _referenced_column,
    "referenced_table": _id,
    "replica_identity": _part,
    "returns": _type_text,
    "schema": _schema,
    "update_of": _column,
}


def implied_names(table: Table, column: Column, parents: Iterable[Table]) -> frozenset[str]:
    """Return the names that a column's NOT NULL constraint and sequence have unless they are given others."""
    owners = (table, *parents)
    return frozenset({"", *(default_name(each.name, column.name, label) for each in owners for label in _LABELS)})


_LABELS = ("not_null", "seq")
