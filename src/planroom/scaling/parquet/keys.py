"""Which columns count the rows of which table: keys, and what refers to them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planroom.model import Column, Model, ObjectId, Table

    Ends = Mapping[str, tuple[int, int]]

__all__ = ["Keys", "Place", "keys_by_name", "keys_of"]

Place = tuple["ObjectId", str]
"""The id of a table, and the name of a column of it."""

Keys = dict[Place, Place]
"""The key that a column counts with, which counts the rows of its own table."""

_MOST_STEPS = 50
_DENSE = 0.9  # the span of a key that counts on is about as wide as its table is long
_CLOSE = 0.05


def keys_of(model: Model) -> Keys:
    """Return the columns that count rows, as a design tells: keys of one column, serials, and what refers to them.

    A column whose ``domain`` is ``closed`` counts nothing.
    """
    parents = {
        (table.id, column): (model.roots.get(key.referenced_table, key.referenced_table), other)
        for table in model.tables
        for key in sorted(table.foreign_keys, key=lambda each: -len(each.columns))
        for column, other in zip(key.columns, key.referenced_columns, strict=False)
    }
    found: Keys = {}
    for table in model.tables:
        for column in table.columns:
            place = (table.id, column.name)
            if column.annotations.domain == "closed":
                continue
            if place in parents:
                found[place] = _end_of_chain(place, parents)
            elif _is_key(table, column):
                found[place] = (model.roots.get(table.id, table.id), column.name)
    return found


def _end_of_chain(place: Place, parents: Mapping[Place, Place]) -> Place:
    for _ in range(_MOST_STEPS):
        following = parents.get(place)
        if following is None or following == place:
            break
        place = following
    return place


def _is_key(table: Table, column: Column) -> bool:
    serial = column.default is not None and column.default.text.lower().startswith("nextval(")
    alone = any(key.columns == (column.name,) for key in table.keys)
    indexed = any(
        each.unique and not each.predicate and [part.column for part in each.columns] == [column.name]
        for each in table.indexes
    )
    return column.identity is not None or serial or alone or indexed


def keys_by_name(ends: Mapping[ObjectId, Ends], rows: Mapping[ObjectId, float]) -> Keys:
    """Return the columns that seem to count rows, where no design tells: by their spans and their names.

    A key's span is about as wide as its table is long; a column refers to it that ends about where the key does and
    bears its name, or that of its table before it: ``orders.id`` and ``items.order_id``, ``c_custkey`` and
    ``o_custkey``.

    Args:
        ends: The least and the greatest value of each column of whole numbers, by table and column.
        rows: The rows that the tables have with these.
    """
    owners: dict[str, list[tuple[Place, int]]] = defaultdict(list)
    found: Keys = {}
    for table, columns in ends.items():
        for column, (low, high) in columns.items():
            if rows.get(table, 0.0) > 1 and _DENSE <= rows[table] / (high - low + 1) <= 1 / _DENSE:
                found[table, column] = (table, column)
                for name in _names(column, table):
                    owners[name].append(((table, column), high))
    for table, columns in ends.items():
        for column, (_, high) in columns.items():
            owner = _owner(column, high, owners)
            if (table, column) not in found and owner is not None:
                found[table, column] = owner
    return found


def _names(column: str, table: ObjectId) -> Iterator[str]:
    """Yield the names by which others may refer to a key."""
    bare = table.rpartition(".")[2].casefold()
    name = column.casefold()
    yield name
    yield _after_prefix(name)
    yield from (f"{each}_{name}" for each in (bare, bare.removesuffix("s"), bare.removesuffix("es")))


def _after_prefix(name: str) -> str:
    prefix, _, rest = name.partition("_")
    return rest if rest and len(prefix) <= 2 else name  # the letters that TPC's tables put before their columns


def _owner(column: str, high: int, owners: Mapping[str, Iterable[tuple[Place, int]]]) -> Place | None:
    name = column.casefold()
    for each in (name, _after_prefix(name)):
        close = [(abs(high - end), place) for place, end in owners.get(each, ()) if abs(high - end) <= _CLOSE * end]
        if close and each != "id":
            return min(close)[1]
    return None
