"""What is expected of a column's values before any is made: NULLs, different values, skew, the order of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.generating.conditions import Demands
from planroom.generating.spreading import begins
from planroom.model.words import words_of

if TYPE_CHECKING:
    from planroom.generating.kinds import Kind
    from planroom.generating.recipe import Recipe
    from planroom.generating.sketches import Sketch
    from planroom.model import Column

__all__ = ["correlation_of", "distinct_of", "followed", "null_fraction", "skew_of"]

_NULLS = 0.1
_RARE = frozenset("deleted removed revoked cancelled canceled closed discontinued withdrawn archived ended".split())


def null_fraction(plan: Sketch, column: Column, *, optional: bool | None = None) -> float:
    """Return the share of NULL that is aimed at.

    Args:
        plan: What is known of the table.
        column: The column.
        optional: Whether NULL is allowed, where a reference decides; None for what the column says.
    """
    demands, kind = plan.demands.get(column.name, Demands()), plan.kinds.get(column.name)
    nullable = column.nullable and (kind is None or kind.nullable) if optional is None else optional
    if demands.absent and nullable:
        return 1.0
    if not nullable or demands.present:
        return 0.0
    if column.annotations.null_fraction is not None:
        return column.annotations.null_fraction
    return 0.8 if {*words_of(column.name)} & _RARE else _NULLS


def skew_of(column: Column, recipe: Recipe) -> float:
    """Return the Zipf exponent of a column's values."""
    return recipe.skew if column.annotations.skew is None else column.annotations.skew


def distinct_of(column: Column, recipe: Recipe, rows: int) -> int:
    """Return from how many different values a column's are drawn."""
    wanted = column.annotations.distinct
    if wanted is not None and wanted > 0:
        number = round(wanted * rows) if wanted < 1 else round(wanted)
    else:
        number = recipe.distinct or rows
    return max(1, min(number, recipe.capacity))


def correlation_of(column: Column, kind: Kind) -> float | None:
    """Return how values follow the order of the rows; None where they do not."""
    correlation = column.annotations.correlation
    if correlation is None and kind.temporal and begins(column.name):
        return 1.0
    return correlation


def followed(plan: Sketch, column: Column) -> str:
    """Return the moment of the same row that a column's comes after, declared or as names have it; empty for none."""
    if column.annotations.follows in plan.kinds:
        return column.annotations.follows
    kind = plan.kinds[column.name]
    if not kind.temporal or begins(column.name) or column.annotations.correlation is not None:
        return ""
    return next(
        (
            each.name
            for each in plan.table.columns
            if each.name in plan.kinds and begins(each.name) and plan.kinds[each.name].family == kind.family
        ),
        "",
    )
