"""Generated columns and expressions of indexes, from the columns that they are functions of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.generating.kinds import Kind
from planroom.generating.trees import called, column_of, parts_of
from planroom.scaling.computed import summed
from planroom.scaling.described import column_statistics
from planroom.scaling.expressions import type_of
from planroom.scaling.index_columns import expression_names
from planroom.scaling.statistics import ColumnStatistics
from planroom.scaling.value_widths import mean_width
from planroom.sqltext import DataType, mentioned_columns, parse_expression_tree

if TYPE_CHECKING:
    from planroom.model import Column
    from planroom.scaling.declared_columns import DeclaredTable
    from planroom.sqltext import Tree

__all__ = ["declared_expressions"]

_LONG_HEADER = 3  # a value that was computed has a header of four bytes, not of one


def declared_expressions(table: DeclaredTable) -> dict[str, ColumnStatistics]:
    """Return the statistics of stored generated columns and of expressions of indexes, by a name of no meaning.

    Arithmetic over numbers is worked out by samples, lower and upper case are those of their column. Of all else only
    the width is told; then the planner takes its own defaults.
    """
    found: dict[str, ColumnStatistics] = {}
    plan = table.plan.table
    for column in plan.columns:
        if column.generated and column.generated.stored:
            found[column.name] = _generated(table, column, column.generated.expression.text)
    types = {each.name: each.type for each in plan.columns}
    for index in plan.indexes:
        for name, part in zip(expression_names(index), index.columns, strict=True):
            if part.expression is None:
                continue
            type_ = type_of(part.expression.text, types) or DataType("text")
            made = _expressed(table, part.expression.text, type_, (plan.schema, index.name, name))
            if made is None:
                table.said[f"the planner's own defaults for {part.expression.text}"].append(index.name)
                continue
            long = _LONG_HEADER if table.layouts.of(type_).length < 0 else 0
            found[f"{index.name}.{name}"] = replace(made, width=made.width + long)
    return found


def _generated(table: DeclaredTable, column: Column, text: str) -> ColumnStatistics:
    plan = table.plan.table
    made = _expressed(table, text, column.type, (plan.schema, plan.name, column.name))
    return made or ColumnStatistics(
        schema=plan.schema,
        table=plan.name,
        column=column.name,
        width=table.layouts.of(column.type).usual,
        distinct=_most(table, text),
    )


def _most(table: DeclaredTable, text: str) -> float:
    """Return as many different values as the columns have that an expression is of: those of the one with most."""
    known = [table.columns[each].distinct for each in _mentioned(text) if each in table.columns]
    return max(known, key=lambda each: -each * table.rows if each < 0 else each, default=-1.0)


def _mentioned(text: str) -> frozenset[str]:
    try:
        return mentioned_columns(text)
    except SyntaxProblem:
        return frozenset()


def _expressed(
    table: DeclaredTable, text: str, type_: DataType, place: tuple[str, str, str]
) -> ColumnStatistics | None:
    try:
        tree = parse_expression_tree(text)
    except SyntaxProblem:
        return None
    parts = parts_of(tree)
    kind = _kind(type_)
    if parts is not None and parts.columns:
        made = summed(kind, parts, table.computed, float(table.rows))
        if made is None:
            return None
        values = [*made[1].histogram, *(each for each, _ in made[1].common)]
        if place[1] == table.plan.table.name:
            table.computed[place[2]] = made[0]
        return column_statistics(place, made[1], float(table.rows), 0.0, mean_width(table.layouts.of(type_), values))
    return _cased(table, tree, place)


def _kind(type_: DataType) -> Kind:
    family = {"numeric": "decimal", "bigint": "integer", "integer": "integer", "smallint": "integer"}
    scale = int(type_.modifiers[1]) if len(type_.modifiers) > 1 and type_.modifiers[1].isdigit() else 2
    return Kind(family.get(type_.name, "float"), type_, scale=scale)


def _cased(table: DeclaredTable, tree: Tree, place: tuple[str, str, str]) -> ColumnStatistics | None:
    """Return the statistics of a column's text in lower or upper case; of a column itself, its own."""
    call = tree.get("FuncCall", {})
    name = called(call)
    column = column_of(call["args"][0]) if name in {"lower", "upper"} and call.get("args") else column_of(tree)
    known = table.columns.get(column)
    if known is None:
        return None
    change = {"lower": str.lower, "upper": str.upper}.get(name, str)
    schema, owner, own = place
    return replace(
        known,
        schema=schema,
        table=owner,
        column=own,
        common_values=tuple(map(change, known.common_values)) if known.common_values else None,
        histogram=tuple(sorted(map(change, known.histogram))) if known.histogram else None,
    )
