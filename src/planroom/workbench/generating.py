"""Synthetic rows of whatever can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.workbench.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.experiments.generation import GeneratedRows
    from planroom.generating.plan import GenerationPlan
    from planroom.model import Model

__all__ = ["generate", "plan_of"]


def generate(
    source: Any,
    rows: Mapping[str, str | float] | None = None,
    *,
    seed: int = 0,
    verify: bool = True,
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> GeneratedRows:
    """Return synthetic rows of a design, in a DuckDB database in memory; close it, or use it in a ``with`` block.

    The same design, rows and seed give the same rows, whatever the number of threads. Nothing comes from real data:
    addresses are of example.org, telephone numbers and internet addresses of ranges for documentation.

    Primary and unique keys hold by construction: a column takes the number of its row, or the rows of a referenced
    table lead and the others are told apart within each. Foreign keys name rows that are there, composite ones,
    those of a table to itself and optional circles among them. CHECK constraints are compiled into the generators
    where they compare with constants or columns, list values, or ask for a pattern or a length; every one is then
    asked of DuckDB, and rows that fail are made anew. What DuckDB cannot ask is said to be left to PostgreSQL.
    Columns that are generated always are left to the engine. Rows of a partitioned table lie within its partitions.

    Annotations steer it: ``rows``, ``null_fraction``, ``distinct``, ``skew`` (the exponent of a Zipf distribution),
    ``values``, ``children`` (rows for each row of the parent), ``follows`` (a column that this one is not before) and
    ``correlation`` (with the order of the rows).

    Args:
        source: Anything that `read` takes.
        rows: Rows by table, such as ``{"orders": "30k"}``; a table that is not named has as many as follow, by
            annotated rows, or else three for each row of its parent (see `planroom.generating.counting`).
        seed: Another seed gives other rows.
        verify: Whether DuckDB is asked if every key and foreign key holds, and a digest is taken. CHECK constraints,
            and keys that do not hold by construction, are asked about in any case.
        threads: How many threads DuckDB may use; by default all.
        progress: Called before each table with its id, how many are done, and how many there are.

    Raises:
        UnknownNameError: ``rows`` names no table.
        QuantityError: A number of rows makes no sense, or a table's keys do not allow it.
        ModelError: Tables require each other in a circle.
        MissingExtraError: duckdb is not installed.

    Example:
        >>> with generate("create table t (id int primary key, email text unique)", {"t": 1000}, seed=7) as made:
        ...     made.engine.query("select count(distinct email) from t").scalar()
        1000
    """
    from planroom.experiments.generation import make_rows

    return make_rows(plan_of(read(source), rows, seed=seed), verify=verify, threads=threads, progress=progress)


def plan_of(model: Model, rows: Mapping[str, str | float] | None = None, *, seed: int = 0) -> GenerationPlan:
    """Return how rows of a model are made; a model of another dialect is taken as PostgreSQL would have it."""
    from planroom.formats import FORMATS
    from planroom.generating.planning import plan_rows

    if model.dialect != "postgres":
        model = read(FORMATS["postgres"].write(model), format="postgres")
    return plan_rows(model, rows or {}, seed=seed)
