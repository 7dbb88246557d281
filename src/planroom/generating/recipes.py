"""The recipe for a column: by what it can hold, what it is called, and what is demanded of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from planroom.generating import recipes_moments, recipes_numbers, recipes_others, recipes_texts
from planroom.generating.conditions import Demands, domain_demands
from planroom.generating.quoting import input_text
from planroom.generating.recipe import ENDLESS, Recipe, of_values

if TYPE_CHECKING:
    from planroom.generating.kinds import Kind

__all__ = ["recipe_for"]


def recipe_for(
    kind: Kind, column: str, table: str, demands: Demands, *, values: tuple[str, ...] = (), rising: bool = False
) -> Recipe | None:
    """Return the recipe for a column; None for a type whose values planroom cannot make up.

    Args:
        kind: What it can hold.
        column: Its name.
        table: Its table's name.
        demands: What CHECK constraints demand of it.
        values: Values that a designer gives.
        rising: UUIDs are made in the order of the rows, as version 7 has them.
    """
    if kind.family == "uuid":
        return recipes_others.uuids(rising=rising)
    chosen = values or demands.values
    if chosen:
        kept = tuple(dict.fromkeys(each for each in chosen if each not in demands.excluded)) or tuple(chosen)
        return of_values(kind, kept)
    maker = _MAKERS.get(kind.family)
    return maker(kind, column, table, demands) if maker else None


def _array(kind: Kind, column: str, table: str, demands: Demands) -> Recipe | None:
    part = recipe_for(kind.parts[0], column.rstrip("s"), table, Demands())
    if part is None or kind.parts[0].family == "array":
        return None

    def make(number: str, most: int) -> str:
        limit = min(part.capacity, part.distinct or most, ENDLESS)
        first = part.make(f"({number}) % {part.capacity}", part.capacity) if part.capacity < most else ""
        first = first or part.make(number, most)
        second = part.make(f"(({number}) + 1) % {max(limit, 1)}", max(limit, 1))
        low = 1 if demands.nonempty else 0
        rest = f"[{second}][1:CAST(({number}) % 2 AS INTEGER)]"
        return f"list_concat([{first}], {rest})" if low or most > 1 else f"[{first}]"

    return Recipe(f"one or two of: {part.what}", part.capacity, make, part.distinct or 1000, part.skew)


def _composite(kind: Kind, column: str, table: str, demands: Demands) -> Recipe | None:
    parts = [
        recipe_for(part, name, table, domain_demands(each.text for each in part.checks) if part.checks else Demands())
        for part, name in zip(kind.parts, kind.names, strict=True)
    ]

    def make(number: str, most: int) -> str:
        cells = []
        for kind_, each in zip(kind.parts, parts, strict=True):
            made = each.make(f"({number}) % {each.capacity}", each.capacity) if each else "NULL"
            shown = input_text(kind_.family, made)
            text = f"replace(replace({shown}, '\\', '\\\\'), '\"', '\"\"')"
            cells.append(f"'\"' || {text} || '\"'" if each else "''")
        return "'(' || " + " || ',' || ".join(cells or ["''"]) + " || ')'"

    def sample(number: int, _: int) -> str:
        cells = [each.sample(number % each.capacity, each.capacity) if each and each.sample else "" for each in parts]
        return "(" + ",".join(_field(each) for each in cells) + ")"

    capacity = max((each.capacity for each in parts if each), default=1)
    return Recipe("a row of made-up fields", capacity, make, 10_000, sample=sample)


def _field(text: str) -> str:
    """Return a field of a row as PostgreSQL writes it."""
    quoted = text.replace("\\", "\\\\").replace('"', '""')
    return f'"{quoted}"' if not text or set(text) & set(' ,()"\\') else text


def _range(kind: Kind, column: str, table: str, demands: Demands) -> Recipe | None:
    """Ranges that do not overlap: over moments and numbers one after the other, over anything else single points."""
    part = kind.parts[0]
    if part.temporal or part.family in {"integer", "decimal", "float"}:
        return recipes_others.spans(kind)
    points = recipe_for(part, column, table, Demands())
    if points is None or part.parts:
        return None

    def make(number: str, most: int) -> str:
        point = f"'\"' || CAST({points.make(number, most)} AS VARCHAR) || '\"'"
        return f"'[' || {point} || ',' || {point} || ']'"

    return Recipe("single points", points.capacity, make, points.distinct)


_MAKERS: dict[str, Callable[[Kind, str, str, Demands], Recipe | None]] = {
    **recipes_numbers.RECIPES,
    **recipes_moments.RECIPES,
    **recipes_texts.RECIPES,
    **recipes_others.RECIPES,
    "array": _array,
    "range": _range,
    "composite": _composite,
}
