"""Edits of columns where they are made: another type, where nothing else goes by the one that they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.findings import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planroom.linting.schemas import Design
    from planroom.model import Column, Model, Table

__all__ = ["behind", "mentioned_words", "retyped"]

_WORD = re.compile(r"\w+")


def retyped(design: Design, table: Table, column: Column, text: str, *, tied: bool = False) -> tuple[Edit, ...]:
    """Return the edit that gives a column another type; none where anything else goes by the type that it has.

    Args:
        design: The design.
        table: The column's table.
        column: The column.
        text: The type, and what comes with it.
        tied: The column may be part of a foreign key.
    """
    name = design.types.base(column.type).name
    if column.type.name != name or column.type.array or column.generated or column.inherited or not column.origin.line:
        return ()
    if table.partition_of or table.partitioning or table.inherits or table.id in design.model.partitions:
        return ()
    if not tied and (column.name in design.referring[table.id] or column.name in _referred(design, table)):
        return ()
    if column.name.lower() in design.mentioned or _has_an_operator_class(table, column):
        return ()
    return (Edit(column.origin, text, ("type", column.name, name)),)


def _has_an_operator_class(table: Table, column: Column) -> bool:
    return any(part.operator_class and part.column == column.name for each in table.indexes for part in each.columns)


def _referred(design: Design, table: Table) -> Iterator[str]:
    for relation in design.children.get(table.id, ()):
        yield from relation.referenced_columns


def behind(table: Table, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts a statement behind the one that makes a table."""
    return (Edit(table.origin, text, ("end",)),) if table.origin.line else ()


def mentioned_words(model: Model) -> frozenset[str]:
    """Return the words of all that goes by a column's type without a constraint that says so, in lower case."""
    return frozenset(word.lower() for text in _texts(model) for word in _WORD.findall(text))


def _texts(model: Model) -> Iterator[str]:
    yield from (view.query.text for view in model.views)
    yield from (routine.body for routine in model.routines)
    for table in model.tables:
        expressions: Iterable[object] = (
            *(each.expression for each in table.checks),
            *(column.generated.expression for column in table.columns if column.generated),
            *(index.predicate for index in table.indexes),
            *(part.expression for index in table.indexes for part in index.columns),
            *(part for policy in table.policies for part in (policy.using, policy.check)),
            *(trigger.when for trigger in table.triggers),
            *(each.predicate for each in table.exclusions),
            *(part.column.expression for each in table.exclusions for part in each.elements),
        )
        yield from (str(each) for each in expressions if each is not None)
