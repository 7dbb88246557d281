"""Lines of tables, views and the like, each as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting.kind import Kind, options, user_relations

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kinds
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["kinds"]


def kinds(session: Session) -> Kinds:
    """Yield the kinds."""
    yield "relation", _relation(session)
    yield "inheritance", _inheritance()
    yield "sequence", _sequence(session)
    yield "foreign table", _foreign_table()


def _relation(session: Session) -> Kind:
    since = session.since
    return Kind(
        "c.oid::regclass",
        {
            "kind": "c.relkind",
            "owner": "pg_get_userbyid(c.relowner)",
            "acl": "c.relacl",
            "persistence": "c.relpersistence",
            "options": options("c.reloptions"),
            "toast": options("toast.reloptions"),
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
        user_relations(
            "LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid LEFT JOIN pg_am am ON am.oid = c.relam "
            "LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace"
        ),
    )


def _inheritance() -> Kind:
    return Kind(
        "c.oid::regclass",
        {"parent": "h.inhparent::regclass", "place": "h.inhseqno"},
        user_relations("JOIN pg_inherits h ON h.inhrelid = c.oid"),
    )


def _sequence(session: Session) -> Kind:
    since = session.since
    counters = since(
        100000,
        "(SELECT row(s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle) "
        "FROM pg_sequence s WHERE s.seqrelid = c.oid)",
        "pg_sequence_parameters(c.oid)",
    )
    return Kind(
        "c.oid::regclass",
        {
            "counts": counters,
            "of": "d.refobjid::regclass",
            "column": "(SELECT a.attname FROM pg_attribute a "
            "WHERE a.attrelid = d.refobjid AND a.attnum = d.refobjsubid)",
            "tie": "d.deptype",
        },
        user_relations(
            "LEFT JOIN pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid "
            "AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')",
            "c.relkind = 'S'",
        ),
    )


def _foreign_table() -> Kind:
    return Kind(
        "c.oid::regclass",
        {
            "server": "(SELECT s.srvname FROM pg_foreign_server s WHERE s.oid = f.ftserver)",
            "options": options("f.ftoptions"),
        },
        user_relations("JOIN pg_foreign_table f ON f.ftrelid = c.oid"),
    )
