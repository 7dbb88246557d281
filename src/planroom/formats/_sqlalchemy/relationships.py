"""The two ends of each foreign key, as attributes of the classes: named well, and told apart."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.formats._python.code import Value
from planroom.formats._python.identifiers import Scope, plural, singular, snake
from planroom.formats._sqlalchemy.types import keywords
from planroom.model.relations import Cardinality, relation_of

if TYPE_CHECKING:
    from planroom.model import ForeignKey, Table

__all__ = ["MappedTable", "Relationship", "relationships"]

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SUFFIX = re.compile(r"_(?:id|uuid|fk|key|no|code)$")


@dataclass
class MappedTable:
    """A table that a class is mapped to.

    Attributes:
        name: The name of the class.
        attributes: The attribute of each column.
        scope: The names that are taken in the class.
    """

    table: Table
    name: str
    attributes: Mapping[str, str]
    scope: Scope


@dataclass
class Relationship:
    """One end of a relation.

    Attributes:
        attribute: Its name in the class.
        annotation: What ``Mapped`` holds.
        options: The keyword arguments of ``relationship()``.
    """

    attribute: str
    annotation: str
    options: tuple[tuple[str, Value], ...]


@dataclass
class _Pair:
    """A foreign key with the attributes at both of its ends."""

    key: ForeignKey
    child: MappedTable
    parent: MappedTable
    forward: str = ""
    backward: str = ""
    overlaps: set[str] = field(default_factory=set)

    @property
    def itself(self) -> bool:
        """Whether it leads from a table to the table itself."""
        return self.child is self.parent


def relationships(mapped: Mapping[str, MappedTable]) -> Mapping[str, list[Relationship]]:
    """Return the relationships of each class, by its table's id: its own keys first, then those that refer to it.

    A key that a table has to itself over a column that it refers to has none, nor has a second key over the same
    columns to the same table: SQLAlchemy could not tell which is meant.

    Args:
        mapped: The classes, by the ids of their tables.
    """
    pairs = [pair for each in mapped.values() for pair in _pairs(each, mapped)]
    between = Counter(frozenset((pair.child.name, pair.parent.name)) for pair in pairs)
    for pair in pairs:
        pair.forward = pair.child.scope.take(*_forward(pair))
    for pair in pairs:
        several = between[frozenset((pair.child.name, pair.parent.name))] > 1
        pair.backward = pair.parent.scope.take(*_backward(pair, several=several))
    _note_overlaps(pairs)
    found: dict[str, list[Relationship]] = defaultdict(list)
    for pair in pairs:
        several = between[frozenset((pair.child.name, pair.parent.name))] > 1
        found[pair.child.table.id].append(_to_one(pair, several=several))
    for pair in pairs:
        several = between[frozenset((pair.child.name, pair.parent.name))] > 1
        found[pair.parent.table.id].append(_from_many(pair, several=several))
    return found


def _pairs(child: MappedTable, mapped: Mapping[str, MappedTable]) -> Iterator[_Pair]:
    seen = set()
    for key in child.table.foreign_keys:
        parent = mapped.get(key.referenced_table)
        ends = (frozenset(key.columns), key.referenced_table)
        if parent is None or not key.enforced or key.period or ends in seen:
            continue
        if parent is child and set(key.columns) & set(key.referenced_columns):
            continue
        seen.add(ends)
        yield _Pair(key, child, parent)


def _note_overlaps(pairs: list[_Pair]) -> None:
    """Note, for each pair, the relationships that write to one of its columns too."""
    writers: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for pair in pairs:
        for column in pair.key.columns:
            writers[pair.child.table.id, column].append(pair)
    for sharing in writers.values():
        for pair in sharing:
            pair.overlaps |= {name for each in sharing if each is not pair for name in (each.forward, each.backward)}


# -- names -------------------------------------------------------------------------------------------------------------


def _words(name: str) -> str:
    return snake(_HUMP.sub("_", name).lower())


def _role(pair: _Pair) -> str:
    """Return what the referenced row is to the referencing one: ``billing_address_id`` names a billing address."""
    if len(pair.key.columns) == 1:
        words = _words(pair.key.columns[0])
        if stripped := _SUFFIX.sub("", words):
            return stripped
    return singular(_words(pair.parent.table.name))


def _forward(pair: _Pair) -> tuple[str, ...]:
    role, parent = _role(pair), singular(_words(pair.parent.table.name))
    bare = len(pair.key.columns) == 1 and role == _words(pair.key.columns[0])
    return (parent, f"{role}_{parent}") if bare and not pair.itself else (role, parent, f"{role}_{parent}")


def _backward(pair: _Pair, *, several: bool) -> tuple[str, ...]:
    role, parent = _role(pair), singular(_words(pair.parent.table.name))
    child = singular(_words(pair.child.table.name))
    children = child if _is_single(pair) else plural(child)
    part = role.removesuffix(f"_{parent}")
    if pair.itself and role == "parent":
        return ("child" if _is_single(pair) else "children", f"child_{children}")
    if pair.itself or (several and part != parent):
        return (f"{part}_{children}", f"{role}_{children}")
    return (children, f"{part}_{children}")


def _is_single(pair: _Pair) -> bool:
    return relation_of(pair.child.table, pair.key).child_cardinality is Cardinality.ZERO_OR_ONE


# -- the two ends ------------------------------------------------------------------------------------------------------


def _to_one(pair: _Pair, *, several: bool) -> Relationship:
    optional = relation_of(pair.child.table, pair.key).parent_cardinality is Cardinality.ZERO_OR_ONE
    annotation = f"{pair.parent.name} | None" if optional else pair.parent.name
    remote = _columns(pair.parent, pair.key.referenced_columns) if pair.itself else None
    return Relationship(pair.forward, annotation, _options(pair, pair.backward, several=several, remote=remote))


def _from_many(pair: _Pair, *, several: bool) -> Relationship:
    annotation = f"{pair.child.name} | None" if _is_single(pair) else f"list[{pair.child.name}]"
    return Relationship(pair.backward, annotation, _options(pair, pair.forward, several=several))


def _options(pair: _Pair, other: str, *, several: bool, remote: str | None = None) -> tuple[tuple[str, Value], ...]:
    return keywords(
        foreign_keys=_columns(pair.child, pair.key.columns) if several else None,
        remote_side=remote,
        back_populates=other,
        overlaps=",".join(sorted(pair.overlaps)),
    )


def _columns(mapped: MappedTable, names: tuple[str, ...]) -> str:
    """Return columns as SQLAlchemy looks them up when all classes are there."""
    return "[" + ", ".join(f"{mapped.name}.{mapped.attributes[name]}" for name in names) + "]"
