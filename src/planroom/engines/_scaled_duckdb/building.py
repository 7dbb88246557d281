"""A scaled DuckDB from what there is: a design, footers of real files, statistics, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines._scaled_duckdb.design import tables_of_design
from planroom.engines._scaled_duckdb.engine import ScaledDuckDB
from planroom.engines._scaled_duckdb.files import tables_of_files
from planroom.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model import Model, ObjectId
    from planroom.scaling.parquet.footer import Footer
    from planroom.scaling.statistics import Statistics

__all__ = ["scaled_duckdb"]


def scaled_duckdb(
    model: Model | None = None,
    rows: Mapping[ObjectId, float] | None = None,
    *,
    footers: Mapping[str, Footer] | None = None,
    statistics: Statistics | None = None,
    distinct: bool = False,
    settings: Mapping[str, object] | None = None,
) -> ScaledDuckDB:
    """Return a DuckDB that plans as if its Parquet files had so many rows.

    Three sources, which may be mixed: a table has the footer that is given, else one of its statistics, else one of
    what the design declares. ::

        scaled_duckdb(model, asked_rows(model, {"orders": 1e10}))          # declarations alone
        scaled_duckdb(model, rows, footers=read_footers("lake/"))          # real files: their footers are read
        scaled_duckdb(None, {"orders": 1e10}, footers=read_footers("lake/"))   # and no design
        with pr.duckdb("warehouse.duckdb") as own:                         # a DuckDB file's statistics
            scaled_duckdb(own.model(), rows, statistics=duckdb_statistics(own))

    The rows of tables that are not named follow as `planroom.scaling.volumes` says; without a design they stay. Keys,
    and columns that refer to them, end where so many rows take them; all other values stay. Of columns with personal
    data the least and the greatest value are left out.

    Args:
        model: The design; its dialect is PostgreSQL's or DuckDB's.
        rows: Rows by the id of the table; without a design, by the name of the file.
        footers: Footers of real files by the name or id of their table.
        statistics: What a database says of the rows: `duckdb_statistics`, or PostgreSQL's, as they were or grown.
        distinct: Whether to tell DuckDB all distinct values that are known, as its own tables do and no Parquet file
            does. Otherwise it is told of whole numbers without ends alone, in whose stead they stand.
        settings: Settings of DuckDB for all plans, such as ``{"memory_limit": "16GB"}``.

    Raises:
        UnknownNameError: A footer or a number of rows is of no table of the design.
        SourceError: There is neither a design nor a footer, or a footer contradicts itself.
        StatementFailedError: DuckDB refuses the design, a footer or a setting; the message is its own.
        MissingExtraError: duckdb is not installed.
    """
    if model is None and not footers:
        raise SourceError("There is nothing to plan on.", fix="give a design, or the footers of Parquet files.")
    if model is None:
        database = tables_of_files(footers or {}, rows or {})
    else:
        database = tables_of_design(model, rows or {}, footers or {}, statistics, distinct=distinct)
    return ScaledDuckDB(database, model, settings=settings)
