"""The rows of one table, as one statement of DuckDB's SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.generating.columns import ROW, Columns, Made
from planroom.generating.conditions import Demands
from planroom.generating.expectations import null_fraction
from planroom.generating.mixing import permuted, zipf_rank
from planroom.generating.plan import ColumnPlan
from planroom.generating.quoting import name
from planroom.generating.spreading import begins, first_rows, top_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.generating.references import Reference
    from planroom.generating.sketches import Sketch
    from planroom.model import Column, Table

__all__ = ["made_table", "target"]


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
        parents: The referenced tables that have rows, and how they are made; itself among them where it
            refers to itself.
        late: The names of references that are filled when all tables are there.
    """
    return _Table(plan, rows, seed, parents, late).made()


class _Table(Columns):
    """A table, with what refers to others."""

    # -- the rows --------------------------------------------------------------------------------------------------

    def _source(self) -> str:
        """Return the rows: their numbers ``i`` and, where a parent's rows lead, its row ``b`` and the ordinal ``l``."""
        driver = self.shape.driver
        lead = self.sizes.get(driver.parent, 0) if driver else 0
        if driver is None or not lead:
            return f"(SELECT range AS i, range AS l FROM range({self.rows}))"
        capacity = self.shape.capacity or self.rows
        skew = self._capped(self._skew(driver.columns[0]), lead, capacity, driver)
        first = first_rows(self.rows, lead, capacity, skew)
        return (
            f"(SELECT b, i, i - f AS l FROM (SELECT b, f, unnest(range(f, t)) AS i FROM"
            f" (SELECT range AS b, {first('range')} AS f, {first('(range + 1)')} AS t FROM range({lead}))))"
        )

    def _capped(self, skew: float, lead: int, capacity: int, driver: Reference) -> float:
        """Return the skew, less where the hottest parent would have more rows than a key allows."""
        asked = skew
        while skew > 0 and self.rows * top_share(lead, skew) + 1 > capacity:
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
        fraction = null_fraction(self.plan, self.table.columns_by_name[reference.own[0]], optional=reference.optional)
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
            kept = not self.table.columns_by_name[column].nullable  # of a reference that another column leaves empty
            share, unless = (0.0, "") if kept else (fraction, guard)
            self._enter(column, value, how, share, group=reference.name, guard=unless)
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
            else permuted(
                zipf_rank(draw.unit("t.rowid"), size, self._skew(reference.columns[0])), size, draw.offset(size)
            )
        )
        kept = f"{self.draw(f'{reference.name} null').unit('t.rowid')} >= {fraction!r}"
        kept += " AND t.rowid > 0" if itself and reference.optional else ""
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
            wanted = {
                other for each in self.plan.references if each.parent == self.table.id for other in each.referenced
            }
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
        waiting = sorted(columns, key=lambda each: (each not in self.values, not begins(each)))
        found: list[Column] = []
        done: set[str] = set()
        while waiting:
            ready = next(
                (each for each in waiting if self._before(columns[each]) & columns.keys() <= done | {each}), waiting[0]
            )
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
            (self.table.columns_by_name[each] for each in self.aliases),
            key=lambda each: int(self.aliases[each.name][4:-1]),
        )
