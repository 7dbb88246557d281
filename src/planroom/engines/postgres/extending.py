"""Extended statistics put into a database of planroom's own.

The server has no function for them before version 19. A cast without a function lets it take its own bytes back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.restoring import restore_columns
from planroom.errors import StatementFailedError
from planroom.scaling.extended_bytes import dependency_bytes, distinct_bytes
from planroom.scaling.statistics import ExtendedData

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from planroom.scaling.statistics import ColumnStatistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["allow_bytes", "restore_extended"]

_KINDS = ("pg_ndistinct", "pg_dependencies", "pg_mcv_list")

# Bytes of an enum, or of a range or array of a type that the user made, hold numbers that differ between databases.
_OBJECTS = """
    SELECT n.nspname, s.stxname, s.oid::int8, coalesce(pg_catalog.bool_and(
        t.oid < 16384 OR t.typtype = 'd' AND t.typbasetype < 16384 OR t.typtype = 'b' AND t.typelem = 0
    ), true)
    FROM pg_catalog.pg_statistic_ext s
    JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)
    LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    GROUP BY n.nspname, s.stxname, s.oid
"""
_CLEAR = "DELETE FROM pg_catalog.pg_statistic_ext_data"
_INSERT = """
    INSERT INTO pg_catalog.pg_statistic_ext_data
        (stxoid, stxdinherit, stxdndistinct, stxddependencies, stxdmcv, stxdexpr)
    VALUES ($1::oid, $2::bool, $3::bytea::pg_ndistinct, $4::bytea::pg_dependencies, $5::bytea::pg_mcv_list, (
        SELECT pg_catalog.array_agg(s ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        LEFT JOIN pg_catalog.pg_statistic s ON s.starelid = a.attrelid AND s.staattnum = a.attnum
        WHERE a.attrelid = $6::oid AND a.attnum > 0
    ))
"""
_EXPRESSIONS = """
    SELECT s.stxrelid::pg_catalog.regclass::text, pg_catalog.pg_get_statisticsobjdef_expressions(s.oid)
    FROM pg_catalog.pg_statistic_ext s WHERE s.oid = $1::oid
"""
_SCRATCH = """
    SELECT n.nspname, c.oid::int8 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = 'pg_temp.planroom_expressions'::pg_catalog.regclass
"""


def allow_bytes(run: Run) -> None:
    """Let bytes be taken for extended statistics; it needs a superuser, as all of this does."""
    for kind in _KINDS:
        run(f"CREATE CAST (bytea AS pg_catalog.{kind}) WITHOUT FUNCTION")


def restore_extended(
    run: Run, extended: Sequence[ExtendedData], expressions: Sequence[ColumnStatistics], *, same_major: bool
) -> tuple[str, ...]:
    """Replace what the planner knows of columns together, and say in sentences what it cannot be told.

    Args:
        run: Sends a statement with values for ``$1`` ... and returns its rows.
        extended: The statistics.
        expressions: The statistics of their expressions.
        same_major: Whether they are from a server of the same major version.
    """
    run(_CLEAR)
    known = {(schema, name): (oid, portable) for schema, name, oid, portable in run(_OBJECTS)}
    data = {(each.schema, each.name, each.inherited): each for each in extended}
    of_object: dict[tuple[str, str, bool], list[ColumnStatistics]] = {}
    for column in expressions:
        if (column.schema, column.table) in known:
            of_object.setdefault((column.schema, column.table, column.inherited), []).append(column)
    notes = []
    for schema, name, inherited in sorted({*data, *of_object}):
        if (schema, name) not in known:
            notes.append(f"The statistics {schema}.{name} are not carried: the model has none of that name.")
            continue
        oid, portable = known[schema, name]
        each = data.get((schema, name, inherited)) or ExtendedData(schema=schema, name=name, inherited=inherited)
        common = bytes.fromhex(each.common) if each.common and portable and same_major else None
        if each.common and common is None:
            why = "the bytes are of another major version" if portable else "a type in it is the user's own"
            notes.append(f"The common values of {schema}.{name} are not carried: {why}.")
        scratch = _told_elsewhere(run, oid, of_object.get((schema, name, inherited), ()))
        notes += _insert(run, each, oid, common, scratch)
    return tuple(notes)


def _told_elsewhere(run: Run, oid: int, expressions: Sequence[ColumnStatistics]) -> int:
    """Tell the statistics of expressions to columns of a temporary table, and return its oid; 0 without any.

    They are kept as rows of pg_statistic in an array, which no text makes; from there they can be copied.
    """
    if not expressions:
        return 0
    ((table, texts),) = run(_EXPRESSIONS, oid)
    columns = ", ".join(f"{text} AS e{number}" for number, text in enumerate(texts))
    run("DROP TABLE IF EXISTS pg_temp.planroom_expressions")
    run(f"CREATE TEMPORARY TABLE planroom_expressions AS SELECT {columns} FROM ONLY {table} WHERE false")  # noqa: S608  (the server's own words)
    ((schema, scratch),) = run(_SCRATCH)
    numbered = {text: f"e{number}" for number, text in enumerate(texts)}
    told = [
        replace(each, schema=schema, table="planroom_expressions", column=numbered[each.column], inherited=False)
        for each in expressions
        if each.column in numbered
    ]
    restore_columns(run, told)
    return int(scratch)


def _insert(run: Run, data: ExtendedData, oid: int, common: bytes | None, scratch: int) -> Collection[str]:
    distinct = None if data.distinct is None else distinct_bytes(data.distinct)
    dependencies = None if data.dependencies is None else dependency_bytes(data.dependencies)
    try:
        run(_INSERT, oid, data.inherited, distinct, dependencies, common, scratch)
    except StatementFailedError as error:
        return (f"The statistics {data.schema}.{data.name} are not carried: {error.what}.",)
    return ()
