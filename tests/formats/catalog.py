"""A fingerprint of a PostgreSQL database: every object that DDL makes, as the server itself describes it."""

from __future__ import annotations

from typing import Any

__all__ = ["fingerprint"]

_OURS = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
_EXTENSION = (
    "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {} AND d.classid = '{}'::regclass AND d.deptype = 'e')"
)

_QUERIES = {
    "schema": "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname !~ '^pg_'",
    "relation": f"""
        SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
               c.relreplident, c.relispartition, pg_get_expr(c.relpartbound, c.oid), c.reloptions,
               pg_get_partkeydef(c.oid), c.reloftype::regtype::text, obj_description(c.oid, 'pg_class'),
               (SELECT array_agg(inhparent::regclass::text ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid),
               CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, c.relispopulated
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname {_OURS} AND c.relkind <> 't' AND {_EXTENSION.format("c.oid", "pg_class")}""",
    "column": f"""
        SELECT n.nspname, c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation::regcollation::text,
               a.attstorage, a.attcompression, a.attstattarget, a.attislocal, a.attinhcount,
               col_description(c.oid, a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE n.nspname {_OURS} AND a.attnum > 0 AND {_EXTENSION.format("c.oid", "pg_class")}""",
    "constraint": f"""
        SELECT n.nspname, c.conrelid::regclass::text, c.contypid::regtype::text, c.conname, c.contype,
               pg_get_constraintdef(c.oid), c.conislocal, c.coninhcount,
               c.conparentid = 0 AND c.connoinherit, c.convalidated, c.conenforced,
               p.conname, c.condeferrable, c.condeferred, obj_description(c.oid, 'pg_constraint')
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
        LEFT JOIN pg_constraint p ON p.oid = c.conparentid
        WHERE n.nspname {_OURS}""",
    "index": f"""
        SELECT n.nspname, c.relname, pg_get_indexdef(c.oid), i.indisvalid, i.indisclustered, i.indisreplident,
               (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname {_OURS}""",
    "sequence": f"""
        SELECT schemaname, sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle,
               cache_size, (SELECT concat(refobjid::regclass, '.', refobjsubid, deptype) FROM pg_depend
                            WHERE objid = format('%I.%I', schemaname, sequencename)::regclass
                            AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i'))
        FROM pg_sequences WHERE schemaname {_OURS}""",
    "type": f"""
        SELECT n.nspname, t.typname, t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
               t.typcollation::regcollation::text, obj_description(t.oid, 'pg_type'),
               (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
               (SELECT concat(rngsubtype::regtype, rngmultitypid::regtype, rngsubdiff) FROM pg_range
                WHERE rngtypid = t.oid)
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE n.nspname {_OURS} AND {_EXTENSION.format("t.oid", "pg_type")}""",
    "routine": f"""
        SELECT n.nspname, p.oid::regprocedure::text, p.prokind, CASE WHEN p.prokind <> 'a' THEN
               pg_get_functiondef(p.oid) END, obj_description(p.oid, 'pg_proc')
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname {_OURS} AND {_EXTENSION.format("p.oid", "pg_proc")}""",
    "trigger": f"""
        SELECT n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, t.tgparentid <> 0,
               obj_description(t.oid, 'pg_trigger')
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND n.nspname {_OURS}""",
    "policy": """
        SELECT schemaname, tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies""",
    "statistics": f"""
        SELECT n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid), s.stxstattarget, s.stxkind::text
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname {_OURS}""",
    "extension": "SELECT extname, extnamespace::regnamespace::text FROM pg_extension",
}


def fingerprint(connection: Any) -> dict[str, list[str]]:
    """Return the descriptions of a database's objects by kind, sorted."""
    connection.execute("SET search_path = ''")
    return {kind: sorted(map(repr, connection.execute(query).fetchall())) for kind, query in _QUERIES.items()}
