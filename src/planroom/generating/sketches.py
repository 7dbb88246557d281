"""What is known of a table before its rows are counted: kinds, demands, recipes, references, keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planroom.generating.bounds import partition_keys
from planroom.generating.conditions import Bound, Demands, demands_of, domain_demands
from planroom.generating.recipe import Recipe
from planroom.generating.recipes import recipe_for
from planroom.generating.uniqueness import Key, Shape, keys_of, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.generating.bounds import Leaf
    from planroom.generating.kinds import Kind, Kinds
    from planroom.generating.references import Reference
    from planroom.model import Column, Table

__all__ = ["Sketch", "sketch"]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of a table before rows are counted.

    Attributes:
        table: The table.
        kinds: What each column holds.
        demands: What is demanded of each column.
        recipes: How each column's own values are made; None where planroom cannot.
        references: Its foreign keys as they are made.
        keys: Its keys.
        untold: Unique indexes that are only verified.
        rest: CHECK constraints that say more than is compiled.
        sole: Columns that take the number of the row in any case.
        leaves: Where its rows may lie; None for anywhere.
    """

    table: Table
    kinds: Mapping[str, Kind]
    demands: Mapping[str, Demands]
    recipes: Mapping[str, Recipe | None]
    references: tuple[Reference, ...]
    keys: tuple[Key, ...]
    untold: tuple[str, ...]
    rest: tuple[str, ...]
    sole: frozenset[str]
    leaves: tuple[Leaf, ...] | None

    @property
    def referring(self) -> frozenset[str]:
        """The columns that refer to other tables."""
        return frozenset(column for each in self.references for column in each.columns)

    def shape(self, wanted: int, parents: Mapping[str, int]) -> Shape:
        """Return how its rows come about."""
        sizes = {column: recipe.capacity for column, recipe in self.recipes.items() if recipe}
        return shape_of(
            self.table,
            self.keys,
            self.references,
            sizes=sizes,
            parents=parents,
            wanted=wanted,
            sole=self.sole,
            limited=frozenset(column for column, demands in self.demands.items() if demands.columns)
            | partition_keys(self.leaves or ()),
        )


def sketch(
    table: Table, kinds: Kinds, references: tuple[Reference, ...], found_leaves: tuple[Leaf, ...] | None
) -> Sketch:
    """Return what is known of a table before rows are counted."""
    demands, rest = demands_of(each.expression.text for each in table.checks if each.enforced)
    columns = [each for each in table.columns if not each.generated]
    held = {each.name: kinds.of(each.type) for each in columns}
    for each in columns:
        demands[each.name] = _with_domain(demands.get(each.name, Demands()), held[each.name])
    recipes = {each.name: _recipe(held[each.name], each, table, demands[each.name]) for each in columns}
    keys, untold = keys_of(table)
    referring = {column for each in references for column in each.columns}
    sole = frozenset(
        each.name
        for each in columns
        if each.name not in referring and held[each.name].family == "integer" and (each.identity or _serial(each))
    )
    return Sketch(table, held, demands, recipes, references, keys, untold, rest, sole, found_leaves)


def _serial(column: Column) -> bool:
    return column.default is not None and column.default.text.lstrip().lower().startswith("nextval(")


def _with_domain(demands: Demands, kind: Kind) -> Demands:
    if not kind.checks:
        return demands
    domain = domain_demands(each.text for each in kind.checks)
    return replace(
        demands,
        lows=[*demands.lows, *domain.lows],
        highs=[*demands.highs, *domain.highs],
        values=demands.values or domain.values,
        excluded=[*demands.excluded, *domain.excluded],
        patterns=[*demands.patterns, *domain.patterns],
        prefixes=[*demands.prefixes, *domain.prefixes],
        shortest=max(demands.shortest, domain.shortest),
        longest=min(filter(None, (demands.longest, domain.longest)), default=0),
        upper=demands.upper or domain.upper,
        lower=demands.lower or domain.lower,
        json=demands.json or domain.json,
    )


def _recipe(kind: Kind, column: Column, table: Table, demands: Demands) -> Recipe | None:
    given = tuple(each.strip() for each in column.annotations.values.split("|") if each.strip())
    if column.identity or _serial(column):
        options = column.identity.sequence if column.identity else None
        start = (options.start if options and options.start is not None else None) or 1
        step = max(1, options.increment if options else 1)
        if demands.lows or demands.highs or demands.excluded:
            bounded = replace(demands, lows=[*demands.lows, Bound(str(start), inclusive=True)])
            return recipe_for(kind, "", table.name, bounded)
        most = max(1, (kind.high - start) // step + 1)
        return Recipe(
            "numbered", most, lambda n, _: f"({n}) * {step} + {start}", spread=False, ordinal=True,
            sample=lambda n, _: str(n * step + start),
        )  # fmt: skip
    rising = column.default is not None and "uuidv7" in column.default.text
    return recipe_for(kind, column.name, table.name, demands, values=given, rising=rising)
