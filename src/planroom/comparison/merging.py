"""Both models in one, for a picture: the new one, with what was removed still in its place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from planroom.comparison.changes import ChangeState
from planroom.model import Column, Enum, ForeignKey, Table, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.comparison.difference import Difference
    from planroom.model import Model

__all__ = ["merged"]

T = TypeVar("T", Table, View, Enum)


def merged(difference: Difference) -> Model:
    """Return the new model with the removed tables, views, enums, columns and foreign keys.

    A removed column stands behind the column that it stood behind.
    """
    gone = [change for change in difference.changes if change.state is ChangeState.REMOVED]
    parts: dict[str, list[Any]] = defaultdict(list)
    for change in gone:
        parts[change.owner].append(change.old)
    renames = _Renames.of(difference)
    tables = [_with_removed(table, parts[table.id], renames) if table.id in parts else table
              for table in difference.new.tables]  # fmt: skip
    return replace(
        difference.new,
        tables=_sorted(tables, [_pointing(each.old, renames) for each in gone if isinstance(each.old, Table)]),
        views=_sorted(difference.new.views, [each.old for each in gone if isinstance(each.old, View)]),
        enums=_sorted(difference.new.enums, [each.old for each in gone if isinstance(each.old, Enum)]),
    )


@dataclass(frozen=True)
class _Renames:
    """What the picture needs of the renames.

    Attributes:
        tables: The old tables, by their new ids.
        ids: The new ids, by the old ones.
        columns: The new names of columns by the old ones, by the new id of their table.
    """

    tables: Mapping[str, Table]
    ids: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, difference: Difference) -> _Renames:
        tables = dict(difference.old.tables_by_id)
        columns: dict[str, dict[str, str]] = defaultdict(dict)
        ids = {}
        for change in difference.changes:
            if change.former and isinstance(change.old, Table):
                tables[change.subject] = change.old
                ids[change.former] = change.subject
            elif change.former and isinstance(change.old, Column):
                columns[change.owner][change.old.name] = change.new.name
        return cls(tables, ids, columns)


def _sorted(items: Iterable[T], more: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(chain(items, more), key=lambda each: each.id))


def _with_removed(table: Table, gone: Sequence[Any], renames: _Renames) -> Table:
    columns = [each for each in gone if isinstance(each, Column)]
    keys = [_key(each, renames) for each in gone if isinstance(each, ForeignKey)]
    return replace(
        table, columns=_in_place(table, columns, renames), foreign_keys=(*table.foreign_keys, *keys)
    )  # fmt: skip


def _in_place(table: Table, gone: Sequence[Column], renames: _Renames) -> tuple[Column, ...]:
    """Return the columns of a table with those that are gone, each behind the one that it stood behind."""
    before, names = renames.tables.get(table.id), renames.columns.get(table.id, {})
    if before is None:
        return *table.columns, *gone
    places = {column.name: at for at, column in enumerate(table.columns)}
    behind: dict[int, list[Column]] = defaultdict(list)
    lost, last = {each.name for each in gone}, -1
    for column in before.columns:
        if column.name in lost:
            behind[last].append(column)
        else:
            last = places.get(names.get(column.name, column.name), last)
    shown = [*behind[-1]]
    for at, column in enumerate(table.columns):
        shown += [column, *behind[at]]
    return tuple(shown)


def _pointing(table: Table, renames: _Renames) -> Table:
    """Return a removed table that points at its neighbours by their new names."""
    return replace(table, foreign_keys=tuple(_key(each, renames) for each in table.foreign_keys))


def _key(key: ForeignKey, renames: _Renames) -> ForeignKey:
    return replace(key, referenced_table=renames.ids.get(key.referenced_table, key.referenced_table))
