"""The columns of sources and queries, and what names mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.sqltext import UNTOLD
from planroom.values import dataclass

if TYPE_CHECKING:
    from planroom.model import Column, Table, View
    from planroom.sqltext import Node, Scope, Source

__all__ = ["Output", "Reference", "Spot", "has_untold", "is_called", "is_merged", "stands_alone", "united"]


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a source, or of a query.

    Attributes:
        table: The table whose column it is unchanged; None for what is calculated.
        column: That column.
        nullable: Whether it may be NULL; None where that cannot be told.
        type: The name of its type, as PostgreSQL prints it, without modifiers; empty where it cannot be told.
    """

    name: str
    table: Table | View | None = None
    column: Column | None = None
    nullable: bool | None = None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a column's name means.

    Attributes:
        scope: The number of the scope whose source it is of.
        source: The number of that source in its scope.
        output: The source's column; None where the source's columns are not known.
    """

    scope: int
    source: int
    output: Output | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a query, and where it stands: ``select``, ``where``, ``on``, ``having``, ``group``, ``order`` ..."""

    scope: Scope
    place: str
    node: Node


def is_called(source: Source, qualifier: tuple[str, ...]) -> bool:
    """Whether what stands before a column's name means a source."""
    if source.name != qualifier[-1]:
        return False
    return len(qualifier) == 1 or source.aliased or len(source.table) < 2 or source.table[-2] == qualifier[-2]


def has_untold(columns: tuple[Output, ...]) -> bool:
    """Whether the server gives one of the columns a name that the text does not tell."""
    return any(each.name == UNTOLD for each in columns)


def stands_alone(scope: Scope, number: int) -> bool:
    """Whether a source is no side of a JOIN: through those, bare names reach no system columns."""
    return all(each.join in {"from", "comma"} for each in scope.sources[number : number + 2])


def is_merged(source: Source, name: str) -> bool:
    """Whether a join makes a column one with that of the sources before."""
    return source.natural or name in source.using


def united(left: tuple[Output, ...], right: tuple[Output, ...] | None) -> tuple[Output, ...]:
    """Return the columns of a set operation, named as those of its first query."""
    if right is None or len(right) != len(left):
        return tuple(Output(each.name) for each in left)
    return tuple(
        Output(
            one.name,
            nullable=True if one.nullable or two.nullable else one.nullable if one.nullable == two.nullable else None,
            type=one.type if one.type == two.type else "",
        )
        for one, two in zip(left, right, strict=True)
    )
