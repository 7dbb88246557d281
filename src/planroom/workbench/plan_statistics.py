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
         (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(':', i.relname, i.reltuples, i.relpages), ','
                                       ORDER BY i.relname)
          FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid),
         (SELECT pg_catalog.string_agg(s::text, ',' ORDER BY s.attname, s.inherited) FROM pg_catalog.pg_stats s
          WHERE s.schemaname = n.nspname AND s.tablename = c.relname)))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
_DUCKDB = "SELECT schema_name, table_name, estimated_size::VARCHAR FROM duckdb_tables() WHERE NOT internal"


@dataclass(frozen=True)
class Statistics:
    """A hash for each table, by schema and name.

    Attributes:
        hashes: The hashes; empty where the engine does not tell.
    """

    hashes: Mapping[tuple[str, str], str]

    def of(self, plan: Plan) -> str:
        """Return one hash for the tables that a plan reads; empty where nothing is known of any of them."""
        read = sorted({(node.schema, node.relation) for node in plan.nodes if node.relation})
        told = [
            f"{schema}.{name}={self.hashes[schema, name]}" for schema, name in read if (schema, name) in self.hashes
        ]
        return hashlib.sha256("\n".join(told).encode(errors="backslashreplace")).hexdigest()[:12] if told else ""


def statistics_of(engine: Engine) -> Statistics:
    """Return what an engine knows of its tables now; nothing where it refuses to say."""
    asked = {"postgres": _POSTGRES, "duckdb": _DUCKDB}.get(engine.name)
    if asked is None:
        return Statistics({})
    try:
        rows = engine.query(asked, limit=_MOST_TABLES).rows
    except EngineError:
        return Statistics({})
    return Statistics({(str(schema), str(name)): str(value) for schema, name, value in rows})
