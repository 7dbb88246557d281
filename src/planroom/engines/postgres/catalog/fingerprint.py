"""A database's catalog in words: what two databases are compared by, independent of the model.

Every line comes from the server's own printing functions and catalog columns, with names in place of OIDs. Left out is
only what is not design: physical state (pages, tuples, file nodes, transaction ids), attribute numbers (a line
says a column's place among those that are left), and the members of extensions, which are named but not described.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import (
    FIRST_USER_OID,
    USER_SCHEMA,
    Session,
    attribute_options,
    not_extension,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.engines.postgres.catalog.session import Run

__all__ = ["catalog_fingerprint"]


@dataclass(frozen=True)
class _Kind:
    """One kind of line.

    Attributes:
        subject: An SQL expression: what the line is about.
        facts: SQL expressions by label; those that are NULL are left out of the line.
        source: FROM and WHERE.
    """

    subject: str
    facts: Mapping[str, str]
    source: str

    @property
    def query(self) -> str:
        """The query for all lines of this kind."""
        facts = "".join(f", ' {label}=' || ({fact})::text" for label, fact in self.facts.items())
        return f"SELECT concat({self.subject}{facts}) FROM {self.source}"


def catalog_fingerprint(run: Run, version: int) -> dict[str, list[str]]:
    """Return the lines of every kind, sorted; equal databases give equal fingerprints.

    Options of servers and user mappings, which may hold secrets, are given as hashes.

    Args:
        run: Executes one query and returns its rows. All queries must see one snapshot, and ``search_path`` must be
            empty, so that the server prints names with their schemas.
        version: The server's version as a number.
    """
    session = Session(run, version)
    session.settle()
    kinds: dict[str, _Kind] = {}
    for part in (_relations, _columns, _on_relations, _constraints_and_indexes, _types, _routines, _others, _global):
        kinds.update(part(session))
    kinds.update(_in_schemas())
    return {kind: sorted(line for (line,) in run(kinds[kind].query)) for kind in sorted(kinds)}


def _user(catalog: str, schema: str, joins: str = "") -> str:
    """Return FROM and WHERE for the user's rows ``x`` of a catalog whose rows lie in a schema, with further joins."""
    return (
        f"{catalog} x JOIN pg_namespace n ON n.oid = x.{schema} {joins} "
        f"WHERE {USER_SCHEMA} AND {not_extension(catalog, 'x')}"
    )


def _user_relations(joins: str, condition: str = "true") -> str:
    """Return FROM and WHERE for the user's relations ``c``, all kinds, with further joins."""
    return (
        f"pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace {joins} "
        f"WHERE {USER_SCHEMA} AND {not_extension('pg_class', 'c')} AND {condition}"
    )


def _in_order(table: str, alias: str, condition: str) -> str:
    """Return an SQL expression: how many rows of ``table`` meet a condition, as the place of a row among them."""
    return f"(SELECT count(*) FROM {table} {alias} WHERE {condition})"


def _options(column: str) -> str:
    """Return an SQL expression for an array of options in the order of their names."""
    return f"CASE WHEN {column} IS NOT NULL THEN ARRAY(SELECT unnest({column}) ORDER BY 1) END"


