"""Lines of schemas, statistics, extensions, comments and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, options, user
from planroom.engines.postgres.catalog.session import FIRST_USER_OID, USER_SCHEMA, not_extension

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield "schema", _schema()
    if session.version >= 100000:
        yield "statistics", _statistics(session)
    yield "comment", _comment()
    yield "security label", _security_label()
    yield "default privileges", _default_privileges()
    yield "extension", _extension()
    yield "user mapping", _user_mapping()


def _schema() -> Kind:
    return Kind(
        "quote_ident(n.nspname)",
        {"owner": "pg_get_userbyid(n.nspowner)", "acl": "n.nspacl"},
        f"pg_namespace n WHERE {USER_SCHEMA} AND {not_extension('pg_namespace', 'n')}",
    )


def _statistics(session: Session) -> Kind:
    since = session.since
    return Kind(
        "quote_ident(n.nspname), '.', quote_ident(x.stxname)",
        {
            "definition": "pg_get_statisticsobjdef(x.oid)",
            "kinds": "x.stxkind",
            "target": since(130000, "x.stxstattarget", "NULL"),
            "owner": "pg_get_userbyid(x.stxowner)",
        },
        user("pg_statistic_ext", "stxnamespace"),
    )


def _comment() -> Kind:
    # An extension's own comment is not the database's, and that on a constraint's trigger holds an OID.
    return Kind(
        "pg_describe_object(d.classoid, d.objoid, d.objsubid)",
        {"text": "d.description"},
        f"pg_description d WHERE (d.objoid >= {FIRST_USER_OID} OR (d.classoid, d.objoid) IN "
        "(SELECT 'pg_catalog.pg_namespace'::regclass, n.oid FROM pg_namespace n WHERE n.nspname = 'public')) "
        "AND NOT EXISTS (SELECT FROM pg_depend e "
        "WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')",
    )


def _security_label() -> Kind:
    return Kind(
        "pg_describe_object(l.classoid, l.objoid, l.objsubid)",
        {"provider": "l.provider", "label": "l.label"},
        "pg_seclabel l",
    )


def _default_privileges() -> Kind:
    return Kind(
        "pg_get_userbyid(d.defaclrole)",
        {
            "schema": "(SELECT n.nspname FROM pg_namespace n WHERE n.oid = d.defaclnamespace)",
            "objects": "d.defaclobjtype",
            "acl": "d.defaclacl",
        },
        "pg_default_acl d",
    )


def _extension() -> Kind:
    return Kind(
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
    )


def _user_mapping() -> Kind:
    return Kind(
        "quote_ident(u.usename), ' on ', quote_ident(u.srvname)",
        {"options": f"md5(({options('u.umoptions')})::text)"},
        "pg_user_mappings u",
    )
