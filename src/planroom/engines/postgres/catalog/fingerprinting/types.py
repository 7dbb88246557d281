"""Lines of types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, user

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield "type", _type()
    yield "range type", _range_type(session)


def _type() -> Kind:
    element = "(SELECT e.typname FROM pg_type e WHERE e.oid = x.typelem AND e.typarray = x.oid)"
    return Kind(
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
        user("pg_type", "typnamespace"),
    )


def _range_type(session: Session) -> Kind:
    since = session.since
    return Kind(
        "x.oid::regtype",
        {
            "subtype": "g.rngsubtype::regtype",
            "multirange": since(140000, "g.rngmultitypid::regtype", "NULL"),
            "collation": "(SELECT o.collname FROM pg_collation o WHERE o.oid = g.rngcollation)",
            "class": "(SELECT o.opcname FROM pg_opclass o WHERE o.oid = g.rngsubopc)",
            "canonical": "g.rngcanonical",
            "difference": "g.rngsubdiff",
        },
        user("pg_type", "typnamespace", "JOIN pg_range g ON g.rngtypid = x.oid"),
    )
