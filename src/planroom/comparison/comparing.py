"""Two models compared, object by object and field by field, under the renames that were found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from planroom.collector import put_off
from planroom.comparison.anatomy import anatomy, has_schema, is_group, key_of, kind_of, part_id, parts_in
from planroom.comparison.changes import Change, ChangeState, Facet, Unknown
from planroom.comparison.children import folded, parents_of
from planroom.comparison.difference import Difference
from planroom.comparison.impacts import judged
from planroom.comparison.matching import Pair, Pairing
from planroom.comparison.pairing import Pairings, paired
from planroom.comparison.renaming import Place, implied_names, in_new_names
from planroom.comparison.untold import cannot_tell, unknowns_of
from planroom.model import Column, Model, Table, View

__all__ = ["compare"]


def compare(old: Model, new: Model, *, renames: bool = True) -> Difference:
    """Return what differs between two models.

    Args:
        old: The model before.
        new: The model after.
        renames: Look for renamed objects by what they are made of; else only those that ``renamed_from`` names, and
            the rest count as removed and added.
    """
    if old == new:
        return Difference(old, new, (), tuple(unknowns_of(old, new)))
    with put_off():
        walk = _Walk(old, new, paired(old, new, renames=renames))
        changes = tuple(sorted(folded(walk.changes(), new), key=_order))
        unknowns = tuple(dict.fromkeys([*walk.unknowns, *unknowns_of(old, new)]))
    return Difference(old, new, changes, unknowns)


def _order(change: Change) -> tuple[int, str, str, str]:
    return -change.impact.rank, change.subject, change.kind, change.state


@dataclass
class _Walk:
    """One walk over two models.

    Attributes:
        unknowns: What could not be told on the way.
    """

    old: Model
    new: Model
    pairings: Pairings
    unknowns: list[Unknown] = field(default_factory=list)

    def changes(self) -> Iterator[Change]:
        """Yield every change, the model's own first."""
        yield from self._pair(Pair(self.old, self.new), "", "", None)

    def _pair(self, pair: Pair, subject: str, owner: str, place: Place) -> Iterator[Change]:
        """Yield what differs between two objects that are one, and in their parts."""
        if self.pairings.equal(pair) and pair.score is None and not self.pairings.reused:
            return
        home = pair.old if isinstance(pair.old, Table | View) else place
        facets = tuple(self._facets(pair, subject, home))
        former = self._former(pair, place)
        if facets or former or pair.score is not None:
            yield _change(pair, subject, former, owner, facets)
        for name in anatomy(pair.old.__class__).parts:
            yield from self._parts(self.pairings.of(pair.old, pair.new, name), subject, home)

    def _parts(self, pairing: Pairing, owner: str, place: Place) -> Iterator[Change]:
        for pair in pairing.pairs:
            yield from self._pair(pair, _id(pair.new, owner), owner, place)
        for each in pairing.removed:
            yield _alone(ChangeState.REMOVED, each, _id(each, owner), owner)
        for each in pairing.added:
            yield _alone(ChangeState.ADDED, each, _id(each, owner), owner)

    def _former(self, pair: Pair, place: Place) -> str:
        """Return the old id of what somebody renamed; empty where only what it is part of was."""
        if isinstance(pair.old, Model):
            return ""
        before = key_of(pair.old)
        if before == key_of(pair.new) or (pair.score is None and self.pairings.expected(pair.old) == key_of(pair.new)):
            return ""
        return _id(pair.old, place.id if place else "")

    # Facets

    def _facets(self, pair: Pair, subject: str, place: Place) -> Iterator[Facet]:
        looked_at = _Looked(pair, subject, place)
        for name in anatomy(pair.old.__class__).facets:
            yield from self._facet(looked_at, name, pair.old, getattr(pair.old, name), getattr(pair.new, name))
        for name in anatomy(pair.old.__class__).parts:
            yield from _order_of(name, self.pairings.of(pair.old, pair.new, name), pair)

    def _facet(self, at: _Looked, path: str, holder: Any, before: Any, after: Any) -> Iterator[Facet]:
        """Yield what differs of one property; ``holder`` is the old value that has it."""
        if is_group(before) and type(before) is type(after):
            for name in anatomy(before.__class__).facets if before != after or self.pairings.reused else ():
                yield from self._facet(at, f"{path}.{name}", before, getattr(before, name), getattr(after, name))
            return
        if path == "annotations.renamed_from" and at.pair.score is not None:
            return  # it says what the change says
        reason = cannot_tell(at.pair, path, before, after, self.old, self.new)
        if reason:
            self.unknowns.append(Unknown(at.subject, path, reason))
        elif not self._same(at, path, holder, before, after):
            yield Facet(path, before, after)

    def _same(self, at: _Looked, path: str, holder: Any, before: Any, after: Any) -> bool:
        """Whether two values say the same once the old one uses the new names."""
        if before == after and not self.pairings.reused:
            return True
        name = path.rpartition(".")[2]
        if in_new_names(before, self.pairings.names, at.place, holder=holder, field=name) == after:
            return True
        is_implied = name in {"not_null_name", "sequence_name"} and isinstance(at.place, Table)
        return is_implied and self._both_implied(at, before, after)

    def _both_implied(self, at: _Looked, before: str, after: str) -> bool:
        """Whether two names are those that the server gives by itself, from what the table or column was called."""
        table, column = at.place, at.pair.old
        twin = self.pairings.tables.get(table.id) if isinstance(table, Table) else None
        if not isinstance(table, Table) or twin is None or not isinstance(column, Column):
            return False
        old = implied_names(table, column, _parents(table, self.old))
        new = implied_names(twin, at.pair.new, _parents(twin, self.new))
        return old != new and before in old and after in old | new


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is being looked at: two objects that are one, the new id, and the old table or view they belong to."""

    pair: Pair
    subject: str
    place: Place


def _parents(table: Table, model: Model) -> list[Table]:
    return [model.tables_by_id[each] for each in parents_of(table) if each in model.tables_by_id]


def _id(value: Any, owner: str) -> str:
    """Return the id of an object: its own, or its name within what it is part of."""
    if not owner or has_schema(value):
        return key_of(value)
    return part_id(owner, value.name)


def _order_of(name: str, pairing: Pairing, pair: Pair) -> Iterator[Facet]:
    """Yield that common parts stand in another order; the order of what is sorted by name says nothing."""
    before, after = parts_in(pair.old, name), parts_in(pair.new, name)
    if all(_is_sorted([key_of(each) for each in side]) for side in (before, after)):
        return
    first = {id(each): at for at, each in enumerate(before)}
    second = {id(each): at for at, each in enumerate(after)}
    by_old = sorted(pairing.pairs, key=lambda each: first[id(each.old)])
    by_new = sorted(pairing.pairs, key=lambda each: second[id(each.new)])
    if by_old != by_new:
        names = [tuple(key_of(each.new) for each in order) for order in (by_old, by_new)]
        yield Facet(f"order of {name.replace('_', ' ')}", *names)


def _is_sorted(keys: list[str]) -> bool:
    return all(first <= second for first, second in pairwise(keys))


def _change(pair: Pair, subject: str, former: str, owner: str, facets: tuple[Facet, ...]) -> Change:
    renamed = (bool(former) and pair.old.name != pair.new.name) or pair.score is not None
    return judged(
        Change(
            kind=kind_of(pair.new.__class__),
            state=ChangeState.RENAMED if renamed else ChangeState.CHANGED,
            subject=subject or pair.new.name,
            former=former,
            owner=owner,
            facets=facets,
            score=pair.score,
            evidence=pair.evidence,
            old=pair.old,
            new=pair.new,
        )
    )


def _alone(state: ChangeState, value: Any, subject: str, owner: str) -> Change:
    side = {"old": value} if state is ChangeState.REMOVED else {"new": value}
    return judged(Change(kind=kind_of(value.__class__), state=state, subject=subject, owner=owner, **side))
