"""Lines of what the model has no place for, in schemas and beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, options, user
from planroom.engines.postgres.catalog.session import FIRST_USER_OID, not_extension

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


_BESIDE_SCHEMAS = {
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
        "options": f"md5(({options('x.fdwoptions')})::text)",
        "acl": "x.fdwacl",
    },
    "pg_foreign_server": {
        "wrapper": "(SELECT w.fdwname FROM pg_foreign_data_wrapper w WHERE w.oid = x.srvfdw)",
        "type": "row(x.srvtype, x.srvversion)",
        "options": f"md5(({options('x.srvoptions')})::text)",
        "acl": "x.srvacl",
    },
    "pg_language": {
        "functions": "row(x.lanplcallfoid::regproc, x.laninline::regproc, x.lanvalidator::regproc)",
        "trusted": "x.lanpltrusted",
        "acl": "x.lanacl",
    },
    "pg_transform": {"functions": "row(x.trffromsql::regprocedure, x.trftosql::regprocedure)"},
}
_PUBLICATION = {
    "all_tables": "x.puballtables",
    "what": "row(x.pubinsert, x.pubupdate, x.pubdelete)",
    "tables": "ARRAY(SELECT r.prrelid::regclass::text FROM pg_publication_rel r WHERE r.prpubid = x.oid ORDER BY 1)",
}
_IN_SCHEMAS = {
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


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield from _beside_schemas(session)
    yield from _in_schemas()


def _beside_schemas(session: Session) -> Kinds:
    """Yield the kinds of objects that lie in no schema, with what tells them apart."""
    facts = {**_BESIDE_SCHEMAS, **({"pg_publication": _PUBLICATION} if session.version >= 100000 else {})}
    for catalog, values in facts.items():
        yield (
            catalog.removeprefix("pg_").replace("_", " "),
            Kind(
                f"pg_describe_object('pg_catalog.{catalog}'::regclass, x.oid, 0)",
                values,
                f"{catalog} x WHERE x.oid >= {FIRST_USER_OID} AND {not_extension(catalog, 'x')}",
            ),
        )


def _in_schemas() -> Kinds:
    """Yield the kinds of objects in schemas that the model has no place for."""
    for (catalog, schema), values in _IN_SCHEMAS.items():
        described = f"pg_describe_object('pg_catalog.{catalog}'::regclass, x.oid, 0)"
        yield catalog.removeprefix("pg_").replace("_", " "), Kind(described, values, user(catalog, schema))
