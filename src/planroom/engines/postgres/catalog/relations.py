"""The user's tables and views as pg_class has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import options, relations
from planroom.model import qualified

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.session import Row, Session
    from planroom.model import ObjectId

__all__ = ["RelationRow", "relation_rows"]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """One row of pg_class, decoded; ``kind`` is relkind."""

    oid: int
    schema: str
    name: str
    kind: str
    unlogged: bool
    storage: tuple[tuple[str, str], ...]
    tablespace: str
    access_method: str
    replica_identity: str
    row_security: bool
    force_row_security: bool
    partition: bool
    bound: str
    of_type: str
    server: str
    populated: bool
    query: str

    @property
    def id(self) -> ObjectId:
        """The stable id."""
        return qualified(self.schema, self.name)


def relation_rows(session: Session) -> tuple[RelationRow, ...]:
    """Return the user's tables and views."""
    since = session.since
    rows = session.run(f"""
        SELECT r.id::int8, r.nspname, r.relname, r.relkind::text, r.relpersistence = 'u', r.reloptions,
               toast.reloptions, coalesce(ts.spcname, ''), coalesce(am.amname, ''), r.relreplident::text,
               r.relrowsecurity, r.relforcerowsecurity,
               {since(100000, "r.relispartition, coalesce(pg_get_expr(r.relpartbound, r.id), '')", "false, ''")},
               coalesce(tn.nspname, ''), coalesce(t.typname, ''), coalesce(s.srvname, ''), r.relispopulated,
               CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.id) ELSE '' END
        FROM {relations("rpvmf")} r
        LEFT JOIN pg_class toast ON toast.oid = r.reltoastrelid
        LEFT JOIN pg_tablespace ts ON ts.oid = r.reltablespace
        LEFT JOIN pg_am am ON am.oid = r.relam AND am.amname <> 'heap'
        LEFT JOIN pg_type t ON t.oid = r.reloftype
        LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
        LEFT JOIN pg_foreign_table ft ON ft.ftrelid = r.id
        LEFT JOIN pg_foreign_server s ON s.oid = ft.ftserver
        ORDER BY 2, 3""")
    return tuple(_relation_row(row) for row in rows)


def _relation_row(row: Row) -> RelationRow:
    oid, schema, name, kind, unlogged, storage, toast, tablespace, method, identity, security, force, *rest = row
    partition, bound, type_schema, type_name, server, populated, query = rest
    return RelationRow(
        oid=oid,
        schema=schema,
        name=name,
        kind=kind,
        unlogged=unlogged,
        storage=tuple(sorted((*options(storage), *options(toast, "toast.")))),
        tablespace=tablespace,
        access_method=method,
        replica_identity=identity,
        row_security=security,
        force_row_security=force,
        partition=partition,
        bound=bound,
        of_type=qualified(type_schema, type_name),
        server=server,
        populated=populated,
        query=query,
    )
