"""The rows of one table, as one statement of DuckDB's SQL."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from planroom.generating.conditions import Bound, Demands, Parts, demands_of, domain_demands
from planroom.generating.mixing import Draw, permuted, zipf_rank
from planroom.generating.plan import ColumnPlan
from planroom.generating.quoting import name, strings
from planroom.generating.recipes import EPOCH, SPAN_S, Recipe, recipe_for
from planroom.generating.uniqueness import Key, Shape, keys_of, shape_of
from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planroom.generating.bounds import Leaf
    from planroom.generating.kinds import Kind, Kinds
    from planroom.generating.references import Reference
    from planroom.model import Column, Table

__all__ = ["Made", "Sketch", "made_table", "sketch", "target"]

ROW = "\x01"
"""Stands for the number of the row in SQL that is kept as a template."""

_PATTERN = (3, 1, 5, 2, 4, 1, 8, 2, 3, 6, 1, 2, 4, 3, 1, 2)  # weights of neighbouring parents: mean 3, at most 8
_NULLS = 0.1
_RARE = frozenset("deleted removed revoked cancelled canceled closed discontinued withdrawn archived ended".split())
_FIRST_MOMENTS = frozenset(
    "created placed started start begin began opened requested ordered registered occurred given added inserted since"
    " from issued valid birth".split()
)
_ROLE_ENDS = frozenset("updated modified changed expires expired until to end".split())


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
            limited=frozenset(column for column, demands in self.demands.items() if demands.columns),
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
    recipes = {
        each.name: _recipe(held[each.name], each, table, demands[each.name]) for each in columns
    }
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
        most = max(1, (kind.high - start) // step + 1)
        return Recipe("numbered", most, lambda n, _: f"({n}) * {step} + {start}", spread=False, ordinal=True)
    rising = column.default is not None and "uuidv7" in column.default.text
    return recipe_for(kind, column.name, table.name, demands, values=given, rising=rising)


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


def target(table: Table) -> str:
    """Return the name by which DuckDB's SQL calls a table."""
    return f"{name(table.schema)}.{name(table.name)}"


def made_table(
    plan: Sketch,
    rows: int,
    seed: int,
    parents: Mapping[str, tuple[Table, Made]],
    late: frozenset[str],
) -> Made:
    """Return the statement that makes a table's rows.

    Args:
        plan: What is known of the table.
        rows: How many rows.
        seed: The seed.
        parents: The referenced tables that have rows, and how they are made; itself among them where it refers to itself.
        late: The names of references that are filled when all tables are there.
    """
    return _Table(plan, rows, seed, parents, late).made()


