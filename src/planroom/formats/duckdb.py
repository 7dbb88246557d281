"""DuckDB DDL, and the model of a DuckDB catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.errors import FormatError
from planroom.formats._duckdb.reading import DuckCatalog, model_of
from planroom.formats.base import Format

if TYPE_CHECKING:
    from planroom.model import Model

__all__ = ["DuckCatalog", "DuckdbFormat", "model_of"]


class DuckdbFormat(Format):
    """Scripts for DuckDB 2. What DuckDB has not is left out and listed at the top; the script always runs."""

    summary: ClassVar[str] = "DuckDB DDL: a script that makes the tables for analysis"
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "extensions, routines, triggers, policies, extended statistics",
        "exclusion constraints, partial and non-btree indexes, INCLUDE, index order and operator classes",
        "partitions (rows stay in the parent) and inheritance",
        "foreign keys that refer forward, to another schema or to columns of another type",
        "the actions, deferral and MATCH of foreign keys",
        "domains (their type stays, their checks and defaults go) and range types (as VARCHAR)",
        "STORED of generated columns, identity (a sequence and a default stand for it)",
        "materialisation of views",
        "keys on nested types, intervals and bits",
        "names of keys and foreign keys",
        "defaults, checks and views that use what DuckDB has not",
        "lengths of character types, precision of times, collations, storage",
        "names that differ in case alone",
        "annotations",
    )

    def write(self, model: Model) -> str:
        """Return a script that makes what DuckDB can hold of the model.

        Raises:
            FormatError: The model is in neither PostgreSQL's dialect nor DuckDB's.
        """
        from planroom.formats._duckdb.writing import script

        if model.dialect not in {"postgres", "duckdb"}:
            raise FormatError(
                f"This model cannot be written as DuckDB DDL: its dialect is {model.dialect}.",
                why="expressions are translated from PostgreSQL's dialect alone.",
            )
        return script(model)
