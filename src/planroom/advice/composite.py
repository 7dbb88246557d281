"""References of several columns: all the columns of a key stand in another table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.advice.evidence import Evidence
from planroom.model.words import KEY_WORDS, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.advice.directory import Directory, Target
    from planroom.advice.keys import Key, Kinds
    from planroom.model import Table

__all__ = ["composite_references"]

_MOST_PLACES = 64
"""A column that stands in more tables than this says nothing of any of them."""

Reference = tuple["Table", tuple[str, ...], "Target", "Key", tuple[Evidence, ...]]


def composite_references(directory: Directory, kinds: Kinds) -> Iterator[Reference]:
    """Yield child, columns, parent, key and evidence of each table that holds all the columns of another's key.

    Only primary keys count. A column of the key may have the parent's name before its own: ``order_id`` for
    ``orders.id``. Each key is looked
    for where its rarest column stands, so the cost grows with the number of columns, not with that of pairs.
    """
    places = _places(directory)
    for target in directory.targets.values():
        for key in target.keys:
            if len(key.columns) > 1 and key.primary:
                yield from _to(directory, kinds, places, target, key)


def _places(directory: Directory) -> Mapping[str, Sequence[Target]]:
    places: dict[str, list[Target]] = defaultdict(list)
    for target in directory.targets.values():
        for column in target.table.columns:
            places["".join(name_of(column.name).words)].append(target)
    return places


def _to(
    directory: Directory, kinds: Kinds, places: Mapping[str, Sequence[Target]], target: Target, key: Key
) -> Iterator[Reference]:
    names = [_spellings(target, column) for column in key.columns]
    found = [[place for spelling in spellings for place in places.get(spelling, ())] for spellings in names]
    rarest = min(found, key=len)
    if len(rarest) > _MOST_PLACES:
        return
    for child in dict.fromkeys(place.table.id for place in rarest):
        own = directory.targets[child]
        columns = _held(own, names)
        if own is target or not columns or not _agree(kinds, own, columns, target, key):
            continue
        evidence = _evidence(directory, own, columns, target, key)
        if evidence:
            yield own.table, columns, target, key, evidence


def _spellings(target: Target, column: str) -> tuple[str, ...]:
    """Return how a child may call a column of the key: by its name, unless all tables have it, or with the parent's."""
    words = name_of(column).words
    spelled_out = "".join((*target.words, *words))
    return (spelled_out,) if set(words) <= KEY_WORDS else ("".join(words), spelled_out)


def _held(own: Target, names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the child's columns that bear the key's names; none unless all are there. The longer spelling wins."""
    mine = {"".join(name_of(column.name).words): column.name for column in own.table.columns}
    columns = [next((mine[each] for each in reversed(spellings) if each in mine), "") for spellings in names]
    return tuple(columns) if all(columns) and len(set(columns)) == len(columns) else ()


def _agree(kinds: Kinds, own: Target, columns: Sequence[str], target: Target, key: Key) -> bool:
    mine, its = own.table.columns_by_name, target.table.columns_by_name

    def comparable(column: str, name: str) -> bool:
        equal = mine[column].type == its[name].type
        return equal or kinds.agreement(mine[column].type, its[name].type) is not None

    pairs = zip(columns, key.columns, strict=True)
    return all(name in its and comparable(column, name) for column, name in pairs)


def _evidence(
    directory: Directory, own: Target, columns: Sequence[str], target: Target, key: Key
) -> tuple[Evidence, ...]:
    """Return what speaks for it; nothing where the columns alone say so: two tables may just share two parents."""
    pairs = list(zip(columns, key.columns, strict=True))
    spelled_out = [column for column, name in pairs if name_of(column).words != name_of(name).words]
    lone = [name for name in key.columns if not directory.named(name_of(name).stem)]
    begins = own.words[: len(target.words)] == target.words and len(own.words) > len(target.words)
    if not spelled_out and not (lone and (begins or name_of(lone[0]).mark)):
        return ()
    found = [Evidence(-0.5, "all columns of the key stand in the table")]
    if spelled_out:
        found.append(Evidence(3.0, f"{spelled_out[0]} is named after the table"))
    if lone:
        found.append(Evidence(1.0, f"{lone[0]} is a name of that table's own"))
    if begins:
        found.append(Evidence(2.0, "its name begins with the other's"))
    elif set(own.primary) == set(columns):
        found.append(Evidence(-2.0, "but they are its own key"))
    return tuple(found)
