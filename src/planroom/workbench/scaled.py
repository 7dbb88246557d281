"""`pr.at_scale`: a design at production scale, whatever names it, in either engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from planroom.errors import SourceError, UnknownNameError
from planroom.quantities import parse_count
from planroom.scaling.volumes import asked_rows
from planroom.workbench.sources import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines._scaled_duckdb import ScaledDuckDB
    from planroom.model import Model
    from planroom.scaling.parquet.footer import Footer
    from planroom.scaling.statistics import Statistics
    from planroom.workbench.scaled_databases import ScaledDatabase
    from planroom.workbench.scaled_warehouses import ScaledWarehouse

    Rows = Mapping[str, str | float] | None

__all__ = ["at_scale"]

_ENGINES = ("postgres", "duckdb")


@overload
def at_scale(
    source: Any, rows: Rows = ..., *, on: Literal["postgres"] = ..., stats: Any = ..., sample: bool = ...,
    settings: Mapping[str, object] | None = ...,
) -> ScaledDatabase: ...  # fmt: skip


@overload
def at_scale(
    source: Any, rows: Rows = ..., *, on: Literal["duckdb"], stats: Any = ..., sample: bool = ...,
    settings: Mapping[str, object] | None = ...,
) -> ScaledWarehouse: ...  # fmt: skip


def at_scale(
    source: Any,
    rows: Rows = None,
    *,
    on: str = "postgres",
    stats: Any = None,
    sample: bool = False,
    settings: Mapping[str, object] | None = None,
) -> ScaledDatabase | ScaledWarehouse:
    """Return a database that plans as if the design held so many rows, without any of them.

    It is made on the embedded PostgreSQL in less than a second: its planner is told what the rows look like, and its
    files are as large as they would be, with holes instead of rows. Only EXPLAIN is let through. In DuckDB the tables
    are Parquet files of which there is only the footer.

    Args:
        source: Anything that `read` takes; for a live database, its statistics are taken too unless ``stats`` says
            otherwise. For DuckDB also a Parquet file, a folder of such, or what `ScaledWarehouse.save` wrote.
        rows: Rows by table, such as ``{"orders": "10bn"}``. What refers to such a table grows in step with it; all
            other tables have the rows that are known or declared.
        on: The engine, ``postgres`` or ``duckdb``.
        stats: What is known of the data: a PostgreSQL URL or engine, a file that `planroom stats export` or ``pg_dump
            --statistics-only`` wrote, or `Statistics`; for DuckDB also a Parquet file or a folder of such. None for
            what the design declares alone.
        sample: The statistics are of a sample of the rows, such as rows that were made: their moments are those of
            all. By default the rows that are asked for come later, at the declared ``growth``.
        settings: The engine's settings that bear on plans, such as ``{"work_mem": "64MB"}``.

    Raises:
        SourceError: The source or the statistics cannot be read.
        UnknownNameError: No table bears a name, or there is no such engine.
        QuantityError: A number of rows makes no sense.

    Example:
        >>> big = at_scale("schemas/shop.sql", rows={"orders": 1e10})  # doctest: +SKIP
        >>> big.flips("select ...", "orders")  # doctest: +SKIP
    """
    if on not in _ENGINES:
        raise UnknownNameError.of("engine that plans at scale", on, _ENGINES)
    if on == "duckdb":
        from planroom.workbench.scaled_warehouses import ScaledWarehouse

        return ScaledWarehouse(_duckdb(source, rows or {}, stats, settings))
    from planroom.experiments.at_scale.scale import Scale
    from planroom.workbench.scaled_databases import ScaledDatabase

    model = read(source)
    known = _known(source if stats is None and _is_live(source) else stats, model)
    return ScaledDatabase(Scale(model, asked_rows(model, rows or {}), known=known, sample=sample, settings=settings))


def _is_live(source: Any) -> bool:
    from planroom.engines.postgres.connection import SCHEMES
    from planroom.engines.postgres.engine import PostgresEngine

    return isinstance(source, PostgresEngine) or (isinstance(source, str) and source.startswith(SCHEMES))


def _known(stats: Any, model: Model) -> Statistics | None:
    from planroom.scaling.statistics import Statistics

    if stats is None or isinstance(stats, Statistics):
        return stats
    from planroom.workbench.scaling import statistics

    return statistics(stats, model=model)


# -- DuckDB ------------------------------------------------------------------------------------------------------------


def _duckdb(
    source: Any, rows: Mapping[str, str | float], stats: Any, settings: Mapping[str, object] | None
) -> ScaledDuckDB:
    from planroom.engines import ENGINES
    from planroom.engines._scaled_duckdb import duckdb_statistics, load, read_footers, scaled_duckdb
    from planroom.engines._scaled_duckdb.stored import LISTING

    path = Path(source) if isinstance(source, str | Path) and len(str(source)) < _LONGEST_PATH else None
    if path is not None and (path / LISTING).is_file():
        if rows or stats is not None:
            raise SourceError(
                f"{path} holds footers at one scale.", fix="leave rows= and stats= out, or name the design."
            )
        return load(path, settings=settings)
    if path is not None and _holds_parquet(path):
        return scaled_duckdb(None, _counted(rows), footers=read_footers(path), settings=settings)
    if path is not None and ENGINES["duckdb"].recognises(str(path)):
        with ENGINES["duckdb"].connect(str(path)) as engine:
            model = engine.model()
            known = duckdb_statistics(engine)  # type: ignore[arg-type]  # the registry knows engines in general
        return scaled_duckdb(model, asked_rows(model, rows), statistics=known, settings=settings)
    model = read(source)
    footers = _footers(stats)
    known_rows = None if footers else _known(stats, model)
    return scaled_duckdb(model, asked_rows(model, rows), footers=footers, statistics=known_rows, settings=settings)


_LONGEST_PATH = 4096  # PATH_MAX; a longer text is SQL


def _holds_parquet(path: Path) -> bool:
    from planroom.engines._scaled_duckdb.parquet_files import SUFFIXES

    if path.is_dir():
        return any(each.suffix.lower() in SUFFIXES for each in path.rglob("*"))
    return path.suffix.lower() in SUFFIXES


def _footers(stats: Any) -> Mapping[str, Footer] | None:
    from planroom.engines._scaled_duckdb import read_footers

    found = isinstance(stats, str | Path) and _holds_parquet(Path(stats))
    return read_footers(stats) if found else None


def _counted(rows: Mapping[str, str | float]) -> dict[str, float]:
    return {name: float(parse_count(count)) for name, count in rows.items()}
