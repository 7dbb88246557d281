"""What happened to a partitioned table and in the same way to its partitions, told once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.comparison.anatomy import part_id

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from planroom.comparison.changes import Change
    from planroom.model import Model

__all__ = ["folded"]


def folded(changes: Iterable[Change], new: Model) -> Iterator[Change]:
    """Yield the changes without those of partitions that only repeat one of the table they are partitions of."""
    told = tuple(changes)
    parents = {table.id: table.partition_of.parent for table in new.tables if table.partition_of}
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


def _first(at: int, told: tuple[Change, ...], places: Mapping[Hashable, int], parents: Mapping[str, str]) -> int:
    """Return the place of the change that one repeats, followed to the first; its own if it repeats none."""
    seen = {at}
    while told[at].owner in parents:
        change, parent = told[at], parents[told[at].owner]
        held = change.new or change.old
        name = getattr(held, "parent", "") or held.name
        found = places.get(_what(change, parent, part_id(parent, name)))
        if found is None or found in seen:
            break
        at = found
        seen.add(at)
    return at