class _Table:
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
        return Draw(self.seed, f"{self.table.id} {purpose}")

    # -- the rows --------------------------------------------------------------------------------------------------

    def _source(self) -> str:
        """Return the rows: their numbers ``i`` and, where a parent's rows lead, its row ``b`` and the ordinal ``l``."""
        driver = self.shape.driver
        lead = self.sizes.get(driver.parent, 0) if driver else 0
        if driver is None or not lead:
            return f"(SELECT range AS i, range AS l FROM range({self.rows}))"
        first = self._first_rows(driver, lead)
        return (
            f"(SELECT b, i, i - f AS l FROM (SELECT b, f, unnest(range(f, t)) AS i FROM"
            f" (SELECT range AS b, {first('range')} AS f, {first('(range + 1)')} AS t FROM range({lead}))))"
        )

    def _first_rows(self, driver: Reference, lead: int) -> Callable[[str], str]:
        """Return SQL for the first row of a parent, from its rank: in closed form, so that rows add up exactly."""
        skew = self._skew(driver.columns[0])
        capacity = self.shape.capacity or self.rows
        if skew:
            skew = self._capped(skew, lead, capacity, driver)
        if skew:
            return lambda rank: f"CAST(floor({self.rows} * {_share(rank, lead, skew)}) AS BIGINT)"
        most = max(_PATTERN)
        if self.rows * most / (lead * sum(_PATTERN) / len(_PATTERN)) + 1 > capacity or lead < len(_PATTERN):
            return lambda rank: f"({self.rows} * {rank} // {lead})"
        total, size = sum(_PATTERN), len(_PATTERN)
        sums = [sum(_PATTERN[:end]) for end in range(size)]
        whole = lead // size * total + sums[lead % size]

        def first(rank: str) -> str:
            weight = f"({rank} // {size} * {total} + {sums}[CAST({rank} % {size} AS INTEGER) + 1])"
            return f"({self.rows} * {weight} // {whole})"

        return first

    def _capped(self, skew: float, lead: int, capacity: int, driver: Reference) -> float:
        """Return the skew, less where the hottest parent would have more rows than a key allows."""
        asked = skew
        while skew > 0 and self.rows * _top_share(lead, skew) + 1 > capacity:
            skew = round(skew - 0.05, 2) if skew > 0.05 else 0.0
        if skew < asked:
            self.result.notes.append(
                f"{driver.columns[0]}: a skew of {asked:g} would give one parent more than {capacity:,} rows,"
                f" which a key forbids; it is {max(skew, 0):g}"
            )
        return max(skew, 0.0)

    def _skew(self, column: str) -> float:
        return self.table.columns_by_name[column].annotations.skew or 0.0

    # -- references ------------------------------------------------------------------------------------------------

    def _refer(self, number: int, reference: Reference) -> None:
        fraction = self._null_fraction(self.table.columns_by_name[reference.own[0]], optional=reference.optional)
        own, key = reference.own, f"j{number}"
        parent = self.parents.get(reference.parent)
        if parent is None or parent[1].rows == 0 or (reference.name in self.late_names):
            for column in own:
                self._enter(column, "NULL", f"empty: {reference.parent} has no rows yet", 1.0)
            if parent is not None and reference.name in self.late_names:
                self._refer_late(reference, parent, fraction)
            return
        table, made = parent
        itself = reference.parent == self.table.id
        if itself and self.rows < 2 and reference.optional:
            fraction = 1.0
        self.indexes[key] = self._parent_row(reference, itself)
        closed = {column: made.closed.get(other) for column, other in self._pairs(reference)}
        if itself and not all(closed.values()):
            for column in own:
                self._enter(column, "NULL", "filled when the rows are there", 1.0)
            self._refer_late(reference, parent, fraction)
            return
        guard = "i = 0" if itself and reference.optional else ""  # the first row has no row before it
        if reference in self.shape.matched and self.rows > self.sizes[reference.parent]:
            guard = f"i >= {self.sizes[reference.parent]}"  # each of the parent's rows has been referred to
        joined = []
        for place, (column, other) in enumerate(self._pairs(reference)):
            template = closed[column]
            value = template.replace(ROW, key) if template else f"{key}k{place}"
            joined += [] if template else [f"{name(other)} AS {value}"]
            how = self._reference_words(reference, table)
            self._enter(column, value, how, fraction, group=reference.name, guard=guard)
        if joined:
            self.joins.append(
                f"LEFT JOIN (SELECT rowid AS {key}r, {', '.join(joined)} FROM {target(table)}) ON {key}r = {key}"
            )
        if reference.shared:
            self.result.notes.append(
                f"{reference.name}: {', '.join(reference.shared)} is shared with another foreign key"
            )

    def _pairs(self, reference: Reference) -> list[tuple[str, str]]:
        pairs = zip(reference.columns, reference.referenced, strict=True)
        return [(column, other) for column, other in pairs if column in reference.own]

    def _reference_words(self, reference: Reference, table: Table) -> str:
        if reference is self.shape.driver:
            return f"leads: rows for each of {table.id}"
        if reference in self.shape.matched:
            return f"each of {table.id} at most once"
        skew = self._skew(reference.columns[0])
        return f"refers to {table.id}" + (f", skew {skew:g}" if skew else "")

    def _parent_row(self, reference: Reference, itself: bool) -> str:
        """Return SQL for the number of the parent's row."""
        size, column = self.sizes[reference.parent], reference.columns[0]
        draw = self.draw(f"{reference.name} row")
        shift = draw.offset(size)
        if reference is self.shape.driver:
            return permuted("b", size, shift) if self._skew(column) else "b"
        if reference in self.shape.matched:
            return "i" if itself else permuted("i", size, shift)
        if column in self.digits:
            divisor, _ = self.digits[column]
            digit = f"l // {divisor}" if divisor > 1 else "l"
            lead = "b" if self.shape.driver else "0"
            start = zipf_rank(draw.unit(lead), size, self._skew(column))
            return permuted(f"(({start}) + {digit}) % {size}", size, shift)
        if itself:
            return f"CAST(floor({draw.unit('i')} * greatest(i, 1)) AS BIGINT)"
        rank = zipf_rank(draw.unit("i"), size, self._skew(column))
        row = permuted(rank, size, shift)
        return self._another(row, size, self._unlike(column))

    def _unlike(self, column: str) -> list[str]:
        """Return the indexes of references to the same table that this column has to differ from."""
        wanted = {*self.plan.demands.get(column, Demands()).unlike}
        wanted |= {each for each, demands in self.plan.demands.items() if column in demands.unlike}
        return [
            f"j{number}"
            for number, each in enumerate(self.plan.references)
            if f"j{number}" in self.indexes and wanted & {*each.columns}
        ]

    def _another(self, row: str, size: int, others: list[str]) -> str:
        if not others or size < 2:
            return row
        return f"CASE WHEN ({row}) = {others[0]} THEN (({row}) + 1) % {size} ELSE ({row}) END"

    def _refer_late(self, reference: Reference, parent: tuple[Table, Made], fraction: float) -> None:
        itself = reference.parent == self.table.id
        size = self.sizes[reference.parent] or 1
        draw = self.draw(f"{reference.name} row")
        row = (
            f"CAST(floor({draw.unit('t.rowid')} * greatest(t.rowid, 1)) AS BIGINT)"
            if itself
            else permuted("t.rowid % " + str(size), size, draw.offset(size))
            if reference in self.shape.matched
            else permuted(zipf_rank(draw.unit("t.rowid"), size, self._skew(reference.columns[0])), size, draw.offset(size))
        )
        kept = f"{self.draw(f'{reference.name} null').unit('t.rowid')} >= {fraction!r}"
        kept += " AND t.rowid > 0" if itself else ""
        kept += f" AND t.rowid < {size}" if reference in self.shape.matched else ""
        assigned = ", ".join(f"{name(column)} = p.{name(other)}" for column, other in self._pairs(reference))
        self.result.late.append(
            f"UPDATE {target(self.table)} AS m SET {assigned} FROM (SELECT t.rowid AS r, {row} AS j"
            f" FROM {target(self.table)} AS t WHERE {kept}) AS d JOIN {target(parent[0])} AS p ON p.rowid = d.j"
            " WHERE m.rowid = d.r"
        )
        for column in reference.own:
            self.how[column] = f"refers to {reference.parent}, filled last"
            self.nulls[column] = fraction

    # -- columns ---------------------------------------------------------------------------------------------------

    def _null_fraction(self, column: Column, *, optional: bool | None = None) -> float:
        demands, kind = self.plan.demands.get(column.name, Demands()), self.plan.kinds.get(column.name)
        nullable = column.nullable and (kind is None or kind.nullable) if optional is None else optional
        if demands.absent and nullable:
            return 1.0
        if not nullable or demands.present:
            return 0.0
        if column.annotations.null_fraction is not None:
            return column.annotations.null_fraction
        return 0.8 if {*words_of(column.name)} & _RARE else _NULLS

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
        fraction = self._null_fraction(column)
        keyed = [key for key in self.plan.keys if column.name in key.columns and not key.nulls_distinct]
        if keyed and (column.name in self.shape.injected or column.name in self.digits):
            fraction = 0.0
        value = self._value(column, recipe, "i", "")
        guard = f"i >= {recipe.capacity}" if self._runs_out(column, recipe) else ""
        self._enter(column.name, value, self._words(column, recipe), fraction, guard=guard)
        if column.name in self.shape.injected and not guard and fraction == 0 and not _named(value):
            self.result.closed[column.name] = self._value(column, recipe, ROW, "")
        if column.name not in self.shape.injected and column.name not in self.digits and kind.family != "array":
            self.result.redraw[column.name] = lambda salt, present: self._redrawn(column, recipe, fraction, salt, present)

    def _runs_out(self, column: Column, recipe: Recipe) -> bool:
        """Whether there are fewer different values than rows: then the rest is NULL, as the key allows."""
        return column.name in self.shape.injected and recipe.capacity < self.rows and column.nullable

    def _redrawn(self, column: Column, recipe: Recipe, fraction: float, salt: str, present: bool) -> str:
        value = self._value(column, recipe, "rowid", salt)
        for other, alias in self.aliases.items():
            value = value.replace(alias, name(other))
        if present or not fraction:
            return value
        return f"CASE WHEN {self.draw(f'{column.name} null{salt}').unit('rowid')} < {fraction!r} THEN NULL ELSE {value} END"

    def _words(self, column: Column, recipe: Recipe) -> str:
        if column.name in self.shape.injected:
            return f"{recipe.what}, unique"
        if column.name in self.digits:
            return f"{recipe.what}, unique within its key"
        skew = self._column_skew(column, recipe)
        distinct = self._distinct(column, recipe)
        parts = [recipe.what] + ([f"{distinct:,} different"] if recipe.capacity > distinct and column.annotations.distinct else [])
        return ", ".join([*parts, *([f"skew {skew:g}"] if skew else [])])

    def _column_skew(self, column: Column, recipe: Recipe) -> float:
        return recipe.skew if column.annotations.skew is None else column.annotations.skew

    def _distinct(self, column: Column, recipe: Recipe) -> int:
        wanted = column.annotations.distinct
        if wanted is not None and wanted > 0:
            number = round(wanted * self.rows) if wanted < 1 else round(wanted)
        else:
            number = recipe.distinct or self.rows
        return max(1, min(number, recipe.capacity))

    def _value(self, column: Column, recipe: Recipe, row: str, salt: str) -> str:
        bounded = self._in_leaf(column, row)
        if bounded and column.name not in self.shape.injected:
            return bounded
        demands = self.plan.demands[column.name]
        number, most = self._number(column, recipe, row, salt)
        value = recipe.make(self._computed_once(number) if row == "i" and not salt else number, most)
        if bounded:
            value = self._injected_in_leaf(column, row) or bounded
        if demands.same_as:
            return self._named(demands.same_as[0], value)
        value = self._limited(column, demands, recipe, value, row, salt)
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
        distinct = self._distinct(column, recipe)
        correlation = column.annotations.correlation
        if correlation is None and self.plan.kinds[column.name].temporal and _begins(column.name):
            correlation = 1.0
        if correlation and recipe.ordinal:
            return _along(draw, row, self.rows, distinct, correlation), distinct
        skew = self._column_skew(column, recipe)
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

    def _limited(
        self, column: Column, demands: Demands, recipe: Recipe, value: str, row: str, salt: str
    ) -> str:
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
            return _moved_moment(kind, value, low, highs[0] if highs else "", unit)
        return _moved_number(kind, demands, value, low, highs[0] if highs else "", unit)

    def _bounds(self, bounds: Sequence[Bound]) -> list[str]:
        """Return SQL for limits that name other columns, where those are made before."""
        found = []
        for each in bounds:
            if isinstance(each.value, Parts) and all(column in self.aliases for column in each.value.columns):
                found.append(
                    "".join(piece if isinstance(piece, str) else self.aliases[piece[0]] for piece in each.value.pieces)
                )
        return found

    def _follows(self, column: Column) -> str:
        """Return the alias of the moment that this one comes after, declared or as names have it."""
        declared = column.annotations.follows
        if declared and declared in self.aliases:
            return self.aliases[declared]
        kind = self.plan.kinds[column.name]
        if not kind.temporal or _begins(column.name) or column.annotations.correlation is not None:
            return ""
        before = [
            each
            for each in self.table.columns
            if each.name in self.aliases and _begins(each.name) and self.plan.kinds[each.name].family == kind.family
        ]
        return self.aliases[before[0].name] if before else ""

    def _unlike_value(
        self, column: Column, demands: Demands, recipe: Recipe, value: str, row: str, salt: str
    ) -> str:
        others = [self.aliases[each] for each in demands.unlike if each in self.aliases]
        if not others or column.name in self.shape.injected:
            return value
        number, most = self._number(column, recipe, row, salt)
        return f"CASE WHEN ({value}) = {others[0]} THEN {recipe.make(f'(({number}) + 1) % {max(most, 2)}', most)} ELSE {value} END"

    # -- partitions ------------------------------------------------------------------------------------------------

    def _in_leaf(self, column: Column, row: str) -> str:
        """Return SQL for a value within the bounds of the partition that a row is meant for; empty for no bounds."""
        found = self.plan.leaves or ()
        ranges = [next((r for r in leaf.ranges if r[0] == column.name), None) for leaf in found]
        lists = [next((r for r in leaf.lists if r[0] == column.name), None) for leaf in found]
        if not any(ranges) and not any(lists):
            return ""
        leaf = self.draw("partition").below(len(found), row)
        kind = self.plan.kinds[column.name]
        place = f"[CAST({leaf} AS INTEGER) + 1]"
        if any(lists):
            options = ", ".join(strings(each[1] if each else ("",)) for each in lists)
            one = f"[{options}]{place}"
            chosen = f"{one}[CAST(floor({self.draw(column.name).unit(row)} * len({one})) AS INTEGER) + 1]"
            return f"CAST({chosen} AS {kind.stored})"
        if kind.family not in {"integer", "timestamp", "timestamptz", "date"}:
            return ""
        lows, widths = zip(*(_extent(each[1] if each else None, each[2] if each else None, kind) for each in ranges), strict=True)
        offset = f"floor({self.draw(column.name).unit(row)} * {list(widths)}{place})"
        return _from_offset(f"{list(lows)}{place} + CAST({offset} AS BIGINT)", kind)

    def _injected_in_leaf(self, column: Column, row: str) -> str:
        """Return SQL for a unique value within the widest bounds, where rows fit in there."""
        kind = self.plan.kinds[column.name]
        ranges = [r for leaf in self.plan.leaves or () for r in leaf.ranges if r[0] == column.name]
        if not ranges or kind.family not in {"integer", "timestamp", "timestamptz", "date"}:
            return ""
        low, width = max((_extent(low, high, kind) for _, low, high in ranges), key=lambda each: each[1])
        step = max(1, width // max(self.rows, 1))
        return _from_offset(f"{low} + ({row}) * {step}", kind)

    # -- the statement ---------------------------------------------------------------------------------------------

    def made(self) -> Made:
        """Return the table."""
        self._prepare_itself()
        for number, reference in enumerate(self.plan.references):
            self._refer(number, reference)
        lines = []
        for position, column in enumerate(self._in_order()):
            if column.name not in self.values:
                self._own(column)
            kind = self.plan.kinds[column.name]
            lines.append(f"CAST({self.values[column.name]} AS {kind.stored}) AS pr_v{position}_")
            self.aliases[column.name] = f"pr_v{position}_"
        self.result.create = self._statement(lines)
        for column in self.table.columns:
            if not column.generated:
                kind = self.plan.kinds[column.name]
                self.result.columns.append(
                    ColumnPlan(
                        column.name, self.how[column.name], kind.stored, kind.family, str(column.type), kind.type.name,
                        self.nulls[column.name], column.nullable,
                    )
                )  # fmt: skip
        return self.result

    def _prepare_itself(self) -> None:
        """Let references to the table itself know how its keys are made, which are made after them."""
        if self.table.id in self.parents:
            wanted = {other for each in self.plan.references if each.parent == self.table.id for other in each.referenced}
            closed = {}
            for column in self.table.columns:
                recipe = self.plan.recipes.get(column.name)
                plain = recipe and column.name in self.shape.injected and column.name not in self.plan.referring
                if column.name in wanted and recipe and plain and not self.plan.leaves:
                    closed[column.name] = recipe.make(ROW, max(self.rows, 1))
            self.parents = {**self.parents, self.table.id: (self.table, Made(self.rows, closed=closed))}

    def _in_order(self) -> list[Column]:
        """Return the columns so that each comes after those that limit it."""
        columns = {each.name: each for each in self.table.columns if not each.generated}
        waiting = sorted(columns, key=lambda each: (each not in self.values, not _begins(each)))
        found: list[Column] = []
        done: set[str] = set()
        while waiting:
            ready = next((each for each in waiting if self._before(columns[each]) & columns.keys() <= done | {each}), waiting[0])
            waiting.remove(ready)
            done.add(ready)
            found.append(columns[ready])
        return found

    def _before(self, column: Column) -> frozenset[str]:
        if column.name in self.values:
            return frozenset()
        follows = frozenset({column.annotations.follows} - {""})
        return self.plan.demands[column.name].columns | follows

    def _statement(self, lines: list[str]) -> str:
        rows = self._source()
        if self.indexes:
            chain = rows
            for key, sql in self.indexes.items():
                chain = f"(SELECT *, {sql} AS {key} FROM {chain})"
            rows = chain
        if self.numbers:
            layer = ", ".join(f"{sql} AS {alias}" for sql, alias in self.numbers.items())
            rows = f"(SELECT *, {layer} FROM {rows})"
        positions = {column.name: position for position, column in enumerate(self._in_order_cached)}
        shown = ", ".join(
            f"pr_v{positions[each.name]}_ AS {name(each.name)}" for each in self.table.columns if not each.generated
        )
        inner = ", ".join(["i", *lines])
        joins = " ".join(self.joins)
        order = " ORDER BY i" if self.joins else ""
        return f"CREATE TABLE {target(self.table)} AS SELECT {shown} FROM (SELECT {inner} FROM {rows} {joins}){order}"

    @property
    def _in_order_cached(self) -> list[Column]:
        return sorted(
            (self.table.columns_by_name[each] for each in self.aliases), key=lambda each: int(self.aliases[each.name][4:-1])
        )


def _named(sql: str) -> bool:
    """Whether SQL speaks of another column's value, or of a parent's row."""
    import re

    return bool(re.search(r"\bpr_v\d+_|\bj\d+\b|\bb\b|\bl\b", re.sub(r"'(?:[^']|'')*'", "", sql)))


def _share(rank: str, size: int, skew: float) -> str:
    """Return SQL for the share of rows that the ranks below one have, by a Zipf distribution's cumulative function."""
    if math.isclose(skew, 1.0, abs_tol=1e-9):
        return f"least(1.0, ln({rank} + 1.0) / {math.log(size + 1.0)!r})"
    power = 1.0 - skew
    return f"least(1.0, (pow({rank} + 1.0, {power!r}) - 1.0) / {math.pow(size + 1.0, power) - 1.0!r})"


def _top_share(size: int, skew: float) -> float:
    if math.isclose(skew, 1.0, abs_tol=1e-9):
        return math.log(2) / math.log(size + 1.0)
    power = 1.0 - skew
    return (2**power - 1) / ((size + 1.0) ** power - 1)


def _begins(column: str) -> bool:
    words = words_of(column)
    return bool({*words} & _FIRST_MOMENTS) and not {*words} & _ROLE_ENDS


def _along(draw: Draw, row: str, rows: int, distinct: int, correlation: float) -> str:
    """Return SQL for a number that rises (or falls) with the row, the less so the smaller the correlation is.

    The weight ``w`` of chance in ``(1 - w) * row + w * chance`` gives a correlation of (1 - w) / sqrt((1 - w)^2 + w^2)
    for two uniform parts.
    """
    strength = min(abs(correlation), 1.0)
    ratio = math.sqrt(1 / strength**2 - 1) if strength > 0 else 0.0
    chance = ratio / (1 + ratio)
    place = f"({row} / {max(rows, 1)}.0::DOUBLE)"
    if correlation < 0:
        place = f"(1.0 - {place})"
    if chance:
        place = f"({1 - chance!r} * {place} + {chance!r} * {draw.unit(row)})"
    return f"least({distinct - 1}, CAST(floor({place} * {distinct}) AS BIGINT))"


_AFTER_S = 60 * 86_400


def _moved_moment(kind: Kind, value: str, low: str, high: str, unit: str) -> str:
    """Return a moment after ``low``, or before ``high``, or between them; the value itself where they are empty."""
    if kind.family == "date":
        step = f"1 + CAST(floor({unit} * 60) AS INTEGER)"
        after, before = f"CAST({low} AS DATE) + {step}", f"CAST({high} AS DATE) - ({step})"
        between = f"CAST({low} AS DATE) + CAST(floor({unit} * greatest(1, CAST({high} AS DATE) - CAST({low} AS DATE))) AS INTEGER)"
    else:
        step = f"to_seconds(1 + CAST(floor(pow({unit}, 2) * {_AFTER_S}) AS BIGINT))"
        after, before = f"{low} + {step}", f"{high} - {step}"
        between = (
            f"{low} + to_microseconds(CAST(floor({unit} * greatest(1, epoch_us({high}) - epoch_us({low}))) AS BIGINT))"
        )
    moved = between if low and high else after if low else before
    return f"coalesce({moved}, {value})"


def _moved_number(kind: Kind, demands: Demands, value: str, low: str, high: str, unit: str) -> str:
    step = f"{10.0**-kind.scale!r}" if kind.family == "decimal" else "1" if kind.family == "integer" else "0.001"
    constant_lows = [each for each in demands.lows if isinstance(each.value, str)]
    least = constant_lows[0].value if constant_lows else ""
    if low and not high:
        moved = f"({low}) + {step} * (1 + CAST(floor({unit} * 100) AS BIGINT))"
    elif high and not low and not least:
        moved = f"({high}) - {step} * (1 + CAST(floor({unit} * 100) AS BIGINT))"
    else:
        floor_ = low or f"{least}"
        moved = f"({floor_}) + floor({unit} * (({high}) - ({floor_})) / {step}) * {step}"
        exclusive = any(not each.inclusive for each in demands.lows)
        moved = f"{moved} + {step}" if exclusive else moved
    return f"coalesce(CAST({moved} AS {kind.stored}), {value})"


_DAY_US = 86_400_000_000


def _extent(low: str | None, high: str | None, kind: Kind) -> tuple[int, int]:
    """Return where a range begins, and how wide it is: whole numbers, days or microseconds."""
    unit = {"integer": 1_000_000, "date": 365}.get(kind.family, 365 * _DAY_US)
    start, end = _place(low, kind), _place(high, kind)
    if start is None and end is None:
        start = {"integer": 1, "date": 19358}.get(kind.family, int((EPOCH.timestamp())) * 1_000_000)
        return start, unit if kind.family != "date" else SPAN_S // 86_400
    if start is None and end is not None:
        start = end - unit
    if end is None and start is not None:
        end = start + unit
    return int(start or 0), max(1, int(end or 0) - int(start or 0))


def _place(text: str | None, kind: Kind) -> int | None:
    import datetime

    if text is None:
        return None
    if kind.family == "integer":
        return int(float(text))
    moment = datetime.datetime.fromisoformat(text.strip())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    days = (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) / datetime.timedelta(microseconds=1)
    return int(days) // _DAY_US if kind.family == "date" else int(days)


def _from_offset(offset: str, kind: Kind) -> str:
    if kind.family == "integer":
        return offset
    if kind.family == "date":
        return f"DATE '1970-01-01' + CAST({offset} AS INTEGER)"
    moment = f"make_timestamp(CAST({offset} AS BIGINT))"
    return f"CAST({moment} AS TIMESTAMPTZ)" if kind.family == "timestamptz" else moment
