"""Extended statistics put into a database of planroom's own.

The server has no function for them before version 19. A cast without a function lets it take its own bytes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementFailedError
from planroom.scaling.extended_bytes import dependency_bytes, distinct_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from planroom.scaling.statistics import ExtendedData

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
    INSERT INTO pg_catalog.pg_statistic_ext_data (stxoid, stxdinherit, stxdndistinct, stxddependencies, stxdmcv)
    VALUES ($1::oid, $2::bool, $3::bytea::pg_ndistinct, $4::bytea::pg_dependencies, $5::bytea::pg_mcv_list)
"""


def allow_bytes(run: Run) -> None:
    """Let bytes be taken for extended statistics; it needs a superuser, as all of this does."""
    for kind in _KINDS:
        run(f"CREATE CAST (bytea AS pg_catalog.{kind}) WITHOUT FUNCTION")


def restore_extended(run: Run, extended: Sequence[ExtendedData], *, same_major: bool) -> tuple[str, ...]:
    """Replace what the planner knows of columns together, and say in sentences what it cannot be told.

    Args:
        run: Sends a statement with values for ``$1`` ... and returns its rows.
        extended: The statistics.
        same_major: Whether they are from a server of the same major version.
    """
    run(_CLEAR)
    known = {(schema, name): (oid, portable) for schema, name, oid, portable in run(_OBJECTS)}
    notes = []
    for each in extended:
        if (each.schema, each.name) not in known:
            notes.append(f"The statistics {each.schema}.{each.name} are not carried: the model has none of that name.")
            continue
        oid, portable = known[each.schema, each.name]
        common = bytes.fromhex(each.common) if each.common and portable and same_major else None
        if each.common and common is None:
            why = "the bytes are of another major version" if portable else "a type in it is the user's own"
            notes.append(f"The common values of {each.schema}.{each.name} are not carried: {why}.")
        notes += _insert(run, each, oid, common)
    return tuple(notes)


def _insert(run: Run, data: ExtendedData, oid: int, common: bytes | None) -> Collection[str]:
    distinct = None if data.distinct is None else distinct_bytes(data.distinct)
    dependencies = None if data.dependencies is None else dependency_bytes(data.dependencies)
    try:
        run(_INSERT, oid, data.inherited, distinct, dependencies, common)
    except StatementFailedError as error:
        return (f"The statistics {data.schema}.{data.name} are not carried: {error.what}.",)
    return ()
