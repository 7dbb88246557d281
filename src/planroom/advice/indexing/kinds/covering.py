"""B-trees that hold all that a query needs of a table, so that it is not read at all."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.advice.indexing.demands import Demand
from planroom.advice.indexing.kinds.base import IndexKind
from planroom.advice.indexing.known import Known
from planroom.advice.indexing.sequences import Keys, key_sequences, longest
from planroom.model import Index, Table

__all__ = ["CoveringIndexes"]

_MOST_COLUMNS = 6
_MOST_BYTES = 64  # carried in each entry: beyond it the index comes near its table in size


class CoveringIndexes(IndexKind):
    """INCLUDE of the columns that the query needs beside the keys, where they are few and narrow.

    Source: PostgreSQL manual, "Index-Only Scans and Covering Indexes".
    """

    def proposed(self, demand: Demand, known: Known, width: int) -> Iterator[Index]:
        """Yield the longest keys of each kind with the rest of the columns."""
        if demand.used is None or demand.written:
            return
        for keys in [*longest(key_sequences(demand, known, width)), *_singles(demand, known, width)]:
            rest = _rest(keys, demand.table, demand.used)
            if 0 < len(rest) <= _MOST_COLUMNS and sum(known.width(demand.table, name) for name in rest) <= _MOST_BYTES:
                yield Index(name="", columns=keys, include=rest)


def _singles(demand: Demand, known: Known, width: int) -> list[Keys]:
    """Return the keys of one part: what joins ask for, whatever else is compared."""
    return [keys for keys in dict.fromkeys(key_sequences(demand, known, width)) if len(keys) == 1]


def _rest(keys: Keys, table: Table, used: frozenset[str]) -> tuple[str, ...]:
    """Return the columns that are needed and no key, in the table's order."""
    held = {key.column for key in keys}
    return tuple(column.name for column in table.columns if column.name in used and column.name not in held)
