"""GIN over trigrams: for patterns that have no fixed beginning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planroom.advice.indexing.demands import Demand
from planroom.advice.indexing.kinds.base import IndexKind
from planroom.advice.indexing.known import Known
from planroom.model import Index

__all__ = ["TrigramIndexes"]

_TEXT = frozenset({"text", "character varying"})


class TrigramIndexes(IndexKind):
    """Only where the design has the extension pg_trgm.

    Source: PostgreSQL manual, "pg_trgm", "Index Support".
    """

    def proposed(self, demand: Demand, known: Known, width: int) -> Iterator[Index]:
        """Yield an index for each text that is matched."""
        extension = next((each for each in known.model.extensions if each.name == "pg_trgm"), None)
        if extension is None:
            return
        home = f"{extension.schema}." if extension.schema not in {"", "public"} else ""
        for part in demand.matched:
            if part.type in _TEXT:
                yield Index(
                    name="", columns=(replace(part.column, operator_class=f"{home}gin_trgm_ops"),), method="gin"
                )
