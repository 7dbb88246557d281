"""What columns that refer to other tables hold, and columns that number the rows of each parent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.generating.mixing import permuted_number
from planroom.generating.spreading import PATTERN, top_share
from planroom.scaling.described import Described, counted, drawn
from planroom.scaling.distributions import Listed, Zipf, hits

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.generating.kinds import Kind
    from planroom.generating.recipe import Recipe
    from planroom.generating.references import Reference
    from planroom.scaling.declared_columns import DeclaredTable
    from planroom.scaling.distributions import Distribution

__all__ = ["capped", "per_parent", "referring"]

_MOST_NUMBERS = 1_000
_SELF = 200


def referring(
    table: DeclaredTable, reference: Reference, parent: DeclaredTable | None, column: str, other: str, present: float
) -> Described:
    """Describe a column that refers to another table.

    Args:
        table: The table.
        reference: The reference.
        parent: The table that it refers to; None where it is the table itself, or is not described yet.
        column: The column.
        other: The column that it refers to.
        present: How many rows have a value.
    """
    size = max(table.sizes.get(reference.parent, 0), 1)
    kind = table.plan.kinds[column]
    itself = reference.parent == table.plan.table.id
    owner = table if itself else parent
    text = owner.value_of(other) if owner else None
    if text is None and parent is not None and other in parent.described:
        return _as_the_parent(parent.described[other], present)
    ordered = _is_ordered(owner, other)
    skew = table.plan.table.columns_by_name[reference.columns[0]].annotations.skew or 0.0
    if itself and reference not in table.shape.matched:
        return _to_itself(size, present, text, kind, ordered=ordered)
    shift = table.draw(f"{reference.name} row").offset(size)

    def shifted(number: int) -> str:
        return text(permuted_number(number, size, shift)) if text else ""

    if reference in table.shape.matched:
        found = counted(min(size, max(int(present), 1)), shifted if text else None, kind, ordered=False)
        return Described((), found.histogram, found.distinct, present <= size, 1.0 if itself else 0.0)
    if reference is table.shape.driver and not skew:
        different = _parents_with_rows(size, present, table.shape.capacity)
        found = drawn(Zipf(size), present, text, kind, ordered=ordered, correlation=1.0 if ordered else 0.0)
        return Described((), found.histogram, different, False, found.correlation)
    if reference is table.shape.driver:
        skew = capped(skew, size, present, table.shape.capacity)
    if not skew:
        return drawn(Zipf(size), present, text, kind, ordered=ordered)
    return drawn(Zipf(size, skew), present, shifted if text else None, kind, ordered=False)


def capped(skew: float, parents: int, rows: float, capacity: int) -> float:
    """Return the skew, less where the hottest parent would have more rows than a key allows."""
    while skew > 0 and capacity and rows * top_share(parents, skew) + 1 > capacity:
        skew = round(skew - 0.05, 2) if skew > 0.05 else 0.0
    return max(skew, 0.0)


def _is_ordered(parent: DeclaredTable | None, other: str) -> bool:
    recipe = parent.plan.recipes.get(other) if parent else None
    return bool(recipe and recipe.ordinal)


def _as_the_parent(found: Described, present: float) -> Described:
    """Describe a reference to a column whose values something else decides: it has the values of that column."""
    different = hits(Zipf(max(round(found.distinct), 1)), present)
    same = min(1.0, math.fsum(share**2 for _, share in found.common))
    return Described(found.common, found.histogram, max(different, 1.0), False, same)


def _to_itself(size: int, present: float, text: Callable[[int], str] | None, kind: Kind, *, ordered: bool) -> Described:
    """Describe a reference to an earlier row of the same table, any of them: the earliest are referred to most."""
    shares = tuple(_of_earlier((place + 1) / _SELF) - _of_earlier(place / _SELF) for place in range(_SELF))
    steps = Listed(shares)
    found = drawn(
        steps, present, (lambda number: text(number * size // _SELF)) if text else None, kind, ordered=ordered
    )
    share = present / size
    return Described((), found.histogram, size * (1 - 1 / (1 + share)), False, found.correlation)


def _of_earlier(place: float) -> float:
    """Return the share of references to rows before a place: each row refers evenly to those before it."""
    return place - place * math.log(place) if place > 0 else 0.0


def _weights(parents: int, rows: float, capacity: int) -> list[float]:
    """Return how many rows neighbouring parents have: as many each where a key would else forbid it."""
    mean = sum(PATTERN) / len(PATTERN)
    uneven = [each / mean * rows / parents for each in PATTERN]
    fits = parents >= len(PATTERN) and (not capacity or max(uneven) + 1 <= capacity)
    return uneven if fits else [rows / parents]


def _parents_with_rows(parents: int, rows: float, capacity: int) -> float:
    weights = _weights(parents, rows, capacity)
    return parents * math.fsum(min(1.0, each) for each in weights) / len(weights)


def per_parent(table: DeclaredTable, recipe: Recipe, kind: Kind, divisor: int, size: int, present: float) -> Described:
    """Describe a column that makes rows of one parent different: it numbers them, or what they are divided by does.

    Args:
        table: The table.
        recipe: How values are made from numbers.
        kind: What they are.
        divisor: The number of the row within its parent is divided by it.
        size: How many different numbers there are.
        present: How many rows have a value.
    """
    driver = table.shape.driver
    sample = recipe.sample
    text = (lambda number: sample(number, size)) if sample else None
    if driver is None:
        return drawn(Zipf(min(size, max(int(present), 1))), present, text, kind, ordered=recipe.ordinal)
    if not recipe.ordinal:
        return drawn(Zipf(size), present, text, kind, ordered=False)
    parents = max(table.sizes.get(driver.parent, 1), 1)
    skew = table.plan.table.columns_by_name[driver.columns[0]].annotations.skew or 0.0
    capacity = table.shape.capacity
    counts = _counts(parents, float(table.rows), capped(skew, parents, table.rows, capacity), capacity)
    distribution = _numbers(counts, divisor)
    return drawn(distribution, present, text, kind, ordered=True)


def _numbers(counts: list[tuple[float, float]], divisor: int) -> Distribution:
    """Return how often each number occurs where the rows of each parent are numbered from 0."""
    most = min(_MOST_NUMBERS, math.ceil(max(each for each, _ in counts) / divisor))
    weights = []
    for number in range(max(most, 1)):
        low, high = number * divisor, (number + 1) * divisor
        weights.append(math.fsum(many * max(0.0, min(each, high) - low) for each, many in counts))
    return Listed(tuple(weights)) if sum(weights) > 0 else Zipf(1)


def _counts(parents: int, rows: float, skew: float, capacity: int) -> list[tuple[float, float]]:
    """Return how many rows parents have, and how many parents have so many."""
    if not skew:
        weights = _weights(parents, rows, capacity)
        return [(max(each, 1e-9), parents / len(weights)) for each in weights]
    distribution, found, start = Zipf(parents, skew), [], 0
    while start < parents:
        end = min(parents, max(start + 1, int(start * 1.1)))
        share = distribution.below(end) - distribution.below(start)
        found.append((max(rows * share / (end - start), 1e-9), float(end - start)))
        start = end
    return found
