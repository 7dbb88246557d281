"""What an engine knows of its tables, as hashes: whether it is the same as before is all that is asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines import Engine
    from planroom.plans.plan import Plan

__all__ = ["Statistics", "statistics_of"]

_MOST_TABLES = 200_000

# The statistics never leave the server: they hold values of rows. pg_stats shows what the role may read alone.
_POSTGRES = """
SELECT n.nspname::text, c.relname::text,
       pg_catalog.md5(pg_catalog.concat_ws('|', c.reltuples, c.relpages, c.relallvisible,
         (SELECT pg_catalog.string_agg(s::text, ',' ORDER BY s.attname, s.inherited) FROM pg_catalog.pg_stats s
          WHERE s.schemaname = n.nspname AND s.tablename = c.relname))),
       pg_catalog.md5(pg_catalog.concat_ws('|',
         (SELECT pg_catalog.string_agg(pg_catalog.pg_get_indexdef(x.indexrelid), ',' ORDER BY i.relname)
          FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          WHERE x.indrelid = c.oid AND x.indisvalid)))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
_DUCKDB = """
SELECT t.schema_name, t.table_name, md5(t.estimated_size::VARCHAR),
       md5(coalesce((SELECT string_agg(i.sql, ',' ORDER BY i.index_name) FROM duckdb_indexes() i
                     WHERE i.table_oid = t.table_oid), ''))
FROM duckdb_tables() t WHERE NOT t.internal
"""


@dataclass(frozen=True)
class Statistics:
    """Two hashes for each table, by schema and name: of its statistics and of its indexes.

    Attributes:
        hashes: The hashes; empty where the engine does not tell.
    """

    hashes: Mapping[tuple[str, str], tuple[str, str]]

    def of(self, plan: Plan) -> tuple[str, str]:
        """Return the two hashes for the tables that a plan reads; empty where nothing is known of any of them."""
        read = sorted({(node.schema, node.relation) for node in plan.nodes if node.relation})
        told = [(*each, *self.hashes[each]) for each in read if each in self.hashes]
        statistics, indexes = ([f"{each[0]}.{each[1]}={each[at]}" for each in told] for at in (2, 3))
        return _hash(statistics), _hash(indexes)


def _hash(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode(errors="backslashreplace")).hexdigest()[:12] if lines else ""


def statistics_of(engine: Engine) -> Statistics:
    """Return what an engine knows of its tables now; nothing where it refuses to say."""
    asked = {"postgres": _POSTGRES, "duckdb": _DUCKDB}.get(engine.name)
    if asked is None:
        return Statistics({})
    try:
        rows = engine.query(asked, limit=_MOST_TABLES).rows
    except EngineError:
        return Statistics({})
    return Statistics({(str(schema), str(name)): (str(one), str(other)) for schema, name, one, other in rows})
