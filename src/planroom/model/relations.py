"""Relations: what a foreign key says about two tables, and what can only be guessed."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from planroom.model.constraints import ForeignKey
    from planroom.model.names import ObjectId
    from planroom.model.tables import Table

__all__ = ["Cardinality", "Relation", "relation_of"]


class Cardinality(enum.StrEnum):
    """How many rows may stand at one end of a relation."""

    ZERO_OR_ONE = "zero or one"
    EXACTLY_ONE = "exactly one"
    ZERO_OR_MORE = "zero or more"
    ONE_OR_MORE = "one or more"


@dataclass(frozen=True, slots=True)
class Relation:
    """One reference from a table to another.

    Attributes:
        child: The id of the referencing table.
        parent: The id of the referenced table.
        columns: The referencing columns.
        referenced_columns: The referenced columns, in the same order.
        child_cardinality: How many referencing rows one referenced row may have.
        parent_cardinality: How many referenced rows one referencing row has.
        identifying: The referencing columns are part of the child's primary key.
        name: The foreign key's name; empty when the relation is inferred.
        score: How sure an inferred relation is, in (0, 1]; None for a declared one.
        reason: Why it was inferred.
    """

    child: ObjectId
    parent: ObjectId
    columns: tuple[str, ...]
    referenced_columns: tuple[str, ...]
    child_cardinality: Cardinality
    parent_cardinality: Cardinality
    identifying: bool
    name: str = ""
    score: float | None = None
    reason: str = ""

    @property
    def declared(self) -> bool:
        """Whether a foreign key says so."""
        return self.score is None


def relation_of(table: Table, key: ForeignKey) -> Relation:
    """Return the relation that a foreign key declares.

    One referencing row has exactly one referenced row when all the referencing columns are NOT NULL (with MATCH FULL
    one of them is enough), else zero or one. One referenced row has at most one referencing row when a key, or a unique
    index without condition, lies within the referencing columns.
    """
    nullable = [table.columns_by_name[name].nullable for name in key.columns if name in table.columns_by_name]
    optional = all(nullable) if key.match_full else any(nullable)
    primary = table.primary_key
    return Relation(
        child=table.id,
        parent=key.referenced_table,
        columns=key.columns,
        referenced_columns=key.referenced_columns,
        child_cardinality=Cardinality.ZERO_OR_ONE if _is_unique(table, key.columns) else Cardinality.ZERO_OR_MORE,
        parent_cardinality=Cardinality.ZERO_OR_ONE if optional else Cardinality.EXACTLY_ONE,
        identifying=bool(primary) and set(key.columns) <= set(primary.columns if primary else ()),
        name=key.name,
    )


def _is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether no two rows of the table can agree on all these columns."""
    constraints = (set(key.columns) for key in table.keys if not key.without_overlaps)
    indexes = (
        {part.column for part in index.columns}
        for index in table.indexes
        if index.unique and index.predicate is None and all(part.column for part in index.columns)
    )
    return any(candidate <= set(columns) for candidate in (*constraints, *indexes))
