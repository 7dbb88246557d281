"""B-trees on what is compared, sorted by, or grouped by."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.advice.indexing.demands import Demand
from planroom.advice.indexing.kinds.base import IndexKind
from planroom.advice.indexing.known import Known
from planroom.advice.indexing.sequences import key_sequences
from planroom.model import Index

__all__ = ["KeyIndexes"]


class KeyIndexes(IndexKind):
    """Equality first, then one range, or the order of the rows; expressions as well as columns."""

    def proposed(self, demand: Demand, known: Known, width: int) -> Iterator[Index]:
        """Yield an index for each order of keys that serves."""
        yield from (Index(name="", columns=keys) for keys in key_sequences(demand, known, width))
