"""What may be taken of an expression that nobody gathered statistics of: what the column in it tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.scaling.index_columns import expression_names
from planroom.sqltext import mentioned_columns, parse_expression_tree
from planroom.sqltext.names import string_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Index, Table
    from planroom.scaling.statistics import ColumnStatistics, Statistics

__all__ = ["with_expressions"]

_KEEPING = frozenset("lower upper initcap btrim ltrim rtrim reverse".split())  # the length, or nearly
_CUTTING = frozenset("substring substr left right".split())  # to a length that is their last argument
_HEADER = 4  # bytes of a text that was computed; one that is stored has one byte up to 126


def with_expressions(index: Index, table: Table, statistics: Statistics) -> Statistics:
    """Return statistics that tell of an index's expressions, too, where one is a text made from one column.

    They serve to reckon the size of the index alone: how many different values there are is the column's number, which
    is the most there can be.
    """
    found = tuple(_expressions(index, table, statistics))
    return replace(statistics, columns=(*statistics.columns, *found)) if found else statistics


def _expressions(index: Index, table: Table, statistics: Statistics) -> Iterator[ColumnStatistics]:
    for part, name in zip(index.columns, expression_names(index), strict=True):
        columns = mentioned_columns(part.expression.text) if part.expression is not None else frozenset()
        if part.expression is None or len(columns) != 1:
            continue
        known = statistics.by_column.get((table.schema, table.name, next(iter(columns)), False))
        width = _width(part.expression.text, known) if known is not None else None
        if known is not None and width is not None:
            yield replace(known, table=index.name, column=name, width=width, common_values=None,
                          common_frequencies=None, histogram=None, correlation=None)  # fmt: skip


def _width(expression: str, known: ColumnStatistics) -> int | None:
    """Return the mean bytes of an expression's values, with their header; None where its form does not tell."""
    call = parse_expression_tree(expression).get("FuncCall")
    if call is None:
        return None
    name = string_parts(call["funcname"])[-1]
    whole = known.width - 1 + _HEADER
    if name in _KEEPING:
        return whole
    length = call["args"][-1].get("A_Const", {}).get("ival", {}).get("ival") if name in _CUTTING else None
    needed = 2 if name in {"left", "right"} else 3
    if not isinstance(length, int) or length <= 0 or len(call["args"]) != needed:
        return None
    return min(whole, length + _HEADER)
