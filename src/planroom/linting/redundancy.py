"""Which indexes of a table another one replaces."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from planroom.linting.access import AccessPath
    from planroom.model import IndexColumn

__all__ = ["duplicates", "redundant"]

_ORDERED = "btree"


def duplicates(paths: Sequence[AccessPath]) -> Iterator[tuple[AccessPath, AccessPath]]:
    """Yield, of indexes that are the same, each that can go, with the one that stays.

    What a constraint keeps stays; then what is unique; then what was written first.
    """
    alike: dict[Hashable, list[AccessPath]] = defaultdict(list)
    for path in _own(paths):
        key = (_kind(path), _oriented(path.parts), tuple(sorted(path.include)))
        alike[key].append(path)
    for group in alike.values():
        group.sort(key=lambda path: (not path.constraint, not path.unique, path.origin, path.name))
        for spare in group[1:]:
            if _does_no_more(spare, group[0]):
                yield spare, group[0]


def redundant(paths: Sequence[AccessPath]) -> Iterator[tuple[AccessPath, AccessPath]]:
    """Yield each plain B-tree index that a longer one replaces, with the shortest such."""
    groups: dict[Hashable, list[AccessPath]] = defaultdict(list)
    for path in _own(paths):
        if path.method == _ORDERED and path.parts:
            groups[_kind(path), str(path.parts[0])].append(path)
    for group in groups.values():
        for spare in group:
            longer = min(
                (path for path in group if _replaces(path, spare)), key=lambda path: len(path.parts), default=None
            )
            if longer and not spare.unique and not spare.constraint:
                yield spare, longer


def _own(paths: Iterable[AccessPath]) -> Iterator[AccessPath]:
    """Yield the indexes that the table has by itself, not as a partition."""
    return (path for path in paths if not path.inherited)


def _kind(path: AccessPath) -> Hashable:
    return path.method, path.predicate, path.constraint == "exclusion constraint"


def _oriented(parts: Sequence[IndexColumn]) -> Hashable:
    """Return key parts so that an order and its reverse are the same: a B-tree is read both ways."""
    flip = bool(parts) and parts[0].descending
    return tuple(
        (part.column, part.expression, part.collation, part.operator_class, part.operator_class_options,
         part.descending != flip, part.nulls_first != flip)
        for part in parts
    )  # fmt: skip


def _does_no_more(spare: AccessPath, kept: AccessPath) -> bool:
    """Whether an index forbids nothing that the other one does not forbid."""
    if spare.constraint == "exclusion constraint":
        return False  # its operators are not compared
    if not spare.unique:
        return True
    stricter = spare.nulls_not_distinct and not kept.nulls_not_distinct
    sooner = kept.deferrable and not spare.deferrable
    return kept.unique and not stricter and not sooner


def _replaces(longer: AccessPath, spare: AccessPath) -> bool:
    """Whether an index has all that the other one has, and more."""
    number = len(spare.parts)
    if longer is spare or len(longer.parts) < number:
        return False
    same_start = _oriented(longer.parts[:number]) == _oriented(spare.parts)
    held = {*longer.include, *longer.columns}
    more = len(longer.parts) > number or set(longer.include) > set(spare.include)
    return same_start and set(spare.include) <= held and more and not longer.only
