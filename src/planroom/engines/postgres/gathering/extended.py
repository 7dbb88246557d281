"""What ANALYZE found for CREATE STATISTICS."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import USER_SCHEMA, not_extension, relations
from planroom.engines.postgres.gathering.relations import TABLE_KINDS
from planroom.scaling.extended_bytes import dependency_values, distinct_values
from planroom.scaling.statistics import Assumption, ExtendedData
from planroom.sqltext import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.engines.postgres.catalog.session import Row, Session
    from planroom.scaling.extended_bytes import Groups

__all__ = ["extended_data", "untold_extended"]

_SINCE = 120000  # pg_stats_ext and pg_statistic_ext_data
_INHERITED_SINCE = 150000

Key = tuple[str, str, bool]


def extended_data(session: Session) -> tuple[ExtendedData, ...]:
    """Return what is known for each CREATE STATISTICS, sorted by schema, name and ``inherited``."""
    if session.version < _SINCE:
        return ()
    inherited = session.since(_INHERITED_SINCE, "e.inherited", "false")
    rows = session.run(f"""
        SELECT e.statistics_schemaname, e.statistics_name, {inherited}, e.n_distinct::bytea, e.dependencies::bytea
        FROM pg_stats_ext e
        WHERE {USER_SCHEMA.replace("n.nspname", "e.schemaname")}""")
    common, numbers = _common_values(session), _numbers(session)
    found = {(row[0], row[1], row[2]): _data(row, numbers.get((row[0], row[1]), {}), common) for row in rows}
    return tuple(
        each for _, each in sorted(found.items()) if (each.distinct, each.dependencies, each.common) != (None,) * 3
    )


def _data(row: Row, numbers: Mapping[int, int], common: Mapping[Key, str]) -> ExtendedData:
    schema, name, inherited, distinct, dependencies = row
    return ExtendedData(
        schema=schema,
        name=name,
        inherited=inherited,
        distinct=None if distinct is None else _renumbered(distinct_values(bytes(distinct)), numbers),
        dependencies=None if dependencies is None else _renumbered(dependency_values(bytes(dependencies)), numbers),
        common=common.get((schema, name, inherited)),
    )


def _renumbered(groups: Groups, numbers: Mapping[int, int]) -> Groups:
    return tuple((tuple(numbers.get(each, each) for each in group), value) for group, value in groups)


def _numbers(session: Session) -> dict[tuple[str, str], dict[int, int]]:
    """Return for each statistics object the number that each column has once dropped columns do not count."""
    rows = session.run(f"""
        SELECT n.nspname, x.stxname, a.attnum, a.place
        FROM pg_statistic_ext x
        JOIN pg_namespace n ON n.oid = x.stxnamespace
        JOIN (SELECT l.attrelid, l.attnum, row_number() OVER (PARTITION BY l.attrelid ORDER BY l.attnum) AS place
              FROM pg_attribute l WHERE l.attnum > 0 AND NOT l.attisdropped) a ON a.attrelid = x.stxrelid
        WHERE {USER_SCHEMA} AND a.attnum <> a.place""")
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for schema, name, number, place in rows:
        found[schema, name][number] = place
    return found


def _may_read_values(session: Session) -> bool:
    return bool(session.run("SELECT has_table_privilege('pg_catalog.pg_statistic_ext_data', 'SELECT')")[0][0])


def _common_values(session: Session) -> dict[Key, str]:
    """Return the lists of most common values as bytes in hexadecimal, where the role may read them."""
    if not _may_read_values(session):
        return {}
    inherited = session.since(_INHERITED_SINCE, "d.stxdinherit", "false")
    rows = session.run(f"""
        SELECT n.nspname, x.stxname, {inherited}, encode(d.stxdmcv::bytea, 'hex')
        FROM pg_statistic_ext x
        JOIN pg_statistic_ext_data d ON d.stxoid = x.oid
        JOIN pg_namespace n ON n.oid = x.stxnamespace
        WHERE d.stxdmcv IS NOT NULL AND {USER_SCHEMA}""")
    return {(schema, name, own): text for schema, name, own, text in rows}


def untold_extended(session: Session) -> Iterator[Assumption]:
    """Yield what is to be said about the extended statistics that cannot be carried."""
    if session.version < 100000:
        return
    rows = session.run(f"""
        SELECT n.nspname, x.stxname, 'm' = ANY (x.stxkind::text[])
        FROM pg_statistic_ext x
        JOIN pg_namespace n ON n.oid = x.stxnamespace
        JOIN {relations(TABLE_KINDS)} r ON r.id = x.stxrelid
        WHERE {not_extension("pg_statistic_ext", "x")}
        ORDER BY 1, 2""")
    readable = session.version >= _SINCE and _may_read_values(session)
    for schema, name, common in rows:
        if session.version < _SINCE:
            yield Assumption(qualified(schema, name), "PostgreSQL tells what it found since version 12", "rule")
        elif common and not readable:
            text = "its list of most common values is left out: only a superuser may read it as a whole"
            yield Assumption(qualified(schema, name), text, "rule")
