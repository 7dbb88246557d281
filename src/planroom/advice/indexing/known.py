"""What statistics tell of a column, in the terms in which indexes are thought of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planroom.ddl import catalog_of

if TYPE_CHECKING:
    from planroom.advice.indexing.demands import KeyPart, Restricted
    from planroom.model import Model, Table
    from planroom.scaling.statistics import ColumnStatistics, Statistics
    from planroom.sqltext import Names

__all__ = ["Known"]

_WIDTHS = {
    "smallint": 2, "integer": 4, "bigint": 8, "real": 4, "double precision": 8, "numeric": 8, "boolean": 1, "date": 4,
    "timestamp with time zone": 8, "timestamp without time zone": 8, "uuid": 16, "interval": 16,
}  # fmt: skip
_UNKNOWN_WIDTH = 32  # bytes: what the planner takes for text without statistics (get_typavgwidth)


class Known:
    """Statistics of a design's tables, as far as there are any.

    Args:
        model: The design.
        statistics: What is known; None for nothing.
    """

    def __init__(self, model: Model, statistics: Statistics | None) -> None:
        self.model = model
        self.statistics = statistics

    @cached_property
    def names(self) -> Names:
        """What names in expressions mean."""
        return catalog_of(self.model)

    def column(self, table: Table, name: str) -> ColumnStatistics | None:
        """Return what is known of a column; of a partitioned table, over all partitions."""
        if self.statistics is None:
            return None
        found = self.statistics.by_column
        whole = table.partitioning is not None
        return found.get((table.schema, table.name, name, whole)) or found.get(
            (table.schema, table.name, name, not whole)
        )

    def rows(self, table: Table) -> float | None:
        """Return how many rows a table has; None where nobody knows."""
        known = self.statistics.by_relation.get((table.schema, table.name)) if self.statistics is not None else None
        return known.rows if known is not None and known.rows >= 0 else table.annotations.rows

    def width(self, table: Table, name: str) -> float:
        """Return the mean bytes of a column's values."""
        known = self.column(table, name)
        if known is not None:
            return known.width
        column = table.columns_by_name.get(name)
        return _WIDTHS.get(column.type.name, _UNKNOWN_WIDTH) if column is not None else _UNKNOWN_WIDTH

    def distinct(self, table: Table, part: KeyPart) -> float:
        """Return how many different values a key part has; 0 where that is not known."""
        known = self.column(table, part.column.column) if part.bare else None
        if known is None:
            return 0.0
        return known.distinct if known.distinct >= 0 else -known.distinct * (self.rows(table) or 0.0)

    def share(self, table: Table, asked: Restricted) -> float | None:
        """Return the share of the rows that a comparison with a constant leaves; None where it is not known."""
        known = self.column(table, asked.name)
        if known is None:
            return None
        if asked.form in {"null", "not null"}:
            return known.null_fraction if asked.form == "null" else 1 - known.null_fraction
        wanted = {"true": "t", "false": "f"}.get(asked.form, asked.value).rstrip()
        values = [each.rstrip() for each in known.common_values or ()]
        frequencies = known.common_frequencies or ()
        if wanted in values:
            return frequencies[values.index(wanted)]
        others = known.distinct - len(values)
        rest = max(0.0, 1 - sum(frequencies) - known.null_fraction)
        return rest / others if others >= 1 else 0.0 if known.distinct > 0 else None

    def greatest_share(self, table: Table, name: str) -> float:
        """Return the share of the rows that have a column's most common value; 0 where it is not known."""
        known = self.column(table, name)
        return max(known.common_frequencies or (0.0,)) if known is not None else 0.0
