"""Lines of constraints and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, user_relations
from planroom.engines.postgres.catalog.session import USER_SCHEMA

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield "constraint", _constraint(session)
    yield "index", _index(session)


def _constraint(session: Session) -> Kind:
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
    return Kind(
        subject,
        facts,
        f"pg_constraint x JOIN pg_namespace n ON n.oid = x.connamespace WHERE {USER_SCHEMA} "
        "AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' AND "
        "(e.classid, e.objid) IN (('pg_catalog.pg_class'::regclass, x.conrelid), "
        "('pg_catalog.pg_type'::regclass, x.contypid)))",
    )


def _index(session: Session) -> Kind:
    since = session.since
    return Kind(
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
        user_relations("JOIN pg_index i ON i.indrelid = c.oid"),
    )
