"""GIN and GiST: indexes of what is in arrays, documents, texts and ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planroom.advice.indexing.demands import Demand
from planroom.advice.indexing.kinds.base import IndexKind
from planroom.advice.indexing.known import Known
from planroom.model import Index

__all__ = ["ContentIndexes"]

_RANGES = frozenset("int4range int8range numrange tsrange tstzrange daterange".split())
_SHAPES = frozenset("box point circle polygon".split())


class ContentIndexes(IndexKind):
    """GIN for arrays, jsonb and text search vectors; GiST for ranges and shapes.

    For jsonb also ``jsonb_path_ops``: smaller, and asked by ``@>``, ``@?`` and ``@@`` alone.

    Source: PostgreSQL manual, "GIN Indexes", "jsonb Indexing", "GiST Indexes".
    """

    def proposed(self, demand: Demand, known: Known, width: int) -> Iterator[Index]:
        """Yield an index for each column or expression whose contents are asked for."""
        ranges = _RANGES | {each.name for each in known.model.range_types}
        for part in demand.contained:
            if part.type.endswith("[]") or part.type in {"jsonb", "tsvector"}:
                yield Index(name="", columns=(part.column,), method="gin")
            if part.type == "jsonb":
                yield Index(name="", columns=(replace(part.column, operator_class="jsonb_path_ops"),), method="gin")
            if part.type in ranges | _SHAPES:
                yield Index(name="", columns=(part.column,), method="gist")
