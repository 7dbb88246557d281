"""How each column of a table that refers to nothing is made, in DuckDB's SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.generating.conditions import Bound, Demands
from planroom.generating.expectations import correlation_of, distinct_of, null_fraction, skew_of
from planroom.generating.limits import moved_moment, moved_number
from planroom.generating.mixing import Draw, permuted, zipf_rank
from planroom.generating.partitioned import counted_within, drawn_within
from planroom.generating.plan import ColumnPlan
from planroom.generating.quoting import name
from planroom.generating.recipe import Recipe
from planroom.generating.spreading import along, begins
from planroom.generating.trees import Parts
from planroom.generating.uniqueness import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planroom.generating.sketches import Sketch
    from planroom.model import Column, Table

__all__ = ["ROW", "Columns", "Made"]

ROW = "\x01"
"""Stands for the number of the row in SQL that is kept as a template."""


@dataclass
class Made:
    """A table's statement, and what others need to know of it.

    Attributes:
        rows: How many rows it has.
        columns: How each column is made.
        create: The statement.
        late: Statements to run when all tables are there.
        closed: SQL for the value of a column, from the number of its row, where nothing else is needed.
        redraw: SQL that makes a column anew: from a salt.
        shape: How its rows come about.
        notes: What could not be done as it was asked for.
    """

    rows: int
    columns: list[ColumnPlan] = field(default_factory=list)
    create: str = ""
    late: list[str] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    redraw: dict[str, Callable[[str, bool], str]] = field(default_factory=dict)
    shape: Shape = field(default_factory=Shape)
    notes: list[str] = field(default_factory=list)


class Columns:
    """The columns of a table, as far as they are made.

    Args:
        plan: What is known of the table.
        rows: How many rows.
        seed: The seed.
        parents: The referenced tables that have rows, and how they are made.
        late: The names of references that are filled when all tables are there.
    """

    def __init__(
        self,
        plan: Sketch,
        rows: int,
        seed: int,
        parents: Mapping[str, tuple[Table, Made]],
        late: frozenset[str],
    ) -> None:
        self.plan, self.table, self.rows, self.seed = plan, plan.table, rows, seed
        self.parents, self.late_names = parents, late
        sizes = {each: made.rows for each, (_, made) in parents.items()} | {plan.table.id: rows}
        self.sizes = sizes
        self.shape = plan.shape(rows, sizes)
        self.result = Made(rows, shape=self.shape)
        self.digits = {column: (divisor, size) for column, divisor, size in self.shape.digits}
        self.joins: list[str] = []
        self.indexes: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.nulls: dict[str, float] = {}
        self.how: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.numbers: dict[str, str] = {}

    def draw(self, purpose: str) -> Draw:
        """Return the numbers for one purpose in this table."""
        return Draw(self.seed, f"{self.table.id} {purpose}")

    # -- columns ---------------------------------------------------------------------------------------------------

    def _enter(self, column: str, sql: str, how: str, fraction: float, *, group: str = "", guard: str = "") -> None:
        if sql != "NULL" and fraction > 0:
            drawn = self.draw(f"{group or column} null").unit("i")
            sql = f"CASE WHEN {drawn} < {fraction!r} THEN NULL ELSE {sql} END"
        if guard and sql != "NULL":
            sql = f"CASE WHEN {guard} THEN NULL ELSE {sql} END"
        self.values[column], self.how[column], self.nulls[column] = sql, how, fraction

    def _own(self, column: Column) -> None:
        """Make a column that refers to nothing."""
        recipe, kind = self.plan.recipes[column.name], self.plan.kinds[column.name]
        if recipe is None:
            self._enter(column.name, "NULL", f"empty: planroom makes no {kind.type}", 1.0)
            return
        fraction = null_fraction(self.plan, column)
        keyed = [key for key in self.plan.keys if column.name in key.columns and not key.nulls_distinct]
        if keyed and (column.name in self.shape.injected or column.name in self.digits):
            fraction = 0.0
        value = self._value(column, recipe, "i", "")
        guard = f"i >= {recipe.capacity}" if self._runs_out(column, recipe) else ""
        self._enter(column.name, value, self._words(column, recipe), fraction, guard=guard)
        if column.name in self.shape.injected and not guard and fraction == 0 and not _named(value):
            self.result.closed[column.name] = self._value(column, recipe, ROW, "")
        if column.name not in self.shape.injected and column.name not in self.digits and kind.family != "array":
            self.result.redraw[column.name] = lambda salt, present: self._redrawn(
                column, recipe, fraction, salt, present
            )

    def _runs_out(self, column: Column, recipe: Recipe) -> bool:
        """Whether there are fewer different values than rows: then the rest is NULL, as the key allows."""
        return column.name in self.shape.injected and recipe.capacity < self.rows and column.nullable

    def _redrawn(self, column: Column, recipe: Recipe, fraction: float, salt: str, present: bool) -> str:
        value = self._value(column, recipe, "rowid", salt)
        for other, alias in self.aliases.items():
            value = value.replace(alias, name(other))
        if present or not fraction:
            return value
        drawn = self.draw(f"{column.name} null{salt}").unit("rowid")
        return f"CASE WHEN {drawn} < {fraction!r} THEN NULL ELSE {value} END"

    def _words(self, column: Column, recipe: Recipe) -> str:
        if column.name in self.shape.injected:
            return f"{recipe.what}, unique"
        if column.name in self.digits:
            return f"{recipe.what}, unique within its key"
        skew = skew_of(column, recipe)
        distinct = distinct_of(column, recipe, self.rows)
        parts = [recipe.what] + (
            [f"{distinct:,} different"] if recipe.capacity > distinct and column.annotations.distinct else []
        )
        return ", ".join([*parts, *([f"skew {skew:g}"] if skew else [])])

    def _value(self, column: Column, recipe: Recipe, row: str, salt: str) -> str:
        leaves, kind = self.plan.leaves or (), self.plan.kinds[column.name]
        bounded = drawn_within(leaves, column.name, kind, row, self.draw("partition"), self.draw(column.name))
        if bounded and column.name not in self.shape.injected:
            return bounded
        demands = self.plan.demands[column.name]
        number, most = self._number(column, recipe, row, salt)
        value = recipe.make(self._computed_once(number) if row == "i" and not salt else number, most)
        if bounded:
            value = counted_within(leaves, column.name, kind, row, self.rows) or bounded
        if demands.same_as:
            return self._named(demands.same_as[0], value)
        value = self._limited(column, demands, value, row, salt)
        return self._unlike_value(column, demands, recipe, value, row, salt)

    def _number(self, column: Column, recipe: Recipe, row: str, salt: str) -> tuple[str, int]:
        """Return SQL for the number of the value, and what it is below."""
        draw = self.draw(column.name + salt)
        if column.name in self.shape.injected:
            return row, max(self.rows, 1)
        if column.name in self.digits:
            divisor, size = self.digits[column.name]
            digit = f"l // {divisor}" if divisor > 1 else "l"
            if recipe.ordinal or not self.shape.driver:
                return f"({digit}) % {size}", min(size, max(self.rows, 1))
            return f"(({digit}) + {draw.below(size, 'b')}) % {size}", size
        distinct = distinct_of(column, recipe, self.rows)
        correlation = correlation_of(column, self.plan.kinds[column.name])
        if correlation and recipe.ordinal:
            return along(draw, row, self.rows, distinct, correlation), distinct
        skew = skew_of(column, recipe)
        rank = zipf_rank(draw.unit(row), distinct, skew)
        return (permuted(rank, distinct, draw.offset(distinct)) if skew and recipe.spread else rank), distinct

    def _computed_once(self, number: str) -> str:
        """Return a name for SQL that a value mentions many times: it stands in a layer of its own, below."""
        if number in {"i", "l"}:
            return number
        return self.numbers.setdefault(number, f"pr_n{len(self.numbers)}")

    def _named(self, column: str, otherwise: str) -> str:
        """Return SQL for another column's value in the same row."""
        return self.aliases.get(column, otherwise)

    def _limited(self, column: Column, demands: Demands, value: str, row: str, salt: str) -> str:
        """Return the value, moved between what other columns allow."""
        lows = [each for each in self._bounds(demands.lows) if each]
        highs = [each for each in self._bounds(demands.highs) if each]
        follows = self._follows(column) if not lows and not highs else ""
        if column.name in self.shape.injected or column.name in self.digits or not (lows or highs or follows):
            return value
        kind = self.plan.kinds[column.name]
        unit = self.draw(f"{column.name} after{salt}").unit(row)
        low = lows[0] if lows else follows
        if kind.temporal:
            return moved_moment(kind, value, low, highs[0] if highs else "", unit)
        return moved_number(kind, demands, value, low, highs[0] if highs else "", unit)

    def _bounds(self, bounds: Sequence[Bound]) -> list[str]:
        """Return SQL for limits that name other columns, where those are made before."""
        parts = [each.value for each in bounds if isinstance(each.value, Parts)]
        return [
            "".join(piece if isinstance(piece, str) else self.aliases[piece[0]] for piece in each.pieces)
            for each in parts
            if each.columns <= self.aliases.keys()
        ]

    def _follows(self, column: Column) -> str:
        """Return the alias of the moment that this one comes after, declared or as names have it."""
        declared = column.annotations.follows
        if declared and declared in self.aliases:
            return self.aliases[declared]
        kind = self.plan.kinds[column.name]
        if not kind.temporal or begins(column.name) or column.annotations.correlation is not None:
            return ""
        before = [
            each
            for each in self.table.columns
            if each.name in self.aliases and begins(each.name) and self.plan.kinds[each.name].family == kind.family
        ]
        return self.aliases[before[0].name] if before else ""

    def _unlike_value(self, column: Column, demands: Demands, recipe: Recipe, value: str, row: str, salt: str) -> str:
        others = [self.aliases[each] for each in demands.unlike if each in self.aliases]
        if not others or column.name in self.shape.injected:
            return value
        number, most = self._number(column, recipe, row, salt)
        following = recipe.make(f"(({number}) + 1) % {max(most, 2)}", most)
        return f"CASE WHEN ({value}) = {others[0]} THEN {following} ELSE {value} END"


def _named(sql: str) -> bool:
    """Whether SQL speaks of another column's value, or of a parent's row."""
    return bool(re.search(r"\bpr_v\d+_|\bj\d+\b|\bb\b|\bl\b", re.sub(r"'(?:[^']|'')*'", "", sql)))
