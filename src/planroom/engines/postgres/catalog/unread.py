"""What the catalog has and the model has no place for: named, so that nothing is lost in silence.

Values that may be secret (options of servers and user mappings, settings of the database) are never asked for; their
names are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import (
    FIRST_USER_OID,
    USER_SCHEMA,
    attribute_options,
    not_extension,
    not_internal,
    relations,
)
from planroom.model import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.catalog.session import Session

__all__ = ["unread"]

_NO_PLACE = "the model has no place for it"

# Objects in a schema, by statement: the catalog and the column that names the schema.
_IN_SCHEMA = {
    "CREATE COLLATION": ("pg_collation", "collnamespace"),
    "CREATE CONVERSION": ("pg_conversion", "connamespace"),
    "CREATE OPERATOR": ("pg_operator", "oprnamespace"),
    "CREATE OPERATOR CLASS": ("pg_opclass", "opcnamespace"),
    "CREATE OPERATOR FAMILY": ("pg_opfamily", "opfnamespace"),
    "CREATE TEXT SEARCH CONFIGURATION": ("pg_ts_config", "cfgnamespace"),
    "CREATE TEXT SEARCH DICTIONARY": ("pg_ts_dict", "dictnamespace"),
    "CREATE TEXT SEARCH PARSER": ("pg_ts_parser", "prsnamespace"),
    "CREATE TEXT SEARCH TEMPLATE": ("pg_ts_template", "tmplnamespace"),
}

# Objects of the whole database, by statement: the catalog, and since when it is there.
_GLOBAL = {
    "CREATE ACCESS METHOD": ("pg_am", 90600),
    "CREATE CAST": ("pg_cast", 90600),
    "CREATE EVENT TRIGGER": ("pg_event_trigger", 90600),
    "CREATE FOREIGN DATA WRAPPER": ("pg_foreign_data_wrapper", 90600),
    "CREATE LANGUAGE": ("pg_language", 90600),
    "CREATE PUBLICATION": ("pg_publication", 100000),
    "CREATE SERVER": ("pg_foreign_server", 90600),
    "CREATE TRANSFORM": ("pg_transform", 90600),
}

_OPTION_NAMES = "(SELECT string_agg(option_name, ', ' ORDER BY option_name) FROM pg_options_to_table({options}))"


def unread(session: Session) -> tuple[Unread, ...]:
    """Return what the model does not hold, sorted by what it is; to be called after everything else was read."""
    found = [*_structure(session), *_privileges(session), *_comments(session)]
    return tuple(sorted(found, key=lambda each: (each.kind, each.what, each.text)))


def _structure(session: Session) -> Iterator[Unread]:
    queries = {
        **{what: _in_schema(catalog, schema) for what, (catalog, schema) in _IN_SCHEMA.items()},
        **{what: _global(catalog) for what, (catalog, since) in _GLOBAL.items() if session.version >= since},
        **_details(session),
    }
    rows = session.run(" UNION ALL ".join(f"SELECT '{what}', x.* FROM ({sql}) x" for what, sql in queries.items()))
    for what, text in rows:
        kind = "session" if what == "ALTER DATABASE SET" else "structure"
        yield Unread(kind=kind, what=what, reason=_NO_PLACE, text=text, location=session.origin)


def _identity(catalog: str, oid: str) -> str:
    return f"(SELECT i.identity FROM pg_identify_object('pg_catalog.{catalog}'::regclass, {oid}, 0) i)"


def _in_schema(catalog: str, schema: str) -> str:
    return (
        f"SELECT {_identity(catalog, 'x.oid')} FROM pg_catalog.{catalog} x JOIN pg_namespace n ON n.oid = x.{schema} "
        f"WHERE {USER_SCHEMA} AND {not_extension(catalog, 'x')}"
    )


def _global(catalog: str) -> str:
    return (
        f"SELECT {_identity(catalog, 'x.oid')} FROM pg_catalog.{catalog} x "
        f"WHERE x.oid >= {FIRST_USER_OID} AND {not_extension(catalog, 'x')} AND {not_internal(catalog, 'x')}"
    )


def _details(session: Session) -> dict[str, str]:
    """Return the queries for what hangs on an object that the model holds, or needs a word of its own."""
    column = "(r.id::regclass::text || '.' || quote_ident(a.attname))"
    columns = f"FROM pg_attribute a JOIN {relations('rpmf')} r ON r.id = a.attrelid WHERE a.attnum > 0"
    return {
        "CREATE TYPE": f"""
            SELECT format_type(t.oid, NULL) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE {USER_SCHEMA} AND {not_extension("pg_type", "t")}
              AND (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
                   OR t.typtype = 'p' AND NOT t.typisdefined)""",
        "CREATE RULE": f"""
            SELECT pg_get_ruledef(w.oid) FROM pg_rewrite w JOIN {relations("rpvmf")} r ON r.id = w.ev_class
            WHERE w.rulename <> '_RETURN'""",
        "CREATE USER MAPPING": "SELECT quote_ident(usename) || ' on ' || quote_ident(srvname) FROM pg_user_mappings",
        "CREATE FOREIGN TABLE OPTIONS": f"""
            SELECT r.id::regclass::text || ': ' || {_OPTION_NAMES.format(options="f.ftoptions")}
            FROM pg_foreign_table f JOIN {relations("f")} r ON r.id = f.ftrelid WHERE f.ftoptions IS NOT NULL""",
        "ALTER COLUMN OPTIONS": f"""
            SELECT {column} || ': ' || {_OPTION_NAMES.format(options="a.attfdwoptions")}
            {columns} AND NOT a.attisdropped AND a.attfdwoptions IS NOT NULL""",
        "ALTER COLUMN SET": f"""
            SELECT {column} || ': ' || array_to_string({attribute_options("a")}, ', ')
            {columns} AND NOT a.attisdropped AND {attribute_options("a")} IS NOT NULL""",
        "ALTER INDEX ALTER COLUMN SET STATISTICS": f"""
            SELECT i.indexrelid::regclass::text || ' column ' || a.attnum || ': ' || a.attstattarget
            FROM pg_index i JOIN {relations("rpm")} r ON r.id = i.indrelid
            JOIN pg_attribute a ON a.attrelid = i.indexrelid WHERE a.attstattarget >= 0""",
        "INVALID INDEX": f"""
            SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN {relations("rm")} r ON r.id = i.indrelid
            WHERE NOT i.indisvalid""",
        "SECURITY LABEL": "SELECT l.objtype || ' ' || l.objname || ' for ' || l.provider FROM pg_seclabels l "
        "WHERE l.objtype NOT IN ('database', 'role', 'tablespace', 'subscription', 'large object')",
        "ALTER TABLE ENABLE OR DISABLE TRIGGER": _odd_triggers(session),
        "ALTER DATABASE SET": """
            SELECT split_part(setting, '=', 1) || CASE s.setrole WHEN 0 THEN '' ELSE ' for one role' END
            FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) setting
            WHERE s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())""",
        **_details_of_version(session),
    }


def _details_of_version(session: Session) -> dict[str, str]:
    """Return the queries for details that some versions know."""
    found = {}
    if session.version >= 100000:
        found["CREATE SUBSCRIPTION"] = """
            SELECT quote_ident(s.subname) FROM pg_subscription s
            WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())"""
        found["CREATE STATISTICS"] = f"""
            SELECT pg_get_statisticsobjdef(x.oid)
            FROM pg_statistic_ext x JOIN {relations("m")} r ON r.id = x.stxrelid"""
    if session.version < 120000:
        found["WITH OIDS"] = f"SELECT r.id::regclass::text FROM {relations('rp')} r WHERE r.relhasoids"
    else:
        found["SET ACCESS METHOD"] = f"""
            SELECT r.id::regclass::text || ': ' || am.amname FROM {relations("m")} r JOIN pg_am am ON am.oid = r.relam
            WHERE am.amname <> 'heap'"""
    return found


def _odd_triggers(session: Session) -> str:
    """Return the query for triggers that are not listed and not enabled as those that they come from."""
    usual = session.since(
        130000, "coalesce((SELECT p.tgenabled FROM pg_trigger p WHERE p.oid = t.tgparentid), 'O')", "'O'"
    )
    clone = session.since(130000, "(t.tgisinternal OR t.tgparentid <> 0)", "t.tgisinternal")
    return f"""
        SELECT r.id::regclass::text || '.' || quote_ident(t.tgname) || ': ' || t.tgenabled::text
        FROM pg_trigger t JOIN {relations("rpf")} r ON r.id = t.tgrelid
        WHERE {clone} AND t.tgenabled <> {usual}"""


def _privileges(session: Session) -> Iterator[Unread]:
    """Yield grants and owners."""
    grants = " UNION ALL ".join(
        f"SELECT 'GRANT', {_identity(catalog, 'x.oid')} || ': ' || x.{column}::text FROM {catalog} x "
        f"WHERE x.{column} IS NOT NULL AND x.oid >= {FIRST_USER_OID} AND {not_extension(catalog, 'x')}"
        for catalog, column in (
            ("pg_class", "relacl"),
            ("pg_foreign_data_wrapper", "fdwacl"),
            ("pg_foreign_server", "srvacl"),
            ("pg_language", "lanacl"),
            ("pg_namespace", "nspacl"),
            ("pg_proc", "proacl"),
            ("pg_type", "typacl"),
        )
    )
    rows = session.run(f"""
        {grants}
        UNION ALL
        SELECT 'GRANT', 'public: ' || n.nspacl::text FROM pg_namespace n
        WHERE n.nspname = 'public' AND n.oid < {FIRST_USER_OID} AND n.nspacl IS DISTINCT FROM
              (SELECT p.initprivs FROM pg_init_privs p
               WHERE p.classoid = 'pg_catalog.pg_namespace'::regclass AND p.objoid = n.oid)
        UNION ALL
        SELECT 'GRANT', r.id::regclass::text || '.' || quote_ident(a.attname) || ': ' || a.attacl::text
        FROM pg_attribute a JOIN {relations()} r ON r.id = a.attrelid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
        UNION ALL
        SELECT 'ALTER DEFAULT PRIVILEGES',
               coalesce(n.nspname || ': ', '') || d.defaclobjtype::text || ': ' || d.defaclacl::text
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
        UNION ALL
        SELECT 'OWNER TO', count(*) || ' objects belong to ' || quote_ident(pg_get_userbyid(o.owner))
        FROM ({_owners()}) o
        WHERE o.owner <> (SELECT d.datdba FROM pg_database d WHERE d.datname = current_database())
        GROUP BY o.owner""")
    for what, text in rows:
        yield Unread(
            kind="privileges", what=what, reason="the model holds no privileges", text=text, location=session.origin
        )


def _owners() -> str:
    """Return a query for the owners of the user's schemas, relations, routines and types."""
    return f"""
        SELECT r.relowner AS owner FROM {relations()} r
        UNION ALL
        SELECT p.proowner FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE {USER_SCHEMA} AND {not_extension("pg_proc", "p")}
        UNION ALL
        SELECT t.typowner FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE {USER_SCHEMA} AND {not_extension("pg_type", "t")} AND t.typtype IN ('e', 'd', 'r')
        UNION ALL
        SELECT n.nspowner FROM pg_namespace n
        WHERE {USER_SCHEMA} AND n.nspname <> 'public' AND {not_extension("pg_namespace", "n")}"""


def _comments(session: Session) -> Iterator[Unread]:
    """Yield the comments on what the model does not hold, or not with a comment."""
    left = session.unused_comments
    if not left:
        return
    keys = ", ".join(f"('pg_catalog.{catalog}'::regclass::oid, {oid}::oid, {part})" for catalog, oid, part in left)
    rows = session.run(f"""
        SELECT cl.relname, k.oid::int8, k.part, pg_describe_object(k.catalog, k.oid, k.part)
        FROM (VALUES {keys}) k(catalog, oid, part) JOIN pg_class cl ON cl.oid = k.catalog
        ORDER BY 4, 2""")
    for catalog, oid, part, described in rows:
        yield Unread(
            kind="structure",
            what=f"COMMENT ON {described}",
            reason="the model has no place for a comment there",
            text=left[catalog, oid, part],
            location=session.origin,
        )
