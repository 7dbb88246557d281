"""DuckDB DDL, and the model of a DuckDB catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Finding
    from planroom.formats._duckdb.reading import Rows
    from planroom.model import Model

__all__ = ["DuckdbFormat", "model_of"]


def model_of(name: str = "", **rows: Rows) -> Model:
    """Return the model that DuckDB's catalog describes.

    Args:
        name: The database's name.
        rows: What the catalog functions say of it, by what they list: ``tables`` for ``duckdb_tables()``.
    """
    from planroom.formats._duckdb import reading

    return reading.model_of(reading.DuckCatalog(name=name, **rows))


class DuckdbFormat(Format):
    """Scripts for DuckDB 2. What DuckDB has not is left out and listed at the top; the script always runs."""

    summary: ClassVar[str] = "DuckDB DDL: a script that makes the tables for analysis"
    suffixes: ClassVar[tuple[str, ...]] = (".sql",)
    reads: ClassVar[bool] = True
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

    def recognises(self, head: str) -> bool:
        """Whether the text shows what DuckDB alone has."""
        from planroom.sqltext.dialects import guess_dialect

        return guess_dialect(head) == "duckdb"

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the scripts, run in this order, would make; nothing is run.

        Constraints have the names that DuckDB's catalog gives them, whatever the script calls them.
        """
        from planroom.formats._sql.reading import read_script

        return read_script(((each.source, each.text) for each in documents), "duckdb")

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what becomes otherwise in DuckDB; what is left out stands at the top of the script too."""
        from planroom.formats._translation import translated

        return translated(model, "duckdb")[1]

    def write(self, model: Model) -> str:
        """Return a script that makes what DuckDB can hold of the model; one of another dialect is translated first."""
        from planroom.formats._duckdb.writing import script
        from planroom.formats._translation import translated

        return script(model if model.dialect == "postgres" else translated(model, "duckdb")[0])
