"""SCH022."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.gathering import listed
from planroom.linting.layout import best_order, slots_of, wasted_bytes
from planroom.linting.schemas import Design, SchemaRule
from planroom.quantities import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ColumnOrderWaste"]

_LEAST_BYTES = 8  # a row begins at a multiple of 8: less than that is seldom saved


class ColumnOrderWaste(SchemaRule):
    """The order of the columns leaves empty bytes between them, in every row.

    A value begins at a multiple of its alignment: eight for bigint and timestamps, four for integer and date, two for
    smallint. Wide before narrow, and what varies in length at the end, leaves nothing empty. The bytes are those of
    a row without NULLs, on average over the lengths of what varies.
    """

    code = "SCH022"
    severity = Severity.NOTE
    fix = "Put the columns in the order given, in a table that is not made yet; an existing one is not worth a rewrite."
    source = "https://www.postgresql.org/docs/current/storage-page-layout.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (a boolean, id bigint PRIMARY KEY, b boolean, at timestamptz);",
        "CREATE TABLE t (a text, id bigint PRIMARY KEY, b text, at timestamptz, c text, n int, d text, x float8);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz, a boolean, b boolean);",
        "CREATE TABLE t (id int PRIMARY KEY, at timestamptz);",
        "CREATE TABLE t (a boolean, id uuid PRIMARY KEY, b boolean, c uuid);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables of which another order saves eight bytes a row or more."""
        for table in design.tables:
            slots = slots_of(table, design.types) if not table.external else None
            wasted = wasted_bytes(slots) if slots else 0.0
            if slots and wasted >= _LEAST_BYTES:
                rows = design.rows_of(table.id)
                total = f", {format_bytes(rows * wasted)} in all its rows" if rows else ""
                order = [slot.name for slot in best_order(slots)]
                yield self.found(
                    f"the order of the columns of {table.id} wastes {wasted:.3g} bytes a row{total}; "
                    f"best begins with {listed(order, 4)}",
                    table.id,
                    table.origin,
                    wasted_bytes=round(wasted, 1),
                    order=tuple(order),
                )
