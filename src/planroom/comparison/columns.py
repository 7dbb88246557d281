"""Renamed columns of one table, found by type, place, the keys they are part of, and name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.comparison.likeness import dice, name_likeness, together
from planroom.comparison.matching import Pair, best_first
from planroom.ddl.naming import default_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.model import Column, Table
    from planroom.sqltext import DataType

    _Places = Mapping[str, tuple[str, int]]

__all__ = ["renamed_columns"]

_MOST_PAIRS = 2_500
"""50 columns gone and 50 new in one table: of more, only those that keep their place are looked at."""

# How much each piece of evidence says for itself.
_PLACE, _RARE_TYPE, _ROLE, _REMARK, _FILLING, _LEFTOVER = 0.45, 0.25, 0.6, 0.6, 0.3, 0.9


def renamed_columns(
    removed: Sequence[Column], added: Sequence[Column], old: Table, new: Table, types: Mapping[DataType, DataType]
) -> list[Pair]:
    """Return the pairs of columns that are one column under two names.

    Args:
        removed: The columns that only the old table has.
        added: The columns that only the new table has.
        old: The table before.
        new: The table after.
        types: The new name of each type of the old table.
    """
    if not removed or not added:
        return []
    stays = {each.name for each in old.columns} & {each.name for each in new.columns}
    before, after = _places(old, stays), _places(new, stays)
    roles_before, roles_after = _roles(old), _roles(new)
    rare = Counter(column.type for column in new.columns)
    candidates = []
    for first, second in _meetings(removed, added, before, after):
        if types.get(first.type, first.type) == second.type:
            same_place = before[first.name] == after[second.name]
            evidence = dict(_evidence(first, second, same_place=same_place, rare=rare[second.type] == 1))
            evidence |= _leftover(first, second, old)
            shared = dice(roles_before.get(first.name, ()), roles_after.get(second.name, ()))
            evidence |= {"the same keys and indexes": _ROLE * shared} if shared else {}
            candidates.append(Pair(first, second, round(together(*evidence.values()), 2), ", ".join(evidence)))
    return best_first(candidates)


def _meetings(
    removed: Sequence[Column], added: Sequence[Column], before: _Places, after: _Places
) -> Iterator[tuple[Column, Column]]:
    """Yield the pairs worth a look: all, or of very many those that stand in the same place."""
    if len(removed) * len(added) <= _MOST_PAIRS:
        yield from ((first, second) for first in removed for second in added)
        return
    at = {after[column.name]: column for column in added}
    yield from ((first, at[before[first.name]]) for first in removed if before[first.name] in at)


def _evidence(old: Column, new: Column, *, same_place: bool, rare: bool) -> Iterator[tuple[str, float]]:
    likeness = name_likeness(old.name, new.name)
    if same_place:
        yield "the same place", _PLACE
    if rare:
        yield f"the only {new.type.short}", _RARE_TYPE
    if likeness >= 0.3:
        yield "a similar name", likeness**1.5
    if old.comment and old.comment == new.comment:
        yield "the same comment", _REMARK
    annotated = replace(new.annotations, renamed_from="")
    if annotated and replace(old.annotations, renamed_from="") == annotated:
        yield "the same annotations", _REMARK
    for name in ("default", "identity", "generated"):
        if getattr(old, name) and getattr(old, name) == getattr(new, name):
            yield f"the same {name}", _FILLING


def _leftover(old: Column, new: Column, table: Table) -> dict[str, float]:
    """Return that a NOT NULL constraint or a sequence still bears the old name: a rename leaves it."""
    left = {default_name(table.name, old.name, "not_null"): new.not_null_name}
    if new.identity:
        left |= {default_name(table.name, old.name, "seq"): new.identity.sequence_name}
    return {f"{name} is still there": _LEFTOVER for name, found in left.items() if name == found}


def _places(table: Table, stays: set[str]) -> _Places:
    """Return for each column the last column before it that both tables have, and how far it is."""
    places: dict[str, tuple[str, int]] = {}
    last, distance = "", 0
    for column in table.columns:
        last, distance = (column.name, 0) if column.name in stays else (last, distance + 1)
        places[column.name] = (last, distance)
    return places


def _roles(table: Table) -> Mapping[str, list[tuple[object, ...]]]:
    """Return for each column the keys, foreign keys and indexes that it is part of, whatever those are called."""
    roles: dict[str, list[tuple[object, ...]]] = {}
    for key in table.keys:
        for at, name in enumerate(key.columns):
            roles.setdefault(name, []).append((type(key), at, len(key.columns)))
    for reference in table.foreign_keys:
        for name, target in zip(reference.columns, reference.referenced_columns, strict=False):
            roles.setdefault(name, []).append((reference.referenced_table, target, reference.on_delete))
    for index in table.indexes:
        for at, part in enumerate(index.columns):
            roles.setdefault(part.column, []).append((index.method, at, len(index.columns), index.unique))
    return roles
