"""SCH008."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.column_edits import retyped
from planroom.linting.schemas import Design, SchemaRule
from planroom.linting.types import INTEGER_RANGES
from planroom.model.growth import months_until
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Edit, Finding
    from planroom.model import Column, Table

__all__ = ["IntegerKeyRunsOut"]

_SHARE = 0.25  # of the range: a table that grows reaches the end from there within its life
_URGENT_SHARE = 0.5
_SOON_MONTHS, _URGENT_MONTHS = 36, 12  # time to plan, and to carry out, a rewrite of the key and all that refer to it


class IntegerKeyRunsOut(SchemaRule):
    """The numbers of a key come to an end while the table still grows.

    At the end of its range every INSERT fails. Numbers of rolled back and deleted rows are gone as well, so the end
    comes sooner than the number of rows says. The rule goes by the rows and the growth that are declared or handed in.
    """

    code = "SCH008"
    severity = Severity.WARNING
    effect = Effect.FAILS
    fix = "Make the key bigint now, and the columns that refer to it: later that rewrites each of the tables."
    source = "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT"
    notes: ClassVar[dict[str, dict[str, object]]] = {
        "many": {"rows": 2_000_000_000, "growth": "5% per month"},
        "growing": {"rows": 400_000_000, "growth": "60M per month"},
        "few": {"rows": 4000, "growth": "1% per year"},
    }
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE many (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        "CREATE TABLE growing (id serial PRIMARY KEY);",
        "CREATE TABLE few (id smallserial PRIMARY KEY); CREATE TABLE many (id int PRIMARY KEY);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE many (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        "CREATE TABLE few (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
        "CREATE TABLE unknown (id int PRIMARY KEY);",
        "CREATE TABLE many (a int, b int, PRIMARY KEY (a, b));",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the integer keys that the declared rows bring near their end."""
        for table in design.tables:
            key, rows = table.primary_key, design.rows_of(table.id)
            column = table.columns_by_name.get(key.columns[0]) if key and len(key.columns) == 1 else None
            largest = INTEGER_RANGES.get(design.types.base(column.type).name) if column else None
            if column and largest and rows:
                yield from self._judged(design, table, column, rows, largest)

    def _judged(self, design: Design, table: Table, column: Column, rows: float, largest: int) -> Iterator[Finding]:
        share, months = rows / largest, months_until(largest, rows, table.annotations.growth)
        if share < _SHARE and (months is None or months > _SOON_MONTHS):
            return
        urgent = share >= _URGENT_SHARE or (months is not None and months <= _URGENT_MONTHS)
        end = "" if months is None else f"; at {table.annotations.growth} they are gone in {_told(months)}"
        found = self.found_in_column(
            f"{table.id} is to hold {format_count(rows)} rows, and its key {column.name} is {column.type.short}: "
            f"{share:.0%} of {format_count(largest)} numbers{end}",
            table,
            column,
            severity=Severity.ERROR if urgent else None,
            rows=rows,
            largest=largest,
            **({"months": round(months, 1)} if months is not None else {}),
        )
        yield found.with_edits(_edits(design, table, column))


def _edits(design: Design, table: Table, column: Column) -> tuple[Edit, ...]:
    """Return bigint for the key, and for each column that refers to it; none where one of them cannot be told."""
    referring = [relation for relation in design.children.get(table.id, ()) if relation.child != table.id]
    if column.default is not None or any(len(each.columns) != 1 for each in design.children.get(table.id, ())):
        return ()
    found = [retyped(design, table, column, "bigint", tied=True)]
    for each in referring:
        child = design.model.tables_by_id[each.child]
        if (
            child.id in design.children
            or len([key for key in child.foreign_keys if each.columns[0] in key.columns]) > 1
        ):
            return ()
        found.append(retyped(design, child, child.columns_by_name[each.columns[0]], "bigint", tied=True))
    return tuple(one for edits in found for one in edits) if all(found) else ()


def _told(months: float) -> str:
    return f"{months / 12:.1f} years" if months >= 24 else f"{months:.1f} months"
