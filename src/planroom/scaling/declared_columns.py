"""What the values of a table's columns are by declaration: the same sketch that rows are made of, without the rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.generating.conditions import Demands
from planroom.generating.expectations import correlation_of, distinct_of, followed, null_fraction, skew_of
from planroom.generating.mixing import Draw, permuted_number
from planroom.scaling.computed import SECONDS_SUFFICE, Computed, bounded_values, following_moments, within_partitions
from planroom.scaling.described import Described, column_statistics, counted, drawn
from planroom.scaling.distributions import Zipf, hits
from planroom.scaling.references import per_parent, referring
from planroom.scaling.value_widths import mean_width

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.generating.recipe import Recipe
    from planroom.generating.references import Reference
    from planroom.generating.sketches import Sketch
    from planroom.generating.uniqueness import Shape
    from planroom.model import Column, ObjectId
    from planroom.scaling.statistics import ColumnStatistics
    from planroom.scaling.type_layouts import Layouts

__all__ = ["DeclaredTable"]

_SEED = 0


class DeclaredTable:
    """The columns of one table, described.

    Args:
        plan: What is known of the table before rows are counted.
        rows: How many rows it has.
        parents: The tables that it refers to, as far as they are described; itself never.
        sizes: Rows by table id.
        layouts: How types are stored.

    Attributes:
        columns: The statistics, by column.
        said: What was assumed: the words, and the columns that they hold for.
    """

    def __init__(
        self,
        plan: Sketch,
        rows: float,
        parents: Mapping[ObjectId, DeclaredTable],
        sizes: Mapping[ObjectId, float],
        layouts: Layouts,
    ) -> None:
        self.plan, self.rows, self.parents, self.layouts = plan, max(int(rows), 0), parents, layouts
        self.sizes = {each.parent: max(int(sizes[each.parent]), 0) for each in plan.references if each.parent in sizes}
        self.sizes[plan.table.id] = self.rows
        self.shape: Shape = plan.shape(self.rows, self.sizes)
        self.digits = {column: (divisor, size) for column, divisor, size in self.shape.digits}
        self.described: dict[str, Described] = {}
        self.nulls: dict[str, float] = {}
        self.said: dict[str, list[str]] = defaultdict(list)
        self.computed: dict[str, Computed] = {}
        self._describe()
        self.columns: dict[str, ColumnStatistics] = {
            each.name: self._statistics(each) for each in plan.table.columns if each.name in self.described
        }

    def draw(self, purpose: str) -> Draw:
        """Return the numbers for one purpose, as `planroom.generating` draws them."""
        return Draw(_SEED, f"{self.plan.table.id} {purpose}")

    def value_of(self, column: str) -> Callable[[int], str] | None:
        """Return what gives a column's value from the number of its row; None where other things decide."""
        recipe = self.plan.recipes.get(column)
        if column not in self.shape.injected or recipe is None or recipe.sample is None:
            return None
        if self.nulls.get(column):
            return None
        sample, most = recipe.sample, max(self.rows, 1)
        return lambda number: sample(number, most)

    # -- in the order in which values depend on each other -----------------------------------------------------------

    def _describe(self) -> None:
        for reference in self.plan.references:
            self._refer(reference)
        waiting = [each for each in self.plan.table.columns if not each.generated and each.name not in self.described]
        while waiting:
            ready = [each for each in waiting if not self._before(each) & {other.name for other in waiting}]
            for column in ready or waiting[:1]:
                self._own(column)
                waiting.remove(column)

    def _before(self, column: Column) -> set[str]:
        return ({followed(self.plan, column)} | self.plan.demands[column.name].columns) - {"", column.name}

    def _refer(self, reference: Reference) -> None:
        nulls = null_fraction(self.plan, self.plan.table.columns_by_name[reference.own[0]], optional=reference.optional)
        size = self.sizes.get(reference.parent, 0)
        parent = self.parents.get(reference.parent)
        if reference in self.shape.matched and self.rows > size:
            nulls = max(nulls, 1 - size / max(self.rows, 1))
        for column, other in zip(reference.columns, reference.referenced, strict=True):
            if column not in reference.own:
                continue
            kept = not self.plan.table.columns_by_name[column].nullable
            self.nulls[column] = 0.0 if kept else nulls
            self.described[column] = referring(self, reference, parent, column, other, self.rows * (1 - nulls))

    def _own(self, column: Column) -> None:
        """Describe a column that refers to nothing."""
        name = column.name
        recipe, kind = self.plan.recipes[name], self.plan.kinds[name]
        self.nulls[name] = null_fraction(self.plan, column)
        if recipe is None:
            self.nulls[name] = 1.0 if column.nullable else 0.0
            self.described[name] = Described(distinct=1.0)
            self.said["planroom makes up no values of this type"].append(name)
            return
        present = self.rows * (1 - self.nulls[name])
        if self._keyed(name):
            self.nulls[name] = 0.0
        found = self._limited(column, present)
        self.described[name] = found or self._drawn(column, recipe, present)
        if column.nullable and column.annotations.null_fraction is None and self.nulls[name]:
            self.said[f"{self.nulls[name]:.0%} are NULL"].append(name)
        if kind.family == "array":
            self.said["arrays of one or two values"].append(name)

    def _keyed(self, name: str) -> bool:
        keyed = any(name in key.columns and not key.nulls_distinct for key in self.plan.keys)
        return keyed and (name in self.shape.injected or name in self.digits)

    def _limited(self, column: Column, present: float) -> Described | None:
        """Describe a column whose values other columns, or the bounds of partitions, limit; None for any other."""
        name, kind = column.name, self.plan.kinds[column.name]
        if self.plan.leaves:
            found = within_partitions(self.plan.leaves, name, kind, present)
            if found:
                self.computed[name] = found[0]
                return found[1]
        if name in self.shape.injected or name in self.digits:
            return None
        demands = self.plan.demands.get(name, Demands())
        base = followed(self.plan, column)
        if demands.columns:
            made = bounded_values(kind, demands, self.computed, present)
            first = min(demands.columns)
            if made and kind.temporal and first in self.computed:
                followed_by = made[0].related(self.computed[first]) * self.described[first].correlation
                made = (made[0], replace(made[1], correlation=followed_by))
        elif base in self.computed and kind.temporal:
            made = following_moments(kind, self.computed[base], present, self.described[base].correlation)
        else:
            return None
        if made is None:
            return None
        self.computed[name] = made[0]
        return made[1]

    def _drawn(self, column: Column, recipe: Recipe, present: float) -> Described:
        name, kind = column.name, self.plan.kinds[column.name]
        if name in self.shape.injected:
            return self._counted(name, recipe)
        if name in self.digits:
            divisor, size = self.digits[name]
            return per_parent(self, recipe, kind, divisor, size, present)
        distinct, skew = self._different(column, recipe), skew_of(column, recipe)
        correlation = correlation_of(column, kind)
        along = bool(correlation) and recipe.ordinal
        distribution = Zipf(distinct, 0.0 if along else skew)
        mixed = bool(skew) and recipe.spread and not along
        shift = self.draw(name).offset(distinct)
        sample = recipe.sample

        def text(number: int) -> str:
            place = permuted_number(number, distinct, shift) if mixed else number
            return sample(place, distinct) if sample else ""

        if sample is not None and recipe.ordinal and not mixed:
            self.computed[name] = Computed.of(kind, text, distribution)
        self._say_default(column, recipe, distinct)
        return drawn(
            distribution,
            present,
            text if sample else None,
            kind,
            ordered=recipe.ordinal and not mixed,
            correlation=correlation if along else None,
        )

    def _different(self, column: Column, recipe: Recipe) -> int:
        """Return from how many values a column's are drawn; moments are whole seconds while these are many."""
        found = distinct_of(column, recipe, self.rows)
        exact = self.plan.kinds[column.name].family in {"timestamp", "timestamptz"}
        if exact and column.annotations.distinct is None and self.rows > SECONDS_SUFFICE * found:
            return recipe.capacity
        return found

    def _counted(self, name: str, recipe: Recipe) -> Described:
        most, sample = max(self.rows, 1), recipe.sample
        if recipe.capacity < self.rows:
            self.said["its type has no number for every row: keys are as many as there are numbers"].append(name)
        rows = min(self.rows, recipe.capacity)
        text = (lambda number: sample(number, most)) if sample else None
        found = counted(rows, text, self.plan.kinds[name], ordered=recipe.ordinal)
        if text and recipe.ordinal:
            self.computed[name] = Computed.of(self.plan.kinds[name], text, Zipf(max(rows, 1)))
        return found

    def _say_default(self, column: Column, recipe: Recipe, distinct: int) -> None:
        if column.annotations.distinct is None and column.annotations.values == "":
            known = distinct != self.rows and hits(Zipf(distinct), self.rows) < 0.9 * self.rows
            self.said[f"{recipe.what}: {distinct:,} different" if known else f"{recipe.what}, any"].append(column.name)

    # -- as the server keeps it --------------------------------------------------------------------------------------

    def _statistics(self, column: Column) -> ColumnStatistics:
        found = self.described[column.name]
        layout = self.layouts.of(column.type)
        shown = [*found.histogram, *(each for each, _ in found.common)]
        width = mean_width(layout, shown)
        place = (self.plan.table.schema, self.plan.table.name, column.name)
        return column_statistics(place, found, float(self.rows), self.nulls[column.name], width)
