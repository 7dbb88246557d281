"""Foreign keys, as they are made: which one gives a column its value, and in which order tables can be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.model import Model, ObjectId, Table

__all__ = ["Reference", "making_order", "references_of"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key that gives columns their values.

    Attributes:
        name: The foreign key's name.
        parent: The id of the referenced table; of its root, where it is a partition.
        columns: The referencing columns.
        referenced: The referenced columns, in the same order.
        optional: It may be left empty.
        deferrable: It is checked at the end of a transaction, if that is wanted: it may be filled last.
        shared: Columns among ``columns`` that a wider reference has given a value already.
    """

    name: str
    parent: ObjectId
    columns: tuple[str, ...]
    referenced: tuple[str, ...]
    optional: bool
    deferrable: bool = False
    shared: tuple[str, ...] = ()

    @property
    def patient(self) -> bool:
        """Whether it can wait until the row that it refers to is there."""
        return self.optional or self.deferrable

    @property
    def own(self) -> tuple[str, ...]:
        """The columns that it gives their values."""
        return tuple(each for each in self.columns if each not in self.shared)


def references_of(model: Model, table: Table) -> tuple[tuple[Reference, ...], tuple[str, ...]]:
    """Return a table's references, the widest first, and the names of foreign keys that follow from others.

    A foreign key follows from a wider one where all its columns have their values from there: a row of the parent
    refers to the same row.
    """
    taken: set[str] = set()
    made, following = [], []
    for key in sorted(table.foreign_keys, key=lambda each: (-len(each.columns), each.name)):
        columns = [table.columns_by_name[each] for each in key.columns if each in table.columns_by_name]
        itself = key.referenced_table == table.id and key.columns == key.referenced_columns
        if len(columns) != len(key.columns) or any(each.generated for each in columns) or key.period or itself:
            following.append(key.name)
            continue
        shared = tuple(each for each in key.columns if each in taken)
        if len(shared) == len(key.columns):
            following.append(key.name)
            continue
        own = [each for each in columns if each.name not in taken]
        optional = all(each.nullable for each in columns) if key.match_full else any(each.nullable for each in own)
        parent = model.roots.get(key.referenced_table, key.referenced_table)
        made.append(Reference(key.name, parent, key.columns, key.referenced_columns, optional, key.deferrable, shared))
        taken |= {*key.columns}
    return tuple(made), tuple(following)


def making_order(
    tables: Sequence[Table], references: Mapping[ObjectId, tuple[Reference, ...]]
) -> tuple[tuple[Table, ...], frozenset[tuple[ObjectId, str]]]:
    """Return tables so that parents come first, and the references that have to wait until all tables are there.

    Raises:
        ModelError: Tables require each other in a circle.
    """
    by_id = {each.id: each for each in tables}
    order: list[Table] = []
    late: set[tuple[ObjectId, str]] = set()
    waiting = dict.fromkeys(sorted(by_id))
    while waiting:
        ready = _ready(waiting, references, by_id, optional_too=True) or _loosened(waiting, references, by_id, late)
        for each in ready:
            order.append(by_id[each])
            del waiting[each]
    return tuple(order), frozenset(late)


def _needs(table: ObjectId, references: Iterable[Reference], known: Iterable[str], *, optional_too: bool) -> set[str]:
    return {
        each.parent
        for each in references
        if each.parent in known and each.parent != table and (optional_too or not each.patient)
    }


def _ready(
    waiting: Iterable[ObjectId],
    references: Mapping[ObjectId, tuple[Reference, ...]],
    by_id: Mapping[ObjectId, Table],
    *,
    optional_too: bool,
) -> list[ObjectId]:
    pending = {*waiting}
    return [
        each
        for each in waiting
        if not _needs(each, references[each], by_id, optional_too=optional_too) & (pending - {each})
    ]


def _loosened(
    waiting: Iterable[ObjectId],
    references: Mapping[ObjectId, tuple[Reference, ...]],
    by_id: Mapping[ObjectId, Table],
    late: set[tuple[ObjectId, str]],
) -> list[ObjectId]:
    """Return one table that waits for references that can wait alone, which are then made last."""
    pending = {*waiting}
    ready = _ready(waiting, references, by_id, optional_too=False)
    if not ready:
        raise _circle(pending, references)
    first = ready[0]
    late |= {(first, each.name) for each in references[first] if each.patient and each.parent in pending - {first}}
    return [first]


def _circle(pending: set[ObjectId], references: Mapping[ObjectId, tuple[Reference, ...]]) -> ModelError:
    start = min(pending)
    way = [start]
    while True:
        here = way[-1]
        following = sorted(
            each.parent for each in references[here] if each.parent in pending - {here} and not each.patient
        )
        if not following:  # it waits for others that are in the circle
            pending = pending - {here}
            return _circle(pending, references)
        if following[0] in way:
            circle = [*way[way.index(following[0]) :], following[0]]
            return ModelError(
                "These tables require each other, so no row can be the first: " + " -> ".join(circle) + ".",
                why="each has a required foreign key to the next, which is checked at once.",
                fix="make the columns of one of these foreign keys nullable, or the foreign key DEFERRABLE.",
            )
        way.append(following[0])
