"""What happened to a table and in the same way to its partitions, or to what inherits from it, told once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.comparison.anatomy import part_id

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from planroom.comparison.changes import Change
    from planroom.model import Model, Table

    Parents = Mapping[str, tuple[str, ...]]

__all__ = ["folded", "parents_of"]


def folded(changes: Iterable[Change], new: Model) -> Iterator[Change]:
    """Yield the changes without those of partitions and heirs that only repeat one of the table above them."""
    told = tuple(changes)
    parents = {table.id: parents_of(table) for table in new.tables if parents_of(table)}
    if not parents:
        yield from told
        return
    places = {_what(change, change.owner, change.subject): at for at, change in enumerate(told) if change.owner}
    first = [_first(at, told, places, parents) for at in range(len(told))]
    repeats = Counter(root for at, root in enumerate(first) if root != at)
    for at, change in enumerate(told):
        if first[at] == at:
            yield replace(change, repeated=repeats[at]) if repeats[at] else change


def _what(change: Change, owner: str, name: str) -> Hashable:
    """Return what happened to what, so that two alike are equal."""
    return owner, name, change.kind, change.state, change.facets


def _first(at: int, told: tuple[Change, ...], places: Mapping[Hashable, int], parents: Parents) -> int:
    """Return the place of the change that one repeats, followed to the first; its own if it repeats none."""
    seen = {at}
    while told[at].owner in parents:
        above = _above(told[at], places, parents)
        if above is None or above in seen:
            break
        at = above
        seen.add(at)
    return at


def _above(change: Change, places: Mapping[Hashable, int], parents: Parents) -> int | None:
    """Return the place of the same change of a parent; an index of a partition names its parent's."""
    held = change.new or change.old
    name = getattr(held, "parent", "") or held.name
    found = (places.get(_what(change, each, part_id(each, name))) for each in parents[change.owner])
    return next((place for place in found if place is not None), None)


def parents_of(table: Table) -> tuple[str, ...]:
    """Return the ids of the tables that a table is a partition of, or inherits from."""
    return (table.partition_of.parent,) if table.partition_of else table.inherits