def _relations(session: Session) -> Iterator[tuple[str, _Kind]]:
    since = session.since
    yield (
        "relation",
        _Kind(
            "c.oid::regclass",
            {
                "kind": "c.relkind",
                "owner": "pg_get_userbyid(c.relowner)",
                "acl": "c.relacl",
                "persistence": "c.relpersistence",
                "options": _options("c.reloptions"),
                "toast": _options("toast.reloptions"),
                "tablespace": "ts.spcname",
                "method": "am.amname",
                "replica_identity": "c.relreplident",
                "row_security": "c.relrowsecurity",
                "force_row_security": "c.relforcerowsecurity",
                "has_rules": "c.relhasrules",
                "partition": since(100000, "c.relispartition", "NULL"),
                "bound": since(100000, "pg_get_expr(c.relpartbound, c.oid)", "NULL"),
                "key": since(100000, "pg_get_partkeydef(c.oid)", "NULL"),
                "of": "nullif(c.reloftype, 0)::regtype",
                "populated": "c.relispopulated",
                "oids": since(120000, "NULL", "c.relhasoids"),
                "definition": "CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END",
            },
            _user_relations(
                "LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid LEFT JOIN pg_am am ON am.oid = c.relam "
                "LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace"
            ),
        ),
    )
    yield (
        "inheritance",
        _Kind(
            "c.oid::regclass",
            {"parent": "h.inhparent::regclass", "place": "h.inhseqno"},
            _user_relations("JOIN pg_inherits h ON h.inhrelid = c.oid"),
        ),
    )
    counters = since(
        100000,
        "(SELECT row(s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle) "
        "FROM pg_sequence s WHERE s.seqrelid = c.oid)",
        "pg_sequence_parameters(c.oid)",
    )
    yield (
        "sequence",
        _Kind(
            "c.oid::regclass",
            {
                "counts": counters,
                "of": "d.refobjid::regclass",
                "column": "(SELECT a.attname FROM pg_attribute a "
                "WHERE a.attrelid = d.refobjid AND a.attnum = d.refobjsubid)",
                "tie": "d.deptype",
            },
            _user_relations(
                "LEFT JOIN pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid "
                "AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')",
                "c.relkind = 'S'",
            ),
        ),
    )
    yield (
        "foreign table",
        _Kind(
            "c.oid::regclass",
            {
                "server": "(SELECT s.srvname FROM pg_foreign_server s WHERE s.oid = f.ftserver)",
                "options": _options("f.ftoptions"),
            },
            _user_relations("JOIN pg_foreign_table f ON f.ftrelid = c.oid"),
        ),
    )


