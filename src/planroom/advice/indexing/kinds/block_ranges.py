"""BRIN: for columns whose values follow the order in which rows come."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.advice.indexing.demands import Demand
from planroom.advice.indexing.kinds.base import IndexKind
from planroom.advice.indexing.known import Known
from planroom.model import Index

__all__ = ["BlockRangeIndexes"]

_FOLLOWS = 0.95  # correlation: below it a range of blocks holds values from everywhere
_LARGE = 100_000  # rows: the table has far more than one range of 128 blocks
_TYPES = frozenset(
    [*"smallint integer bigint numeric date".split(), "timestamp with time zone", "timestamp without time zone"]
)


class BlockRangeIndexes(IndexKind):
    """On ranges of columns that were appended in order; a thousandth of a B-tree's size.

    Source: PostgreSQL manual, "BRIN Indexes".
    """

    def proposed(self, demand: Demand, known: Known, width: int) -> Iterator[Index]:
        """Yield an index for each such column of a large table that a range is asked of."""
        if (known.rows(demand.table) or 0) < _LARGE:
            return
        for part in demand.ranged:
            statistics = known.column(demand.table, part.column.column) if part.bare else None
            if statistics is not None and abs(statistics.correlation or 0.0) >= _FOLLOWS and part.type in _TYPES:
                yield Index(name="", columns=(part.column,), method="brin")
