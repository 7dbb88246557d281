"""Indexes and extended statistics."""

from __future__ import annotations

from dataclasses import field

from planroom.findings import NOWHERE, Location
from planroom.sqltext import Expression
from planroom.values import dataclass

__all__ = ["ExtendedStatistics", "Index", "IndexColumn"]


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """One key part of an index: a column or an expression, and its order.

    Attributes:
        column: The column's name; empty for an expression.
        expression: The expression; None for a plain column.
        collation: The collation's name as SQL writes it where it is not the column's (or expression's) own; its schema
            is left out where that is ``pg_catalog`` or ``public``.
        operator_class: The operator class's name, likewise, where it is not the type's default.
        operator_class_options: Its parameters, as sorted pairs.
        descending: DESC.
        nulls_first: NULLS FIRST; the default is True for DESC and False otherwise.
    """

    column: str = ""
    expression: Expression | None = None
    collation: str = ""
    operator_class: str = ""
    operator_class_options: tuple[tuple[str, str], ...] = ()
    descending: bool = False
    nulls_first: bool = False

    def __str__(self) -> str:
        return self.column or f"({self.expression})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that no constraint owns (a constraint implies its own).

    Attributes:
        columns: The key parts, in order, never empty.
        include: Columns carried in the index but not part of the key.
        predicate: The condition of a partial index.
        storage: Storage parameters such as ``fillfactor``, as sorted pairs.
        tablespace: The tablespace where it is not the default.
        parent: The name of the partitioned table's index that it belongs to.
        only: On a partitioned table: made ON ONLY and not yet attached on every partition.
    """

    name: str
    columns: tuple[IndexColumn, ...]
    method: str = "btree"
    unique: bool = False
    nulls_not_distinct: bool = False
    include: tuple[str, ...] = ()
    predicate: Expression | None = None
    storage: tuple[tuple[str, str], ...] = ()
    tablespace: str = ""
    parent: str = ""
    only: bool = False
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedStatistics:
    """``CREATE STATISTICS``: what the planner is to learn about columns together.

    Attributes:
        kinds: ``ndistinct``, ``dependencies``, ``mcv``, sorted; empty for expression statistics alone.
        columns: Plain columns, in table order.
        expressions: Expressions.
        target: SET STATISTICS where it is set.
    """

    schema: str
    name: str
    kinds: tuple[str, ...]
    columns: tuple[str, ...] = ()
    expressions: tuple[Expression, ...] = ()
    target: int | None = None
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)