def _columns(session: Session) -> Iterator[tuple[str, _Kind]]:
    since = session.since
    place = _in_order(
        "pg_attribute", "b", "b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum AND NOT b.attisdropped"
    )
    yield (
        "column",
        _Kind(
            "c.oid::regclass, '.', quote_ident(a.attname)",
            {
                "place": place,
                "type": "format_type(a.atttypid, a.atttypmod)",
                "not_null": "a.attnotnull",
                "default": "pg_get_expr(d.adbin, d.adrelid)",
                "identity": since(100000, "a.attidentity", "NULL"),
                "generated": since(120000, "a.attgenerated", "NULL"),
                "collation": "nullif(a.attcollation, 0)::regcollation"
                if session.version >= 130000
                else "(SELECT o.collname FROM pg_collation o WHERE o.oid = a.attcollation)",
                "storage": "a.attstorage",
                "compression": since(140000, "a.attcompression", "NULL"),
                "statistics": "a.attstattarget",
                "local": "a.attislocal",
                "inherited": "a.attinhcount",
                "options": attribute_options("a"),
                "fdw": _options("a.attfdwoptions"),
                "acl": "a.attacl",
            },
            _user_relations(
                "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
                "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            ),
        ),
    )


def _on_relations(session: Session) -> Iterator[tuple[str, _Kind]]:
    since = session.since
    yield (
        "policy",
        _Kind(
            "c.oid::regclass, '.', quote_ident(p.polname)",
            {
                "command": "p.polcmd",
                "permissive": since(100000, "p.polpermissive", "NULL"),
                "roles": "ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END "
                "FROM unnest(p.polroles) r ORDER BY 1)",
                "using": "pg_get_expr(p.polqual, p.polrelid)",
                "check": "pg_get_expr(p.polwithcheck, p.polrelid)",
            },
            _user_relations("JOIN pg_policy p ON p.polrelid = c.oid"),
        ),
    )
    yield (
        "rule",
        _Kind(
            "c.oid::regclass, '.', quote_ident(w.rulename)",
            {"enabled": "w.ev_enabled", "definition": "pg_get_ruledef(w.oid)"},
            _user_relations("JOIN pg_rewrite w ON w.ev_class = c.oid"),
        ),
    )
    parent = since(130000, "(SELECT p.tgrelid::regclass FROM pg_trigger p WHERE p.oid = t.tgparentid)", "NULL")
    yield (
        "trigger",
        _Kind(
            "c.oid::regclass, '.', quote_ident(t.tgname)",
            {"enabled": "t.tgenabled", "parent": parent, "definition": "pg_get_triggerdef(t.oid)"},
            _user_relations("JOIN pg_trigger t ON t.tgrelid = c.oid", "NOT t.tgisinternal"),
        ),
    )
    yield (
        "trigger of a constraint",  # their names hold OIDs
        _Kind(
            "c.oid::regclass, '.', quote_ident(con.conname)",
            {"type": "t.tgtype", "enabled": "t.tgenabled", "function": "t.tgfoid::regproc"},
            _user_relations(
                "JOIN pg_trigger t ON t.tgrelid = c.oid LEFT JOIN pg_constraint con ON con.oid = t.tgconstraint",
                "t.tgisinternal",
            ),
        ),
    )


def _constraints_and_indexes(session: Session) -> Iterator[tuple[str, _Kind]]:
    since = session.since
    facts = {
        "type": "x.contype",
        "definition": "pg_get_constraintdef(x.oid)",
        "deferrable": "x.condeferrable",
        "deferred": "x.condeferred",
        "validated": "x.convalidated",
        "enforced": since(180000, "x.conenforced", "NULL"),
        "local": "x.conislocal",
        "inherited": "x.coninhcount",
        "no_inherit": "x.connoinherit AND x.contype IN ('c', 'n')",  # of a key it says how it was attached, no more
        "period": since(180000, "x.conperiod", "NULL"),
        "parent": since(110000, "(SELECT p.conname FROM pg_constraint p WHERE p.oid = x.conparentid)", "NULL"),
        "index": "nullif(x.conindid, 0)::regclass",
        "operators": "x.conexclop::regoperator[]",
    }
    subject = "coalesce(nullif(x.conrelid, 0)::regclass::text, x.contypid::regtype::text), '.', quote_ident(x.conname)"
    yield (
        "constraint",
        _Kind(
            subject,
            facts,
            f"pg_constraint x JOIN pg_namespace n ON n.oid = x.connamespace WHERE {USER_SCHEMA} "
            "AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' AND "
            "(e.classid, e.objid) IN (('pg_catalog.pg_class'::regclass, x.conrelid), "
            "('pg_catalog.pg_type'::regclass, x.contypid)))",
        ),
    )
    yield (
        "index",
        _Kind(
            "i.indexrelid::regclass",
            {
                "definition": "pg_get_indexdef(i.indexrelid)",
                "unique": "i.indisunique",
                "primary": "i.indisprimary",
                "exclusion": "i.indisexclusion",
                "immediate": "i.indimmediate",
                "clustered": "i.indisclustered",
                "valid": "i.indisvalid",
                "ready": "i.indisready",
                "replica_identity": "i.indisreplident",
                "nulls_not_distinct": since(150000, "i.indnullsnotdistinct", "NULL"),
                "options": "i.indoption",
                "predicate": "pg_get_expr(i.indpred, i.indrelid)",
                "classes": "ARRAY(SELECT o.opcname FROM unnest(i.indclass::oid[]) WITH ORDINALITY k(id, place) "
                "JOIN pg_opclass o ON o.oid = k.id ORDER BY k.place)",
                "collations": "ARRAY(SELECT o.collname FROM unnest(i.indcollation::oid[]) WITH ORDINALITY k(id, place) "
                "LEFT JOIN pg_collation o ON o.oid = k.id ORDER BY k.place)",
            },
            _user_relations("JOIN pg_index i ON i.indrelid = c.oid"),
        ),
    )


def _types(session: Session) -> Iterator[tuple[str, _Kind]]:
    element = "(SELECT e.typname FROM pg_type e WHERE e.oid = x.typelem AND e.typarray = x.oid)"
    yield (
        "type",
        _Kind(
            "x.oid::regtype",
            {
                "kind": "x.typtype",
                "category": "x.typcategory",
                "preferred": "x.typispreferred",
                "defined": "x.typisdefined",
                "delimiter": "x.typdelim",
                "length": "x.typlen",
                "by_value": "x.typbyval",
                "alignment": "x.typalign",
                "storage": "x.typstorage",
                "element": element,
                "owner": "pg_get_userbyid(x.typowner)",
                "acl": "x.typacl",
                "input": "x.typinput",
                "base": "CASE WHEN x.typtype = 'd' THEN format_type(x.typbasetype, x.typtypmod) END",
                "not_null": "x.typnotnull",
                "default": "coalesce(pg_get_expr(x.typdefaultbin, 0), x.typdefault)",
                "collation": "(SELECT o.collname FROM pg_collation o WHERE o.oid = x.typcollation)",
                "labels": "CASE WHEN x.typtype = 'e' THEN ARRAY(SELECT l.enumlabel FROM pg_enum l "
                "WHERE l.enumtypid = x.oid ORDER BY l.enumsortorder) END",
            },
            _user("pg_type", "typnamespace"),
        ),
    )
    yield (
        "range type",
        _Kind(
            "x.oid::regtype",
            {
                "subtype": "g.rngsubtype::regtype",
                "multirange": session.since(140000, "g.rngmultitypid::regtype", "NULL"),
                "collation": "(SELECT o.collname FROM pg_collation o WHERE o.oid = g.rngcollation)",
                "class": "(SELECT o.opcname FROM pg_opclass o WHERE o.oid = g.rngsubopc)",
                "canonical": "g.rngcanonical",
                "difference": "g.rngsubdiff",
            },
            _user("pg_type", "typnamespace", "JOIN pg_range g ON g.rngtypid = x.oid"),
        ),
    )


def _routines(session: Session) -> Iterator[tuple[str, _Kind]]:
    since = session.since
    aggregate = since(110000, "x.prokind = 'a'", "x.proisagg")
    yield (
        "routine",
        _Kind(
            "x.oid::regprocedure",
            {
                "owner": "pg_get_userbyid(x.proowner)",
                "acl": "x.proacl",
                "kind": since(110000, "x.prokind", "row(x.proisagg, x.proiswindow)"),
                "definition": f"CASE WHEN NOT {aggregate} THEN pg_get_functiondef(x.oid) END",
                "result": "pg_get_function_result(x.oid)",
                "arguments": "pg_get_function_arguments(x.oid)",
                "volatility": "x.provolatile",
                "parallel": "x.proparallel",
                "strict": "x.proisstrict",
                "cost": "x.procost",
                "rows": "x.prorows",
                "settings": "x.proconfig",
            },
            _user("pg_proc", "pronamespace"),
        ),
    )
    modify = since(110000, "row(a.aggfinalmodify, a.aggmfinalmodify)", "NULL")
    yield (
        "aggregate",
        _Kind(
            "x.oid::regprocedure",
            {
                "kind": "a.aggkind",
                "direct": "a.aggnumdirectargs",
                "functions": "row(a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, "
                "a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)",
                "extra": "row(a.aggfinalextra, a.aggmfinalextra)",
                "modify": modify,
                "sort": "nullif(a.aggsortop, 0)::regoperator",
                "types": "row(a.aggtranstype::regtype, a.aggmtranstype::regtype)",
                "space": "row(a.aggtransspace, a.aggmtransspace)",
                "initial": "a.agginitval",
                "moving_initial": "a.aggminitval",
            },
            _user("pg_proc", "pronamespace", "JOIN pg_aggregate a ON a.aggfnoid = x.oid"),
        ),
    )


def _others(session: Session) -> Iterator[tuple[str, _Kind]]:
    since = session.since
    yield (
        "schema",
        _Kind(
            "quote_ident(n.nspname)",
            {"owner": "pg_get_userbyid(n.nspowner)", "acl": "n.nspacl"},
            f"pg_namespace n WHERE {USER_SCHEMA} AND {not_extension('pg_namespace', 'n')}",
        ),
    )
    if session.version >= 100000:
        yield (
            "statistics",
            _Kind(
                "quote_ident(n.nspname), '.', quote_ident(x.stxname)",
                {
                    "definition": "pg_get_statisticsobjdef(x.oid)",
                    "kinds": "x.stxkind",
                    "target": since(130000, "x.stxstattarget", "NULL"),
                    "owner": "pg_get_userbyid(x.stxowner)",
                },
                _user("pg_statistic_ext", "stxnamespace"),
            ),
        )
    # An extension's own comment is not the database's, and that on a constraint's trigger holds an OID.
    yield (
        "comment",
        _Kind(
            "pg_describe_object(d.classoid, d.objoid, d.objsubid)",
            {"text": "d.description"},
            f"pg_description d WHERE (d.objoid >= {FIRST_USER_OID} OR (d.classoid, d.objoid) IN "
            "(SELECT 'pg_catalog.pg_namespace'::regclass, n.oid FROM pg_namespace n WHERE n.nspname = 'public')) "
            "AND NOT EXISTS (SELECT FROM pg_depend e "
            "WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')",
        ),
    )
    yield (
        "security label",
        _Kind(
            "pg_describe_object(l.classoid, l.objoid, l.objsubid)",
            {"provider": "l.provider", "label": "l.label"},
            "pg_seclabel l",
        ),
    )
    yield (
        "default privileges",
        _Kind(
            "pg_get_userbyid(d.defaclrole)",
            {
                "schema": "(SELECT n.nspname FROM pg_namespace n WHERE n.oid = d.defaclnamespace)",
                "objects": "d.defaclobjtype",
                "acl": "d.defaclacl",
            },
            "pg_default_acl d",
        ),
    )
    yield (
        "extension",
        _Kind(
            "quote_ident(x.extname)",
            {
                "schema": "(SELECT n.nspname FROM pg_namespace n WHERE n.oid = x.extnamespace)",
                "version": "x.extversion",
                "owner": "pg_get_userbyid(x.extowner)",
                "members": "ARRAY(SELECT pg_describe_object(e.classid, e.objid, e.objsubid) FROM pg_depend e "
                "WHERE e.refclassid = 'pg_catalog.pg_extension'::regclass AND e.refobjid = x.oid AND e.deptype = 'e' "
                "ORDER BY 1)",
            },
            "pg_extension x",
        ),
    )
    yield (
        "user mapping",
        _Kind(
            "quote_ident(u.usename), ' on ', quote_ident(u.srvname)",
            {"options": f"md5(({_options('u.umoptions')})::text)"},
            "pg_user_mappings u",
        ),
    )


def _global(session: Session) -> Iterator[tuple[str, _Kind]]:
    """Yield the kinds of objects that lie in no schema, with what tells them apart."""
    facts = {
        "pg_am": {"handler": "x.amhandler", "kind": "x.amtype"},
        "pg_cast": {"function": "nullif(x.castfunc, 0)::regprocedure", "how": "row(x.castcontext, x.castmethod)"},
        "pg_event_trigger": {
            "event": "x.evtevent",
            "function": "x.evtfoid::regproc",
            "enabled": "x.evtenabled",
            "tags": "x.evttags",
        },
        "pg_foreign_data_wrapper": {
            "functions": "row(x.fdwhandler::regproc, x.fdwvalidator::regproc)",
            "options": f"md5(({_options('x.fdwoptions')})::text)",
            "acl": "x.fdwacl",
        },
        "pg_foreign_server": {
            "wrapper": "(SELECT w.fdwname FROM pg_foreign_data_wrapper w WHERE w.oid = x.srvfdw)",
            "type": "row(x.srvtype, x.srvversion)",
            "options": f"md5(({_options('x.srvoptions')})::text)",
            "acl": "x.srvacl",
        },
        "pg_language": {
            "functions": "row(x.lanplcallfoid::regproc, x.laninline::regproc, x.lanvalidator::regproc)",
            "trusted": "x.lanpltrusted",
            "acl": "x.lanacl",
        },
        "pg_transform": {"functions": "row(x.trffromsql::regprocedure, x.trftosql::regprocedure)"},
    }
    if session.version >= 100000:
        facts["pg_publication"] = {
            "all_tables": "x.puballtables",
            "what": "row(x.pubinsert, x.pubupdate, x.pubdelete)",
            "tables": "ARRAY(SELECT r.prrelid::regclass::text FROM pg_publication_rel r "
            "WHERE r.prpubid = x.oid ORDER BY 1)",
        }
    for catalog, values in facts.items():
        yield (
            catalog.removeprefix("pg_").replace("_", " "),
            _Kind(
                f"pg_describe_object('pg_catalog.{catalog}'::regclass, x.oid, 0)",
                values,
                f"{catalog} x WHERE x.oid >= {FIRST_USER_OID} AND {not_extension(catalog, 'x')}",
            ),
        )


def _in_schemas() -> Iterator[tuple[str, _Kind]]:
    """Yield the kinds of objects in schemas that the model has no place for."""
    facts = {
        ("pg_collation", "collnamespace"): {
            "encoding": "x.collencoding",
            "row": "to_jsonb(x) - 'oid' - 'collnamespace' - 'collowner' - 'collversion'",
        },
        ("pg_conversion", "connamespace"): {"function": "x.conproc", "default": "x.condefault"},
        ("pg_operator", "oprnamespace"): {
            "function": "x.oprcode",
            "commutator": "nullif(x.oprcom, 0)::regoperator",
            "negator": "nullif(x.oprnegate, 0)::regoperator",
            "estimators": "row(x.oprrest, x.oprjoin)",
            "merges": "row(x.oprcanmerge, x.oprcanhash)",
        },
        ("pg_opclass", "opcnamespace"): {
            "default": "x.opcdefault",
            "types": "row(x.opcintype::regtype, x.opckeytype::regtype)",
        },
        ("pg_opfamily", "opfnamespace"): {
            "operators": "ARRAY(SELECT a.amopopr::regoperator::text || a.amopstrategy FROM pg_amop a "
            "WHERE a.amopfamily = x.oid ORDER BY 1)",
            "functions": "ARRAY(SELECT a.amproc::regprocedure::text || a.amprocnum FROM pg_amproc a "
            "WHERE a.amprocfamily = x.oid ORDER BY 1)",
        },
        ("pg_ts_config", "cfgnamespace"): {
            "parser": "(SELECT p.prsname FROM pg_ts_parser p WHERE p.oid = x.cfgparser)",
            "dictionaries": "ARRAY(SELECT m.maptokentype || ':' || m.mapseqno || ':' || m.mapdict::regdictionary::text "
            "FROM pg_ts_config_map m WHERE m.mapcfg = x.oid ORDER BY 1)",
        },
        ("pg_ts_dict", "dictnamespace"): {
            "template": "(SELECT t.tmplname FROM pg_ts_template t WHERE t.oid = x.dicttemplate)",
            "options": "x.dictinitoption",
        },
        ("pg_ts_parser", "prsnamespace"): {"functions": "row(x.prsstart, x.prstoken, x.prsend, x.prslextype)"},
        ("pg_ts_template", "tmplnamespace"): {"functions": "row(x.tmplinit, x.tmpllexize)"},
    }
    for (catalog, schema), values in facts.items():
        described = f"pg_describe_object('pg_catalog.{catalog}'::regclass, x.oid, 0)"
        yield catalog.removeprefix("pg_").replace("_", " "), _Kind(described, values, _user(catalog, schema))
