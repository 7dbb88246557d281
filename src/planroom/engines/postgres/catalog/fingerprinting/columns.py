"""Lines of the columns of relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, in_order, options, user_relations
from planroom.engines.postgres.catalog.session import attribute_options

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield "column", _column(session)


def _column(session: Session) -> Kind:
    since = session.since
    place = in_order(
        "pg_attribute", "b", "b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum AND NOT b.attisdropped"
    )
    return Kind(
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
            "fdw": options("a.attfdwoptions"),
            "acl": "a.attacl",
        },
        user_relations(
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        ),
    )
