"""The indexes behind a query's tables: which columns they begin with, and which conditions they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Index, Table, View
    from planroom.resolving.query_columns import Output
    from planroom.resolving.query_in_model import QueryInModel
    from planroom.sqltext import Node, Scope

__all__ = ["SMALL_ROWS", "Use", "column_used", "expression_indexes", "indexes_led_by", "is_small", "lists"]

SMALL_ROWS = 1000  # tables of some pages: the planner reads them whole, indexes or not


@dataclass(frozen=True, slots=True)
class Use:
    """A column of a table that a condition uses.

    Attributes:
        name: The column's name in the table.
    """

    source: int
    table: Table | View
    name: str
    output: Output


def column_used(query: QueryInModel, scope: Scope, node: Node) -> Use | None:
    """Return the column of a table of this scope that a node is; None for anything else."""
    found = query.resolve(scope, node) if node.kind == "column" else None
    if found is None or found.scope != scope.number or found.output is None:
        return None
    output = found.output
    if output.table is None or output.column is None:
        return None
    return Use(found.source, output.table, output.column.name, output)


def indexes_led_by(table: Table | View, column: str) -> tuple[str, ...]:
    """Return the names of the keys and B-tree or hash indexes that begin with a column."""
    keys = [key.name for key in getattr(table, "keys", ()) if key.columns[0] == column]
    indexes = [
        each.name for each in table.indexes if each.method in {"btree", "hash"} and each.columns[0].column == column
    ]
    return (*keys, *indexes)


def lists(table: Table | View, column: str) -> Iterator[Index]:
    """Yield the indexes of other kinds (GIN, GiST, BRIN ...) that hold a column."""
    for each in table.indexes:
        if each.method not in {"btree", "hash"} and any(
            part.column == column or (part.expression is not None and column in part.expression.text)
            for part in each.columns
        ):
            yield each


def expression_indexes(table: Table | View, column: str) -> tuple[str, ...]:
    """Return the names of the indexes over an expression that names a column."""
    return tuple(
        index.name
        for index in table.indexes
        if any(part.expression is not None and column in part.expression.text for part in index.columns)
    )


def is_small(query: QueryInModel, scope: Scope, source: int) -> bool:
    """Whether a table is known to be so small that an index does not matter; an unknown one is taken as large."""
    rows = query.rows(scope.sources[source])
    return rows is not None and rows < SMALL_ROWS
